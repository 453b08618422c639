import { say } from '../../../../i18n/fr.ts';
import type { RightsWords } from './en.ts';

/** Correcting and being forgotten in French. */
export const rights: RightsWords = {
  skip: 'Aller au texte',
  head: 'Ce que nous avons sur vous',
  lede: 'Rectifiez ce qui est faux : cela compte aussitôt, et qui l’a reçu de nous en est informé.',
  nothing: 'Nous n’avons ni votre nom ni aucune de vos adresses.',
  correct: 'Rectifier',
  fix: {
    wrong: 'Cela ne peut pas figurer ici, rien n’a donc été modifié. Veuillez vérifier.',
    failed: 'L’enregistrement a échoué. Rien n’a changé ; veuillez réessayer dans une minute.',
    same: 'C’est déjà ce qui figure ici.',
  },
  asked: 'Vos demandes',
  kind: (r) =>
    r.kind === 'erase' ? 'Être oublié' : `Rectification : ${r.field ? say.your([r.field]) : 'vos données'}`,
  state: { open: 'en cours', done: 'terminé', partly: 'terminé en partie' },
  status: {
    open: 'C’est en cours.',
    done: 'C’est fait.',
    partly: 'C’est terminé, mais tous n’ont pas pu être informés. La raison figure ci-dessous.',
  },
  hereHead: (brand) => `Chez ${brand}`,
  hereDone: {
    correct: 'La nouvelle valeur compte, l’ancienne a disparu.',
    erase: 'Tout ce qui vous concerne est supprimé.',
  },
  hereOpen: 'Plus rien ne part à votre sujet. La suppression a lieu dès que rien n’est plus en route.',
  proof: ['Cela figure à la ', ' du registre signé, qui ne nomme personne.'],
  row: (n) => `ligne ${n}`,
  others: 'Qui l’a reçu de nous',
  nobody: 'Personne ne l’a reçu de nous, personne n’est donc informé.',
  waiting: (brand, when) => `sera informé par ${brand}, au plus tard le ${when}.`,
  told: {
    correct: {
      done: 'est à jour.',
      noWay: 'n’offre aucun moyen d’apprendre la nouvelle valeur.',
      refused: (reason) => `n’est pas mis à jour : ${reason}`,
    },
    erase: {
      done: 'l’a supprimé.',
      noWay: 'n’offre aucun moyen de le faire supprimer.',
      refused: (reason) => `le garde : ${reason}`,
    },
  },
  notTold: (reason) => `ne reçoit pas la nouvelle valeur. ${reason}`,
  clock: 'Quand, et à qui s’adresser',
  received: (day, due) => `Reçu le ${day}, à traiter avant la fin du ${due}.`,
  keep: 'Gardez l’adresse de cette page : rien d’autre n’y ramène.',
  complain: [
    'Une question, ou pas satisfait ? Écrivez à ',
    '. Vous pouvez aussi saisir votre autorité de protection des données.',
  ],
  back: 'Revenir à vos données',
  forget: {
    head: 'Être oublié',
    lede: 'Tout ce qui vous concerne ici est alors supprimé, et qui a reçu quelque chose de nous est prié de le supprimer aussi.',
    go: 'Être oublié',
    title: (brand) => `Être oublié chez ${brand} ?`,
    means: [
      'Vos conversations, fichiers, réponses et tout le reste vous concernant ici sont supprimés aussitôt. C’est sans retour.',
      'Une conversation ouverte en ce moment prend fin.',
    ],
    told: {
      api: (partner) => `${partner} est prié de supprimer ce qu’il a reçu.`,
      manual: (partner, brand) => `${partner} est prié par ${brand} de supprimer ce qu’il a reçu.`,
      none: (partner) => `${partner} garde ce qu’il a reçu : il n’offre aucun moyen de le faire supprimer.`,
    },
    nobody: 'Personne n’a rien reçu de nous à votre sujet, personne n’est donc informé.',
    stays:
      'Ce qui reste : des lignes du registre qui ne nomment personne et, si vous avez dit non à quelqu’un, une marque chiffrée de votre adresse, pour que votre non compte.',
    sure: 'M’oublier',
    leave: 'Ne rien faire',
  },
};

import type { CopyWords } from './en.ts';

/** A copy of everything in French. */
export const copy: CopyWords = {
  head: 'Une copie de tout',
  lede: 'Un fichier avec une page à lire et le même contenu pour les programmes (JSON) : ce que vous avez donné, vos conversations et fichiers, vos réponses, et qui a reçu quoi.',
  take: 'Télécharger ma copie',
  title: (brand) => `Ce que ${brand} a sur vous`,
  made: (when) => `Établie le ${when}. Le même contenu figure dans copy.json, pour d’autres programmes.`,
  profile: 'Sur vous',
  none: 'Rien.',
  source: (s) =>
    s.by === 'you'
      ? 'donné par vous'
      : s.by === 'account'
        ? `repris par vous de ${s.name}`
        : s.by === 'partner'
          ? `indiqué par ${s.name}`
          : `de ${s.name}`,
  said: 'Dit à votre sujet',
  kinds: {
    place: 'Où vous vivez',
    age: 'Votre âge',
    country: 'Pays de vos adresses réseau',
    under_age: 'Mineur',
    objected: 'Toute utilisation arrêtée',
    no_profiling: 'Profilage arrêté',
    revealed: 'Un agent a lu votre contact',
  },
  by: { self: 'par vous', operator: 'par l’entreprise', network: 'de votre connexion' },
  takenBack: 'retiré',
  foundBy: 'Ce par quoi on vous retrouve',
  found: (kind, proved) =>
    `${{ email: 'E-mail', phone: 'Téléphone', account: 'Un compte avec lequel vous vous êtes connecté' }[kind] ?? kind}${proved ? ', confirmé' : ''}`,
  signals: 'Signaux de vos navigateurs',
  chat: (n) => `Conversation ${n}`,
  recorded: (yes) => (yes ? 'Vous avez accepté l’enregistrement.' : 'Vous n’avez pas accepté l’enregistrement.'),
  device: 'Appareil',
  pages: 'Pages où vous étiez',
  you: 'Vous',
  ended: 'La conversation a pris fin.',
  mailed: (to) => `Une transcription a été envoyée à ${to}.`,
  rated: (score, words) => `Vous avez noté la conversation ${score} sur 5.${words && ` ${words}`}`,
  tooLarge: 'trop volumineux pour cette copie ; il est dans la conversation',
  answers: 'Vos réponses',
  events: {
    requested: 'demandé',
    deferred: 'pas maintenant',
    given_pending_confirm: 'oui, à confirmer',
    given: 'oui',
    renewed: 'oui, encore une fois',
    refused: 'non',
    withdrawn: 'oui retiré',
    revoked: 'oui terminé par l’entreprise',
    invalidated: 'oui déclaré nul',
    expired: 'oui expiré',
  },
  notice: (version) => `notice, version ${version}`,
  recipients: 'Qui l’a reçu, ou faisait l’objet d’une question',
  kept: 'Conservé',
  gave: 'Ce qu’il nous a indiqué',
  ledger: 'Qui a reçu quoi',
  requests: 'Vos demandes',
  row: (n) => `ligne ${n}`,
  rights: 'Vos droits',
  yours: (page) =>
    `Vous pouvez rectifier cela, retirer chaque oui, vous opposer et être oublié, sur ${page}. Avec proof-keys.json et la page /verify au même endroit, vous pouvez prouver ce qui a été envoyé.`,
  notHere: [
    'N’y figurent pas : ce qui concerne d’autres personnes, comme les notes que les agents s’écrivent et qui suivait une conversation ; les clés et jetons ; et les numéros retirés des messages, car ils ne sont conservés nulle part. Pour les notes, écrivez à ',
    '. Vous pouvez aussi saisir votre autorité de protection des données.',
  ],
};

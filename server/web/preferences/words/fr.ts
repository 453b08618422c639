import type { Reason } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import { start, whole } from '../../../i18n/en.ts';
import { counted, datesOf } from '../../../i18n/forms.ts';
import { marked, numbers, say } from '../../../i18n/fr.ts';
import { byName, placesIn } from '../../../i18n/rules.ts';
import { copy } from './copy/fr.ts';
import type { Words } from './en.ts';
import { rights } from './rights/fr.ts';

const dates = datesOf('fr');
const labels = (all: readonly Field[]): string => start(say.list(all.map((f) => say.label(f).toLowerCase())));
const placeName = placesIn(
  say.country,
  { 'US-CA': 'Californie', 'US-CO': 'Colorado', 'US-CT': 'Connecticut', 'US-UT': 'Utah', 'US-VA': 'Virginie' },
  'Ailleurs',
);
const died = (n: number): string =>
  n === 0
    ? ''
    : n === 1
      ? ' Un envoi en attente n’est pas parti.'
      : ` ${start(counted(n, '', numbers, 'envois'))} en attente ne sont pas partis.`;
const reasons: Record<Reason, string> = {
  no_consent: 'On ne vous a pas posé la question.',
  operator_posture_ask_first: 'On ne vous a pas posé la question.',
  awaiting_answer: 'Vous n’avez pas encore répondu.',
  refused: 'Vous avez dit non.',
  withdrawn: 'Vous avez repris votre oui.',
  scope_not_covered: 'Votre oui ne comprenait pas cela.',
  policy_version_stale: 'La notice a changé, votre ancien oui ne compte donc plus.',
  consent_expired: 'Votre oui a expiré.',
  opt_out_signal: 'Votre navigateur demande de ne rien partager.',
  restricted: 'Vous nous avez demandé d’arrêter cet usage.',
  objected: 'Vous nous avez demandé d’arrêter cet usage.',
  minor_needs_guardian: 'Nous ne transmettons pas les données des mineurs.',
  teen_needs_opt_in: 'Nous ne transmettons pas les données des mineurs.',
  special_needs_explicit: 'Cela demande un oui à part.',
  notice_not_served: 'On ne vous l’avait pas dit avant, cela reste donc ici.',
  connection_not_active: 'Le partenaire est injoignable pour le moment.',
  purpose_not_declared: 'Cela n’a jamais été annoncé et reste donc ici.',
  recipient_not_documented: 'Cela n’a jamais été annoncé et reste donc ici.',
  subject_erased: 'Tout à votre sujet a été effacé ici.',
  revoked_or_invalidated: 'Ce oui ne compte pas.',
  legal_obligation: 'La loi le demande.',
  service_provider_necessary: 'Nécessaire au service.',
  consent_granted: 'Vous avez dit oui.',
  opt_out_regime_default: 'On vous l’a dit, et vous n’avez pas dit non.',
};

const written: Words = {
  tag: 'fr',
  itself: 'Français',
  languages: 'Langue',
  country: say.country,
  languageName: dates.languageName,
  day: dates.day,
  stamp: dates.stamp,
  fields: labels,
  field: say.label,

  title: (brand) => `Vos données chez ${brand}`,
  skip: 'Aller à vos choix',
  head: 'Qui peut recevoir vos données',
  lede: (brand) =>
    `Rien à votre sujet ne sort du chat de ${brand} sans votre oui. Vous pouvez changer d’avis d’un seul geste, et le chat continue.`,
  notSaved: (what, on) =>
    `Votre changement n’a pas été enregistré. Réglage inchangé : ${what}, ${on ? 'activé' : 'désactivé'}.`,
  quoted: (s) => `« ${s} »`,
  saving: 'enregistre',
  again: (partner, second) =>
    `Rien n’est encore enregistré : ${
      second
        ? `vous aviez dit non à ${partner}, nous demandons donc deux fois.`
        : 'ce navigateur était nouveau pour nous, il est connu à présent.'
    } Appuyez encore une fois à côté de ${partner} pour dire oui.`,
  savedYes: (partner, fields) => `Enregistré : ${partner} peut recevoir ${say.your(fields)}.`,
  savedNo: (partner, stopped) => `Enregistré : ${partner} est désactivé.${died(stopped)}`,
  changeLost: 'Votre changement n’a pas été enregistré. Ce qui compte maintenant est indiqué ci-dessous.',
  unknown: (brand) => ({
    what: 'Nous ne connaissons pas ce navigateur.',
    more: `Si vous avez parlé avec ${brand}, ouvrez « Mes données chez ${brand} » dans le chat : cette page montre alors vos propres choix, et qui a reçu quoi. Un choix fait ici ne vaut que pour ce navigateur.`,
  }),
  honored: {
    asks: (signal) => `Votre navigateur demande aux sites de ne rien partager (${signal}).`,
    honored: 'Votre opposition est respectée :',
    late: 'le partage est désactivé.',
    first: 'le partage était désactivé dès votre première visite.',
    counts: 'Un oui donné plus bas ne vaut que pour ce partenaire.',
  },

  choices: 'Vos choix',
  forWhom: (known) =>
    `${known ? 'Pour la personne qui utilise ce navigateur.' : 'Pour ce navigateur.'} Aucun compte n’est nécessaire.`,
  noPartner: 'Aucun partenaire n’est relié. Rien n’est transmis.',
  eachSaved:
    'Chaque bouton est enregistré dès que vous le touchez. Un non compte aussitôt, même pour les données encore en attente.',
  sandboxTag: 'test',
  usesAi: 'utilise l’IA',
  state: { yes: 'Oui', no: 'Non', asked: 'Demandé', later: 'Pas maintenant', open: 'Pas demandé' },
  onlyBelow: 'Ne peut recevoir que ce qui est activé ci-dessous.',
  may: (fields, { on, receives }) =>
    receives
      ? `${on ? 'Est ajouté' : 'Serait ajouté'} : ${say.your(fields)}`
      : `${on ? 'Peut recevoir' : 'Recevrait'} ${say.your(fields)}`,
  because: ['. Pour quoi faire : ', '.'],
  leftOut: (saidNo, receives) =>
    `${saidNo ? 'Vous avez dit non' : 'Votre oui ne comprenait pas cela'}, ${receives ? 'rien n’est donc ajouté' : 'cela reste donc ici'}.`,
  silence: {
    partner: (partner) => `${partner} ne reçoit donc rien`,
    added: 'rien n’est donc ajouté',
    here: 'cela reste donc ici',
  },
  unanswered: (asked, silence) =>
    `${asked ? 'Vous n’avez pas encore répondu' : 'On ne vous a pas posé la question'}, ${silence}.`,
  saidLater: (at, silence) => `Vous avez dit « pas maintenant »${at}, ${silence}.`,
  saidYes: (at) => `Vous avez dit oui${at}.`,
  saidNo: (at) => `Vous avez dit non${at}.`,
  tookBack: (at) => `Vous avez repris votre oui${at}.`,
  at: (iso, now) => ` le ${dates.day(iso, now)} à ${say.clock(iso)}`,
  notBefore: (when) => `Nous ne le demanderons plus avant le ${when}.`,
  receipt: 'Reçu',
  receiptOf: (partner, fields) => `de votre réponse au sujet de ${partner} et de ce qui suit : ${say.your(fields)}`,
  noticeOf: (when, version) => `Notice du ${when}, version ${version}`,
  noticeAbout: (partner) => `à laquelle vous avez répondu au sujet de ${partner}`,
  notConnected: (partner) => `${partner} n’est pas relié en ce moment, rien n’est donc transmis.`,
  alreadyOut: (partner, fields, when) => `${partner} a déjà ${say.your(fields)}, depuis le ${when}.`,
  toldIt: {
    told: 'Le partenaire a été prévenu de ne plus s’en servir.',
    impossible: 'Le partenaire n’offre aucun moyen de lui dire que vous avez changé d’avis.',
    waiting: (by) => `Le partenaire sera prévenu d’ici le ${by} de ne plus s’en servir.`,
  },
  erase: [' Pour le faire effacer chez lui, écrivez à ', '.'],
  policy: 'Politique de confidentialité du partenaire',
  each: (partner) => `${partner}, chacun à part`,
  further: (fields, from) => `${start(say.your(fields))}${from ? `, d’après ${from}` : ''}`,
  sayNo: 'Dire non',
  sayNoTo: (partner) => `à ${partner}`,
  noMoreAsking: 'Alors personne ne vous le demandera plus.',
  factsLine: { kept: 'Conservation :', either: 'Le chat continue dans tous les cas.' },

  stopHead: 'Arrêter des usages de vos données',
  stopLede: 'Vous pouvez vous y opposer à tout moment, sans raison.',
  stops: {
    all: {
      name: 'Arrêter tout profilage et toute prospection',
      means:
        'Alors personne ne reçoit rien à votre sujet, même là où vous avez dit oui plus haut. Seul continue ce qu’un contrat avec vous exige ou ce que la loi demande.',
    },
    profiling: {
      name: 'Pas de profilage',
      means:
        'Alors personne ne reçoit ce que vous faites sur nos pages, et rien ne sert à vous juger ni à vous adapter des offres.',
    },
  },
  stopped: (on) => (on ? 'Arrêté' : 'Pas arrêté'),
  saidStop: (what, on, stopped) =>
    on
      ? `Enregistré : ${what === 'all' ? 'tout cela est arrêté' : 'le profilage est arrêté'}.${died(stopped)}`
      : `Enregistré : ${what === 'all' ? 'vos choix ci-dessus comptent de nouveau' : 'le profilage n’est plus arrêté'}.`,

  about: 'À votre sujet, si vous le souhaitez',
  aboutLede: 'Cela décide de la loi qui vous protège ici. Cela reste ici, et vous pouvez le changer ou le retirer.',
  aboutSeen: (countries) =>
    `Nous tenons aussi compte de votre adresse réseau (${say.list(countries)}) : de toutes les lois qui peuvent vous protéger, la plus stricte décide, quoi que vous disiez. Nous conservons ${countries.length === 1 ? 'le pays' : 'les pays'}, pas l’adresse.`,
  place: 'Où habitez-vous ?',
  placeName,
  age: 'Quel âge avez-vous ?',
  ages: {
    under_13: 'J’ai moins de 13 ans',
    '13_to_15': 'J’ai 13, 14 ou 15 ans',
    '16_or_over': 'J’ai 16 ans ou plus',
  },
  ratherNot: 'Je préfère ne pas le dire',
  save: 'Enregistrer',
  aboutSaved: 'Enregistré. Cela compte à partir de maintenant.',

  history: 'Qui a reçu quoi',
  left: 'Les 12 derniers mois, le plus récent d’abord.',
  nobodyGot: 'Personne n’a reçu de données à votre sujet ces 12 derniers mois.',
  columns: { when: 'Quand', who: 'Qui', what: 'Quoi', result: 'Résultat' },
  results: {
    sent: 'Envoyé',
    refused: 'Envoyé, pas accepté',
    open: 'En cours d’envoi',
    unknown: 'Peut-être envoyé',
    failed: 'Pas envoyé',
    aborted: 'Arrêté',
    withheld: 'Retenu',
  },
  never: { when: '12 mois', what: 'Rien', result: 'Jamais envoyé' },
  stayed: (fields, why, name) =>
    `${fields} : ${(why.startsWith(name) ? why : why.charAt(0).toLowerCase() + why.slice(1)).replace(/\.$/, '')}`,
  reason: (reason, partner, saidNo = false) => {
    if (saidNo && reason === 'scope_not_covered') return reasons.refused;
    return reason === 'connection_not_active' ? `${partner} est injoignable pour le moment.` : reasons[reason];
  },

  proof: 'Mes clés de preuve',
  proofLede: [
    'Chaque réponse et chaque envoi figurent dans un registre signé qui ne nomme personne. Vos clés de preuve ouvrent les lignes à votre sujet : avec un reçu et ',
    ', vous pouvez montrer ce qui a été envoyé, et sur quelle réponse. Qui possède ce fichier peut lire ces lignes, gardez-le donc pour vous.',
  ],
  checkPage: 'la page de vérification',
  takeProof: 'Télécharger mes clés de preuve',

  addressHead: 'Tout désactiver pour une adresse',
  addressLede: (brand) =>
    whole(
      `Pour votre adresse e-mail ou votre numéro de téléphone, même si vous n’avez jamais parlé avec ${brand} ou si vous utilisez un autre navigateur. Nous ne tenons pas de liste d’adresses pour cela, seulement une marque formée avec une clé, qui nous fait reconnaître la vôtre.`,
    ),
  addressSaved:
    'Enregistré : qui écrit dans le chat avec cette adresse ne la partage avec personne, sauf en disant oui.',
  address: whole('Votre adresse e-mail ou numéro de téléphone'),
  addressWrong: whole(
    'Ce n’est pas une adresse e-mail ou un numéro de téléphone complets, rien n’a donc été enregistré. Un numéro de l’étranger commence par + et l’indicatif du pays.',
  ),
  addressFailed: 'Cela n’a pas pu être enregistré. Rien n’a changé ; merci de réessayer dans une minute.',
  everywhere: 'Aussi pour toutes les autres marques à cette adresse internet',
  allOff: 'Tout désactiver',

  decides: (brand) => `Comment ${brand} décide`,
  decidesLede: (brand) => `${brand} a choisi ces règles. Pour le reste, les plus strictes comptent.`,
  decidesUnread: 'Les règles ne peuvent pas être lues en ce moment, rien n’est donc transmis.',
  since: (when) => `Depuis le ${when}.`,
  rules: {
    switches: {
      signalStopsAllConsentSharing:
        'Si votre navigateur demande aux sites de ne rien partager, seule la vente s’arrête ici. Ce à quoi vous aviez dit oui continue.',
      askedMeansWait:
        'Une question à laquelle vous n’avez pas encore répondu ne change rien : ce qui peut être transmis sans oui peut toujours l’être.',
      optOutDefaultEnabled:
        'Là où la loi le permet, vos données peuvent être transmises une fois l’information donnée, jusqu’à votre non. Un non compte aussitôt.',
      refusalStopsProcessors:
        'Un non n’arrête pas les entreprises qui travaillent seulement pour nous : elles reçoivent ce que notre contrat avec vous exige.',
      dntActsLikeGpc: 'Si votre navigateur envoie Do Not Track, cela compte comme un souhait de ne rien partager.',
      childDirected:
        'Nos pages sont destinées aux enfants : qui ne dit rien de son âge est considéré ici comme mineur.',
      maskCards: 'Les numéros de carte restent ici dans les messages du chat : n’en écrivez pas.',
      maskBanks: 'Les numéros de compte bancaire restent ici dans les messages du chat : n’en écrivez pas.',
      maskSocial: 'Les numéros de sécurité sociale restent ici dans les messages du chat : n’en écrivez pas.',
    },
    from13: 'Dès 13 ans, vous dites oui vous-même, sauf si nous savons que la loi de votre lieu de vie exige plus.',
    serves: (places, agree) =>
      `Nous nous adressons à ces lieux : ${say.list(byName(places, placeName, 'fr').map(placeName))}.${agree ? '' : ' Leurs lois diffèrent, la plus stricte compte donc pour tous.'}`,
  },

  askUs: [
    'Une question, ou une demande que cette page ne propose pas ? Écrivez à ',
    '. Vous pouvez aussi vous plaindre auprès de votre autorité de protection des données.',
  ],
  notice: (when) => `Notice du ${when}`,
  noNotice: 'Pas encore de notice',
  version: (n) => `version ${n}. Tenu par askfirst.`,

  noticeTitle: (brand) => `Notice de ${brand}`,
  noticeLede: (brand) => `Rien à votre sujet ne sort du chat de ${brand} sans votre oui.`,
  noticeEmpty: 'Aucun partenaire n’était relié alors, personne ne pouvait donc rien recevoir.',
  sameIn: ['La même chose en ', '.'],
  versionIn: (version, language) => `Version ${version}, ${language}. Nom dans les reçus :`,
  rights,
  copy,

  prove: {
    head: 'Voir vos propres données',
    lede: (brand) =>
      whole(
        `Avez-vous donné votre e-mail à ${brand} dans un chat ? Nous vous envoyons un lien qui montre ici vos propres choix, et qui a reçu quoi. Nous ne demandons rien d’autre.`,
      ),
    email: whole('Votre adresse e-mail'),
    send: 'M’envoyer un lien',
    asked:
      'Si cette adresse a été donnée dans un chat ici, un lien est en route vers elle. Il fonctionne une fois, pendant une heure ; nous en envoyons trois par heure au plus.',
    wrong: whole('Ce n’est pas une adresse e-mail complète, rien n’a donc été envoyé.'),
    once: 'Ce lien fonctionne une fois. Appuyez sur le bouton : ce navigateur montre alors vos propres choix, et qui a reçu quoi ces 12 derniers mois. Il reste connu pendant un jour, utilisez donc votre propre appareil.',
    show: 'Montrer mes données',
    dead: 'Ce lien ne fonctionne plus',
    deadLede:
      'Il a déjà été utilisé, il est trop ancien, ou il en manque une partie. Vous pouvez en recevoir un nouveau.',
    back: 'Vers la page sans lien',
  },
};

/** The visitor's own pages in French, with "vous". */
export const words: Words = marked(written);

import { start, whole } from '../../../i18n/en.ts';
import { counted } from '../../../i18n/forms.ts';
import { marked, maskedWords, numbers, say } from '../../../i18n/fr.ts';
import type { EntryOf } from '../log.ts';
import type { Words } from './en.ts';

const ratings = { 1: 'Mauvais', 2: 'Pas très bien', 3: 'Correct', 4: 'Bien', 5: 'Très bien' } as const;
const keywords = {
  stop: ({ wrote = 'STOP' }: EntryOf<'keyword'>) =>
    `Vous avez écrit ${wrote} : plus rien à votre sujet ne va à un partenaire, et nous ne vous écrivons plus. Le chat continue.`,
  start: () => 'Vous avez écrit START : nous vous demandons de nouveau, et rien n’est transmis avant votre oui.',
  help: () =>
    'Écrivez STOP, et rien à votre sujet ne va à un partenaire. Écrivez START pour que l’on vous demande de nouveau. « Mes données » montre ce qui a déjà été transmis.',
} as const;
const forYou = {
  guardian: 'La personne responsable de vous a dit oui : ',
  authorised_agent: 'La personne qui agit pour vous a dit oui : ',
  agent_attested: 'Noté d’après vos paroles, pour un jour : ',
} as const;

const written: Words = {
  tag: 'fr',
  title: (brand) => `Chat avec ${brand}`,
  noScript: (brand) => `Le chat avec ${brand} a besoin de JavaScript.`,
  keeps: (brand) => `${brand} conserve ce que vous écrivez pour vous répondre.`,
  clock: say.clock,
  hello: 'Comment pouvons-nous vous aider ?',
  message: 'Votre message',
  writeHere: 'Votre message',
  aboutYou: 'À votre sujet, si vous le souhaitez',
  optional: 'facultatif',
  name: 'Nom',
  email: 'E-mail',
  phone: 'Téléphone',
  staysHere: 'Rien n’est transmis sans votre oui.',
  send: 'Envoyer',
  sending: 'Envoi en cours',
  onceMore: (partner) =>
    `Pas encore enregistré : vous aviez dit non à ${partner}. Pour en être sûrs, merci de dire oui encore une fois.`,
  somebodyElse: 'Une autre personne est maintenant connectée sur ce site : un nouveau chat commence ici.',
  unsentBegin: 'Ceci n’a pas encore été envoyé. Relisez-le et envoyez-le.',
  empty: 'Écrivez d’abord un message.',
  tooLong: (n, max) =>
    `Ce texte a ${say.number(n)} caractères ; la limite est de ${say.number(max)}. Raccourcissez-le un peu.`,
  fillFrom: (partner, sandbox) => `Remplir avec ${partner}${sandbox ? ' (test)' : ''}`,
  from: (partner, sandbox) => `de ${partner}${sandbox ? ' (test)' : ''}`,
  filling: (partner) => `Continuez chez ${partner} dans l’autre onglet. Ce que vous y choisissez arrive ici.`,
  filled: (partner) => `Rempli avec ${partner}.`,
  nobodyHere: 'Il n’y a personne pour le moment.',
  back: (brand, when) => `${brand} sera de retour ${when}, à votre heure.`,
  leaveMessage: 'Laissez un message : il est conservé, et la réponse arrive ici.',
  reachYou: {
    optional: 'facultatif, pour une réponse après votre départ',
    needed: 'nécessaire, pour une réponse après votre départ',
  },
  needEmail: whole(
    'Merci d’indiquer une adresse e-mail : il n’y a personne pour le moment, et sans elle une réponse risque de ne jamais vous parvenir.',
  ),
  when: (at, days) =>
    `${days === 0 ? 'aujourd’hui' : days === 1 ? 'demain' : days < 7 ? say.weekday(at) : `le ${say.weekday(at)} ${say.date(at)}`} à ${say.clock(at)}`,
  backThen: (when) => `De retour ${when}`,
  badEmail: (needed) =>
    whole(
      `Cela ne ressemble pas à une adresse e-mail. Il faut une forme comme nom@example.com${needed ? '' : ', ou laisser vide'}.`,
    ),
  badPhone: (needed) =>
    `Un numéro de téléphone se compose de chiffres, avec + devant si vous voulez.${needed ? '' : ' Il peut rester vide.'}`,
  isNeeded: 'nécessaire',
  aboutYouNeeded: 'À votre sujet',
  needed: {
    name: 'Merci d’écrire votre nom, pour que nous sachions à qui répondre.',
    email: whole('Merci d’écrire votre adresse e-mail, pour que nous puissions vous répondre.'),
    phone: 'Merci d’écrire votre numéro de téléphone, pour que nous puissions vous joindre.',
  },
  privacy: 'Politique de confidentialité',
  terms: 'Conditions',
  mayRecord: (brand, what) => `${brand} peut-il utiliser ce qui se dit dans ce chat ? Pour quoi faire : ${what}.`,
  recordHint: 'Le chat continue dans tous les cas. Sans réponse, c’est non.',
  wrongForm:
    'Le formulaire n’a pas pu être accepté tel quel. Relisez-le, ou rechargez la page : il demande peut-être autre chose à présent. Ce que vous avez écrit reste là.',

  close: 'Fermer',
  here: (agent) => `${agent} est là`,
  writing: (agent) => `${agent} écrit`,
  seen: (at) => (at ? `Vu à ${say.clock(at)}` : 'Vu'),
  opening: 'Ouverture de votre chat',
  offline: (since) => `Hors ligne depuis ${say.clock(since)}, nouvel essai en cours`,
  again: 'De nouveau en ligne.',
  newMessages: (n) => `${start(counted(n, 'un nouveau message', numbers, 'nouveaux messages'))}.`,
  log: 'Conversation',
  you: 'Vous',
  masked: maskedWords,
  files: {
    attach: 'Joindre un fichier',
    toSend: 'Fichiers à envoyer',
    remove: 'Retirer',
    download: 'Télécharger',
    cancel: 'Annuler',
    sending: (name) => `Envoi de ${name}`,
    unreadable: 'Ce fichier n’a pas pu être lu.',
    refusals: {
      empty: 'Ce fichier est vide, il n’y a donc rien à envoyer.',
      large: 'Ce fichier dépasse 10 Mo. Un fichier plus petit peut être envoyé.',
      type: 'Ce type de fichier ne peut pas être envoyé. Les images PNG, JPEG, GIF et WebP, les PDF et le texte simple (.txt, .log) le peuvent.',
      pixels: 'Cette image dépasse 25 mégapixels. Une fois réduite, elle peut être envoyée.',
      full: 'Ce chat ne peut plus recevoir de fichiers.',
    },
    size: (bytes) => say.size(bytes, ['octets', 'ko', 'Mo']),
  },
  waiting: 'en attente',
  notSent: 'Pas envoyé.',
  sendAgain: 'Renvoyer',
  remove: 'Retirer',
  ended: 'Ce chat est terminé.',
  endedBy: (entry) =>
    entry.by === 'visitor' ? 'Vous avez terminé le chat.' : `${entry.name ?? 'Le service client'} a terminé le chat.`,
  overNow: 'Ce chat est terminé. Écrivez de nouveau dans les 24 heures, et il continue.',
  end: 'Terminer le chat',
  endAsk: 'Terminer ce chat ? Vous pouvez en garder une copie, et continuer en écrivant de nouveau dans les 24 heures.',
  endUnsent:
    'Tout n’est pas encore parti, le chat continue donc. Attendez, renvoyez ou retirez ce qui reste, puis terminez le chat.',
  pickedFirst: 'Vous avez choisi un fichier qui n’est pas encore envoyé. Envoyez-le ou retirez-le d’abord.',
  goOn: 'Continuer le chat',
  copy: 'Copie de ce chat',
  copyShort: 'Copie',
  ofThisChat: 'de ce chat',
  closeCopy: 'Fermer la copie',
  mailTo: whole('Envoyer par e-mail à'),
  mailIt: whole('Envoyer par e-mail'),
  mailed: (to) => `Une transcription est en route vers ${to}.`,
  mailedOften: 'Le nombre d’envois possibles est atteint pour l’instant. Vous pouvez copier le texte ci-dessus.',
  mailStopped:
    'Vous nous avez demandé d’arrêter, nous ne vous envoyons donc rien. Écrivez d’abord START, ou copiez le texte ci-dessus.',
  howWas: 'Comment s’est passé ce chat ?',
  comment: 'Quelque chose à ajouter ?',
  sendRating: 'Envoyer',
  skip: 'Passer',
  ratings,
  rated: (score) => `Vous avez dit : ${score}, ${ratings[score].toLowerCase()}.`,
  notAsked: 'Cela n’est plus demandé, rien n’a donc été enregistré.',
  startNew: 'Commencer un nouveau chat',
  myData: (brand) => `Mes données chez ${brand}`,
  blocked: 'Le navigateur n’a pas ouvert de nouvel onglet. Autorisez-le pour cette page et réessayez.',

  loadingQuestion: (partner) => `Une question au sujet de ${partner} arrive.`,
  noQuestion: (partner) =>
    `Une question au sujet de ${partner} n’a pas pu être chargée. Rien n’est transmis entre-temps.`,
  goneQuestion: (partner) => `La question au sujet de ${partner} a été retirée. Rien n’a été transmis.`,
  tryAgain: 'Réessayer',
  mayGet: (q) => {
    const what = q.fields.length === 1 && q.fields[0] ? say.your([q.fields[0].field]) : 'ces informations';
    if (q.receives) return `Pouvons-nous ajouter ${what} d’après ${q.partner} ?`;
    return `${q.partner} peut-il recevoir ${what} ?`;
  },
  reasonInHead: false,
  factsLine: { kept: 'Conservation :', either: 'Le chat continue dans tous les cas.' },
  sandboxTag: 'test',
  sandbox: 'Ceci est un environnement de test pour essayer : rien ne parvient au vrai partenaire.',
  fieldName: (field) => say.label(field),
  notGiven: 'pas encore donné',
  allSaid: 'tout ce que vous avez écrit l’un et l’autre dans ce chat',
  saidBefore: { yes: 'vous avez dit oui', no: 'vous avez dit non' },
  yes: 'Oui',
  no: 'Non',
  answer: 'Répondre',
  saving: 'Envoi',
  notNow: 'Pas maintenant',
  leaveIt: 'Laisser tel quel',
  what: 'De quoi s’agit-il ?',
  country: say.country,
  whoGets: 'Qui le reçoit',
  whoKnows: 'D’où cela vient',
  untilBack: 'jusqu’à ce que vous repreniez votre oui',
  usesAi: 'utilise l’IA',
  where: 'Où',
  colon: ' :',
  why: 'Pour quoi faire',
  howLong: 'Combien de temps',
  policy: 'Leur politique de confidentialité',
  honored:
    'Votre opposition est respectée : votre navigateur demande aux sites de ne rien partager, donc rien n’est transmis sauf si vous dites oui ici à un partenaire.',
  conflict: (partner) =>
    `Votre navigateur demande aux sites de ne rien partager. Un oui ici ne vaut que pour ${partner}.`,
  changed: ({ partner, changed }) =>
    changed && 'fields' in changed
      ? `Quelque chose a changé : ${partner} recevrait maintenant aussi ${say.your(changed.fields)}. Ce que vous avez dit avant vaut toujours pour le reste.`
      : 'Ce texte a changé depuis votre oui, votre ancien oui ne compte donc plus.',
  openUnanswered: 'Ce que vous laissez ouvert compte comme « pas maintenant ».',
  notSaved: 'Votre réponse n’a pas été enregistrée, c’est donc non pour l’instant.',
  ranOut: 'Cette question avait expiré, rien n’a donc été enregistré. La voici de nouveau.',
  newWords: 'Le texte de cette question a changé, la voici donc de nouveau. Rien n’a été enregistré.',
  arrived: (q) => `Une question dans le chat : ${written.mayGet(q)}`,

  laterHolds: (entry) => `Pas maintenant, donc. Ce que vous avez dit au sujet de ${entry.partner} vaut toujours.`,
  later: 'Pas maintenant, donc. Nous ne le demanderons plus dans ce chat.',
  nothing: ({ partner, receives }) =>
    `Compris : ${receives ? `rien n’est ajouté de ${partner}` : `${partner} ne reçoit rien`}. Le chat continue.`,
  done: ({ partner, receives, by }) =>
    `${by ? forYou[by] : 'C’est noté : '}${receives ? `de ${partner}, nous ajoutons ` : `${partner} peut recevoir `}`,
  yourFields: (fields) => say.your(fields),
  notFields: (fields) => `pas ${say.your(fields)}`,
  receipt: 'Reçu',
  change: 'Modifier',
  status: (entry) => {
    const said = [...entry.yes.map((f) => `${say.label(f)} oui`), ...entry.no.map((f) => `${say.label(f)} non`)];
    return `${entry.partner} : ${said.join(', ') || 'pas maintenant'}.`;
  },
  off: (partner) => `${partner} est désactivé.`,
  offInPart: (partner) => `${partner} est désactivé pour un usage. Ce que vous avez dit des autres reste valable.`,
  told: (entry) => {
    if (entry.kind === 'keyword') return keywords[entry.word](entry);
    if (entry.kind === 'objected' && !entry.on)
      return entry.what === 'all'
        ? 'Vous ne vous opposez plus : vos choix comptent de nouveau.'
        : 'Le profilage n’est plus arrêté.';
    if (entry.kind === 'under_age' && !entry.on) return 'Votre âge n’arrête plus rien. Nous vous demandons de nouveau.';
    return [toldOn(entry), written.stoppedToo(entry)].filter(Boolean).join(' ');
  },
  stoppedToo: ({ stopped, alreadyOut }) =>
    [
      stopped === 1 && 'Un envoi en attente n’est pas parti.',
      stopped > 1 && `${start(counted(stopped, '', numbers, 'envois'))} en attente ne sont pas partis.`,
      alreadyOut > 0 && 'Ce qui avait été transmis avant figure dans « Mes données ».',
    ]
      .filter(Boolean)
      .join(' '),
  shared: (entry) =>
    entry.state === 'sent'
      ? `${entry.partner} a reçu ${say.your(entry.fields)}.`
      : `Nous ne savons pas encore si ${entry.partner} a reçu ${say.your(entry.fields)}.`,

  noAnswer: 'Le chat ne répond pas. Il réessaie de lui-même ; rien de ce que vous avez écrit n’est perdu.',
  noAnswerBegin:
    'Le chat ne répond pas pour le moment. Rien de ce que vous avez écrit n’est perdu ; renvoyez-le dans un instant.',
  tooMany: 'C’était beaucoup à la fois. Attendez un peu et réessayez.',
  cannotStore: 'Le chat ne peut rien enregistrer pour le moment. Réessayez dans une minute.',
  notHere: 'Ce chat n’est pas proposé sur cette page.',
  wentWrong: 'Quelque chose n’a pas marché ici. Réessayez.',
};

function toldOn(entry: EntryOf<'objected'> | EntryOf<'under_age'>): string {
  if (entry.kind === 'under_age')
    return entry.by
      ? 'Nous supposons que vous n’avez pas l’âge requis, rien à votre sujet n’est donc partagé.'
      : 'Vous nous avez dit que vous n’avez pas l’âge requis, vos oui d’avant ne comptent donc plus.';
  return entry.what === 'all'
    ? 'Vous avez arrêté tout profilage et toute prospection : rien à votre sujet n’est partagé pour cela.'
    : 'Vous avez arrêté le profilage.';
}

/** The widget in French, with "vous". */
export const words: Words = marked(written);

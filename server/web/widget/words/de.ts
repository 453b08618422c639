import { maskedWords, numbers, say } from '../../../i18n/de.ts';
import { start, whole } from '../../../i18n/en.ts';
import { counted } from '../../../i18n/forms.ts';
import type { EntryOf } from '../log.ts';
import type { Words } from './en.ts';

const ratings = { 1: 'Schlecht', 2: 'Nicht so gut', 3: 'In Ordnung', 4: 'Gut', 5: 'Sehr gut' } as const;
const keywords = {
  stop: ({ wrote = 'STOP' }: EntryOf<'keyword'>) =>
    `Sie haben ${wrote} geschrieben: Nichts über Sie geht mehr an einen Partner, und wir schreiben Ihnen keine Mails mehr. Der Chat geht weiter.`,
  start: () =>
    'Sie haben START geschrieben: Sie werden neu gefragt, und nichts wird weitergegeben, bevor Sie Ja gesagt haben.',
  help: () =>
    'Schreiben Sie STOP, und nichts über Sie geht an einen Partner. Schreiben Sie START, um neu gefragt zu werden. Unter „Meine Daten“ steht, was schon weitergegeben wurde.',
} as const;
const forYou = {
  guardian: 'Ihr Vormund hat Ja gesagt. ',
  authorised_agent: 'Jemand hat für Sie Ja gesagt. ',
  agent_attested: 'Vermerkt nach Ihren Worten, für einen Tag. ',
} as const;

/** The widget in German, with "Sie". */
export const words: Words = {
  tag: 'de',
  title: (brand) => `Chat mit ${brand}`,
  noScript: (brand) => `Der Chat mit ${brand} braucht JavaScript.`,
  keeps: (brand) => `${brand} bewahrt auf, was Sie schreiben, um Ihnen zu antworten.`,
  clock: say.clock,
  hello: 'Wie können wir helfen?',
  message: 'Ihre Nachricht',
  writeHere: 'Ihre Nachricht',
  aboutYou: 'Über Sie, wenn Sie möchten',
  optional: 'freiwillig',
  name: 'Name',
  email: 'E-Mail',
  phone: 'Telefon',
  staysHere: 'Nichts wird weitergegeben, außer Sie sagen Ja.',
  send: 'Senden',
  sending: 'Wird gesendet',
  onceMore: (partner) =>
    `Noch nicht gespeichert: Zu ${partner} haben Sie vorher Nein gesagt. Bitte sagen Sie zur Sicherheit noch einmal Ja.`,
  somebodyElse: 'Sie sind jetzt als jemand anderes angemeldet, deshalb beginnt hier ein neuer Chat.',
  unsentBegin: 'Das wurde noch nicht gesendet. Sehen Sie es durch und senden Sie es ab.',
  empty: 'Schreiben Sie zuerst eine Nachricht.',
  tooLong: (n, max) =>
    `Das sind ${say.number(n)} Zeichen; bis zu ${say.number(max)} passen. Kürzen Sie den Text ein wenig.`,
  fillFrom: (partner, sandbox) => `Ausfüllen mit ${partner}${sandbox ? ' (Testumgebung)' : ''}`,
  from: (partner, sandbox) => `von ${partner}${sandbox ? ' (Testumgebung)' : ''}`,
  filling: (partner) => `Weiter geht es bei ${partner} im anderen Tab. Was Sie dort auswählen, erscheint hier.`,
  filled: (partner) => `Ausgefüllt mit Angaben von ${partner}.`,
  nobodyHere: 'Gerade ist niemand hier.',
  back: (brand, when) => `${brand} ist ${when} wieder da, nach Ihrer Uhrzeit.`,
  leaveMessage: 'Hinterlassen Sie eine Nachricht: Sie wird aufbewahrt, und die Antwort erscheint hier.',
  reachYou: {
    optional: 'freiwillig, für eine Antwort, wenn Sie schon weg sind',
    needed: 'nötig, für eine Antwort, wenn Sie schon weg sind',
  },
  needEmail: whole(
    'Bitte geben Sie eine E-Mail-Adresse an: Gerade ist niemand hier, und ohne sie erreicht Sie vielleicht keine Antwort.',
  ),
  when: (at, days) => {
    const day =
      days === 0 ? 'heute' : days === 1 ? 'morgen' : `am ${say.weekday(at)}${days < 7 ? '' : `, ${say.date(at)},`}`;
    return `${day} um ${say.clock(at)} Uhr`;
  },
  backThen: (when) => `Wieder da ${when}`,
  badEmail: (needed) =>
    whole(
      `Das sieht nicht wie eine E-Mail-Adresse aus. Sie braucht eine Form wie name@example.com${needed ? '' : ' oder kann leer bleiben'}.`,
    ),
  badPhone: (needed) =>
    `Eine Telefonnummer besteht aus Ziffern, auf Wunsch mit + davor.${needed ? '' : ' Sie kann leer bleiben.'}`,
  isNeeded: 'nötig',
  aboutYouNeeded: 'Über Sie',
  needed: {
    name: 'Bitte schreiben Sie Ihren Namen, damit wir wissen, wem wir antworten.',
    email: whole('Bitte schreiben Sie Ihre E-Mail-Adresse, damit wir Ihnen antworten können.'),
    phone: 'Bitte schreiben Sie Ihre Telefonnummer, damit wir Sie erreichen können.',
  },
  privacy: 'Datenschutzhinweise',
  terms: 'Bedingungen',
  mayRecord: (brand, what) => `Darf ${brand} nutzen, was in diesem Chat gesagt wird? Zweck: ${what}.`,
  recordHint: 'Der Chat geht in jedem Fall weiter. Ohne Antwort gilt ein Nein.',
  wrongForm:
    'Das Formular konnte so nicht angenommen werden. Sehen Sie es durch oder laden Sie die Seite neu: Vielleicht fragt es inzwischen nach etwas anderem. Was Sie geschrieben haben, bleibt stehen.',

  close: 'Schließen',
  here: (agent) => `${agent} ist hier`,
  writing: (agent) => `${agent} schreibt`,
  seen: (at) => (at ? `Gesehen ${say.clock(at)}` : 'Gesehen'),
  opening: 'Ihr Chat wird geöffnet',
  offline: (since) => `Offline seit ${say.clock(since)}, neuer Versuch läuft`,
  again: 'Wieder verbunden.',
  newMessages: (n) => `${start(counted(n, 'eine neue Nachricht', numbers, 'neue Nachrichten'))}.`,
  log: 'Chatverlauf',
  you: 'Sie',
  masked: maskedWords,
  files: {
    attach: 'Datei anhängen',
    toSend: 'Dateien zum Senden',
    remove: 'Entfernen',
    download: 'Herunterladen',
    cancel: 'Abbrechen',
    sending: (name) => `${name} wird gesendet`,
    unreadable: 'Diese Datei konnte nicht gelesen werden.',
    refusals: {
      empty: 'Diese Datei ist leer, es gibt also nichts zu senden.',
      large: 'Diese Datei ist größer als 10 MB. Eine kleinere kann gesendet werden.',
      type: 'Diese Art von Datei kann nicht gesendet werden. Bilder (PNG, JPEG, GIF, WebP), PDF und reiner Text (.txt, .log) schon.',
      pixels: 'Dieses Bild hat mehr als 25 Megapixel. Verkleinert kann es gesendet werden.',
      full: 'Dieser Chat kann keine weiteren Dateien aufnehmen.',
    },
    size: (bytes) => say.size(bytes, ['Byte', 'kB', 'MB']),
  },
  waiting: 'wartet',
  notSent: 'Nicht gesendet.',
  sendAgain: 'Noch einmal senden',
  remove: 'Entfernen',
  ended: 'Dieser Chat ist beendet.',
  endedBy: (entry) =>
    entry.by === 'visitor' ? 'Sie haben den Chat beendet.' : `${entry.name ?? 'Das Serviceteam'} hat den Chat beendet.`,
  overNow: 'Dieser Chat ist zu Ende. Schreiben Sie innerhalb eines Tages wieder, und er geht weiter.',
  end: 'Chat beenden',
  endAsk:
    'Diesen Chat beenden? Sie können eine Kopie mitnehmen und innerhalb eines Tages weiterschreiben, dann geht er weiter.',
  endUnsent:
    'Noch ist nicht alles gesendet, darum geht der Chat weiter. Warten Sie darauf, senden Sie es noch einmal oder entfernen Sie es, und beenden Sie dann den Chat.',
  pickedFirst: 'Sie haben eine Datei gewählt, die noch nicht gesendet ist. Senden oder entfernen Sie sie zuerst.',
  goOn: 'Weiter chatten',
  copy: 'Kopie dieses Chats',
  copyShort: 'Kopie',
  ofThisChat: 'dieses Chats',
  closeCopy: 'Kopie schließen',
  mailTo: 'Mailen an',
  mailIt: 'Mailen',
  mailed: (to) => `Eine Abschrift ist unterwegs an ${to}.`,
  mailedOften: 'Das wurde fürs Erste so oft gemailt wie möglich. Sie können den Text oben kopieren.',
  mailStopped:
    'Sie wollten, dass wir aufhören, deshalb mailen wir Ihnen nichts. Schreiben Sie zuerst START, oder kopieren Sie den Text oben.',
  howWas: 'Wie war dieser Chat?',
  comment: 'Möchten Sie etwas hinzufügen?',
  sendRating: 'Absenden',
  skip: 'Überspringen',
  ratings,
  rated: (score) => `Sie sagten: ${score}, ${ratings[score].toLowerCase()}.`,
  notAsked: 'Das wird nicht mehr gefragt, deshalb wurde nichts gespeichert.',
  startNew: 'Neuen Chat beginnen',
  myData: (brand) => `Meine Daten bei ${brand}`,
  blocked:
    'Der Browser hat keinen neuen Tab geöffnet. Erlauben Sie es für diese Seite und versuchen Sie es noch einmal.',

  loadingQuestion: (partner) => `Eine Frage zu ${partner} ist unterwegs.`,
  noQuestion: (partner) => `Eine Frage zu ${partner} konnte nicht geladen werden. Bis dahin wird nichts weitergegeben.`,
  goneQuestion: (partner) => `Die Frage zu ${partner} wurde zurückgezogen. Nichts wurde weitergegeben.`,
  tryAgain: 'Noch einmal versuchen',
  mayGet: (q) => {
    const what = q.fields.length === 1 && q.fields[0] ? say.your([q.fields[0].field]) : 'diese Angaben';
    if (q.receives) return `Dürfen wir ${what} nach Angaben von ${q.partner} hinzufügen?`;
    return `Darf ${q.partner} ${what} erhalten?`;
  },
  reasonInHead: false,
  factsLine: { kept: 'Aufbewahrung:', either: 'Der Chat geht in jedem Fall weiter.' },
  sandboxTag: 'Testumgebung',
  sandbox: 'Das ist eine Testumgebung zum Ausprobieren: Nichts erreicht den echten Partner.',
  fieldName: (field) => say.label(field),
  notGiven: 'bisher nicht angegeben',
  allSaid: 'alles, was Sie beide in diesem Chat geschrieben haben',
  saidBefore: { yes: 'Sie haben Ja gesagt', no: 'Sie haben Nein gesagt' },
  yes: 'Ja',
  no: 'Nein',
  answer: 'Antworten',
  saving: 'Speichert',
  notNow: 'Nicht jetzt',
  leaveIt: 'So lassen',
  what: 'Was ist das?',
  country: say.country,
  whoGets: 'Wer es erhält',
  whoKnows: 'Woher es kommt',
  untilBack: 'bis Sie Ihr Ja zurücknehmen',
  usesAi: 'nutzt KI',
  where: 'Wo',
  colon: ':',
  why: 'Wofür',
  howLong: 'Wie lange es aufbewahrt wird',
  policy: 'Datenschutzhinweise des Partners',
  honored:
    'Ihr Widerspruch wird beachtet: Ihr Browser bittet Websites, nichts weiterzugeben. Deshalb wird nichts weitergegeben, außer Sie sagen hier Ja zu einem Partner.',
  conflict: (partner) => `Ihr Browser bittet Websites, nichts weiterzugeben. Ein Ja gilt hier nur für ${partner}.`,
  changed: ({ partner, changed }) =>
    changed && 'fields' in changed
      ? `Etwas hat sich geändert: ${partner} würde jetzt auch ${say.your(changed.fields)} erhalten. Was Sie vorher gesagt haben, gilt für den Rest weiter.`
      : 'Dieser Text hat sich geändert, seit Sie Ja gesagt haben. Ihr altes Ja zählt deshalb nicht.',
  openUnanswered: 'Was Sie offen lassen, zählt als „Nicht jetzt“.',
  notSaved: 'Ihre Antwort wurde nicht gespeichert, vorerst gilt also ein Nein.',
  ranOut: 'Diese Frage war abgelaufen, deshalb wurde nichts gespeichert. Hier ist sie noch einmal.',
  newWords: 'Der Text dieser Frage hat sich geändert, deshalb steht sie hier noch einmal. Es wurde nichts gespeichert.',
  arrived: (q) => `Eine Frage im Chat: ${words.mayGet(q)}`,

  laterHolds: (entry) => `Also nicht jetzt. Was Sie vorher zu ${entry.partner} gesagt haben, gilt weiter.`,
  later: 'Also nicht jetzt. In diesem Chat fragen wir nicht noch einmal.',
  nothing: ({ partner, receives }) =>
    `Verstanden: ${receives ? `Von ${partner} wird nichts hinzugefügt` : `${partner} erhält nichts`}. Der Chat geht weiter.`,
  done: ({ partner, receives, by }) =>
    `${by ? forYou[by] : 'Erledigt. '}${receives ? `Von ${partner} fügen wir hinzu: ` : `${partner} darf erhalten: `}`,
  yourFields: (fields) => say.your(fields),
  notFields: (fields) => `nicht ${say.your(fields)}`,
  receipt: 'Beleg',
  change: 'Ändern',
  status: (entry) => {
    const said = [...entry.yes.map((f) => `${say.label(f)} ja`), ...entry.no.map((f) => `${say.label(f)} nein`)];
    return `${entry.partner}: ${said.join(', ') || 'nicht jetzt'}.`;
  },
  off: (partner) => `${partner} ist ausgeschaltet.`,
  offInPart: (partner) =>
    `${partner} ist für einen Zweck ausgeschaltet. Was Sie zu den anderen gesagt haben, gilt weiter.`,
  told: (entry) => {
    if (entry.kind === 'keyword') return keywords[entry.word](entry);
    if (entry.kind === 'objected' && !entry.on)
      return entry.what === 'all'
        ? 'Sie widersprechen nicht mehr: Ihre Entscheidungen zählen wieder.'
        : 'Profilbildung ist nicht mehr gestoppt.';
    if (entry.kind === 'under_age' && !entry.on) return 'Sie gelten nicht mehr als minderjährig. Wir fragen Sie neu.';
    return [toldOn(entry), words.stoppedToo(entry)].filter(Boolean).join(' ');
  },
  stoppedToo: ({ stopped, alreadyOut }) =>
    [
      stopped === 1 && 'Eine Sache, die noch wartete, wurde nicht gesendet.',
      stopped > 1 && `${start(counted(stopped, '', numbers, 'Sachen'))}, die noch warteten, wurden nicht gesendet.`,
      alreadyOut > 0 && 'Was vorher weitergegeben wurde, steht unter „Meine Daten“.',
    ]
      .filter(Boolean)
      .join(' '),
  shared: (entry) =>
    entry.state === 'sent'
      ? `${entry.partner} hat ${say.your(entry.fields)} erhalten.`
      : `Wir können noch nicht sagen, ob ${entry.partner} ${say.your(entry.fields)} erhalten hat.`,

  noAnswer:
    'Der Chat antwortet nicht. Er versucht es von selbst wieder; nichts, was Sie geschrieben haben, geht verloren.',
  noAnswerBegin:
    'Der Chat antwortet gerade nicht. Nichts, was Sie geschrieben haben, geht verloren; senden Sie es gleich noch einmal.',
  tooMany: 'Das war viel auf einmal. Warten Sie ein wenig und versuchen Sie es noch einmal.',
  cannotStore: 'Der Chat kann gerade nichts speichern. Versuchen Sie es in einer Minute noch einmal.',
  notHere: 'Dieser Chat wird auf dieser Seite nicht angeboten.',
  wentWrong: 'Hier ist etwas schiefgegangen. Versuchen Sie es noch einmal.',
};

function toldOn(entry: EntryOf<'objected'> | EntryOf<'under_age'>): string {
  if (entry.kind === 'under_age')
    return entry.by
      ? 'Wir gehen davon aus, dass Sie minderjährig sind. Deshalb wird nichts über Sie weitergegeben.'
      : 'Sie haben uns gesagt, dass Sie minderjährig sind. Deshalb zählt Ihr früheres Ja nicht.';
  return entry.what === 'all'
    ? 'Sie haben jede Profilbildung und Direktwerbung gestoppt: Dafür wird nichts über Sie weitergegeben.'
    : 'Sie haben die Profilbildung gestoppt.';
}

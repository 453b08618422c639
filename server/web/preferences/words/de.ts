import type { Reason } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import { numbers, say } from '../../../i18n/de.ts';
import { start, whole } from '../../../i18n/en.ts';
import { counted, datesOf } from '../../../i18n/forms.ts';
import { byName, placesIn } from '../../../i18n/rules.ts';
import { copy } from './copy/de.ts';
import type { Words } from './en.ts';
import { rights } from './rights/de.ts';

const dates = datesOf('de');
const labels = (all: readonly Field[]): string => say.list(all.map(say.label));
const placeName = placesIn(
  say.country,
  { 'US-CA': 'Kalifornien', 'US-CO': 'Colorado', 'US-CT': 'Connecticut', 'US-UT': 'Utah', 'US-VA': 'Virginia' },
  'Anderswo',
);
const died = (n: number): string =>
  n === 0
    ? ''
    : n === 1
      ? ' Eine Sache, die noch wartete, wurde nicht gesendet.'
      : ` ${start(counted(n, '', numbers, 'Sachen'))}, die noch warteten, wurden nicht gesendet.`;
const reasons: Record<Reason, string> = {
  no_consent: 'Sie wurden nicht gefragt.',
  operator_posture_ask_first: 'Sie wurden nicht gefragt.',
  awaiting_answer: 'Sie haben noch nicht geantwortet.',
  refused: 'Sie haben Nein gesagt.',
  withdrawn: 'Sie haben Ihr Ja zurückgenommen.',
  scope_not_covered: 'Ihr Ja umfasste das nicht.',
  policy_version_stale: 'Der Hinweis hat sich geändert, Ihr altes Ja zählt deshalb nicht.',
  consent_expired: 'Ihr Ja ist abgelaufen.',
  opt_out_signal: 'Ihr Browser bittet, nichts weiterzugeben.',
  restricted: 'Sie haben uns gebeten, diese Nutzung zu beenden.',
  objected: 'Sie haben uns gebeten, diese Nutzung zu beenden.',
  minor_needs_guardian: 'Daten von Minderjährigen geben wir nicht weiter.',
  teen_needs_opt_in: 'Daten von Minderjährigen geben wir nicht weiter.',
  special_needs_explicit: 'Dafür braucht es ein eigenes Ja.',
  notice_not_served: 'Sie wurden vorher nicht informiert, deshalb bleibt es hier.',
  connection_not_active: 'Der Partner ist gerade nicht erreichbar.',
  purpose_not_declared: 'Das wurde nie angekündigt, deshalb bleibt es hier.',
  recipient_not_documented: 'Das wurde nie angekündigt, deshalb bleibt es hier.',
  subject_erased: 'Sie wurden hier vergessen.',
  revoked_or_invalidated: 'Dieses Ja zählt nicht.',
  legal_obligation: 'Das Gesetz verlangt es.',
  service_provider_necessary: 'Für den Dienst nötig.',
  consent_granted: 'Sie haben Ja gesagt.',
  opt_out_regime_default: 'Sie wurden informiert und haben nicht widersprochen.',
};

/** The visitor's own pages in German, with "Sie". */
export const words: Words = {
  tag: 'de',
  itself: 'Deutsch',
  languages: 'Sprache',
  country: say.country,
  languageName: dates.languageName,
  day: dates.day,
  stamp: dates.stamp,
  fields: labels,
  field: say.label,

  title: (brand) => `Ihre Daten bei ${brand}`,
  skip: 'Weiter zu Ihren Entscheidungen',
  head: 'Wer Ihre Daten erhalten darf',
  lede: (brand) =>
    `Aus dem Chat von ${brand} wird nichts über Sie weitergegeben, außer Sie sagen Ja. Sie können Ihre Meinung mit einem Tippen ändern, und der Chat geht weiter.`,
  notSaved: (what, on) =>
    `Ihre Änderung wurde nicht gespeichert. ${what} ist weiterhin ${on ? 'eingeschaltet' : 'ausgeschaltet'}.`,
  quoted: (s) => `„${s}“`,
  saving: 'speichert',
  again: (partner, second) =>
    `Noch ist nichts gespeichert: ${
      second
        ? `Zu ${partner} haben Sie vorher Nein gesagt, deshalb fragen wir zweimal.`
        : 'Dieser Browser war neu für uns und ist ab jetzt bekannt.'
    } Tippen Sie bei ${partner} noch einmal, um Ja zu sagen.`,
  savedYes: (partner, fields) => `Gespeichert: ${partner} darf ${say.your(fields)} erhalten.`,
  savedNo: (partner, stopped) => `Gespeichert: ${partner} ist ausgeschaltet.${died(stopped)}`,
  changeLost: 'Ihre Änderung wurde nicht gespeichert. Unten steht, was jetzt gilt.',
  unknown: (brand) => ({
    what: 'Diesen Browser kennen wir nicht.',
    more: `Wenn Sie mit ${brand} gechattet haben, öffnen Sie im Chat „Meine Daten bei ${brand}“: Dann zeigt diese Seite Ihre eigenen Entscheidungen und wer was erhalten hat. Was Sie hier entscheiden, gilt nur für diesen Browser.`,
  }),
  honored: {
    asks: (signal) => `Ihr Browser bittet Websites, nichts weiterzugeben (${signal}).`,
    honored: 'Ihr Widerspruch wird beachtet:',
    late: 'Die Weitergabe ist aus.',
    first: 'Die Weitergabe war seit Ihrem ersten Besuch aus.',
    counts: 'Ein Ja weiter unten gilt nur für diesen einen Partner.',
  },

  choices: 'Ihre Entscheidungen',
  forWhom: (known) =>
    `${known ? 'Für die Person in diesem Browser.' : 'Für diesen Browser.'} Ein Konto ist nicht nötig.`,
  noPartner: 'Kein Partner ist verbunden. Nichts wird weitergegeben.',
  eachSaved:
    'Jeder Schalter wird gespeichert, sobald Sie ihn antippen. Ein Nein gilt sofort, auch für Daten, die noch warten.',
  sandboxTag: 'Testumgebung',
  usesAi: 'nutzt KI',
  state: { yes: 'Ja', no: 'Nein', asked: 'Gefragt', later: 'Nicht jetzt', open: 'Nicht gefragt' },
  onlyBelow: 'Darf nur erhalten, was unten eingeschaltet ist.',
  may: (fields, { on, receives }) =>
    receives
      ? `${on ? 'Hinzugefügt wird' : 'Hinzugefügt würde'}: ${labels(fields)}`
      : `${on ? 'Darf' : 'Würde'} ${say.your(fields)} erhalten`,
  because: ['. Wofür: ', '.'],
  leftOut: (saidNo, receives) =>
    `${saidNo ? 'Sie haben Nein gesagt' : 'Ihr Ja umfasste das nicht'}, deshalb ${receives ? 'wird es nicht hinzugefügt' : 'bleibt es hier'}.`,
  silence: {
    partner: (partner) => `erhält ${partner} nichts`,
    added: 'wird nichts hinzugefügt',
    here: 'bleibt es hier',
  },
  unanswered: (asked, silence) =>
    `${asked ? 'Sie haben noch nicht geantwortet' : 'Sie wurden nicht gefragt'}, deshalb ${silence}.`,
  saidLater: (at, silence) => `Sie haben${at} „Nicht jetzt“ gesagt, deshalb ${silence}.`,
  saidYes: (at) => `Sie haben${at} Ja gesagt.`,
  saidNo: (at) => `Sie haben${at} Nein gesagt.`,
  tookBack: (at) => `Sie haben Ihr Ja${at} zurückgenommen.`,
  at: (iso, now) => ` am ${dates.day(iso, now)} um ${say.clock(iso)} Uhr`,
  notBefore: (when) => `Vor dem ${when} fragen wir nicht noch einmal.`,
  receipt: 'Beleg',
  receiptOf: (partner, fields) => `Ihrer Antwort zu ${partner}: ${labels(fields)}`,
  noticeOf: (when, version) => `Hinweis vom ${when}, Version ${version}`,
  noticeAbout: (partner) => `auf den Sie zu ${partner} geantwortet haben`,
  notConnected: (partner) => `${partner} ist gerade nicht verbunden, deshalb wird nichts weitergegeben.`,
  alreadyOut: (partner, fields, when) => `${partner} hat ${say.your(fields)} schon, seit dem ${when}.`,
  toldIt: {
    told: 'Dem Partner wurde mitgeteilt, das nicht mehr zu nutzen.',
    impossible: 'Der Partner bietet keinen Weg, von Ihrer Meinungsänderung zu erfahren.',
    waiting: (by) => `Dem Partner wird bis zum ${by} mitgeteilt, das nicht mehr zu nutzen.`,
  },
  erase: [' Um es dort löschen zu lassen, schreiben Sie an ', '.'],
  policy: 'Datenschutzhinweise des Partners',
  each: (partner) => `${partner}, jedes für sich`,
  further: (fields, from) => `${labels(fields)}${from ? `, wie ${from} es kennt` : ''}`,
  sayNo: 'Nein sagen',
  sayNoTo: (partner) => `zu ${partner}`,
  noMoreAsking: 'Dann fragt Sie niemand mehr danach.',
  factsLine: { kept: 'Aufbewahrung:', either: 'Der Chat geht in jedem Fall weiter.' },

  stopHead: 'Nutzung Ihrer Daten stoppen',
  stopLede: 'Sie dürfen jederzeit widersprechen, ohne Grund.',
  stops: {
    all: {
      name: 'Jede Profilbildung und Direktwerbung stoppen',
      means:
        'Dann erhält niemand etwas über Sie, auch nicht dort, wo Sie oben Ja gesagt haben. Nur was ein Vertrag mit Ihnen braucht oder das Gesetz verlangt, geht weiter.',
    },
    profiling: {
      name: 'Keine Profilbildung',
      means:
        'Dann erhält niemand, was Sie auf unseren Seiten tun, und nichts wird genutzt, um Sie zu beurteilen oder Angebote auf Sie zuzuschneiden.',
    },
  },
  stopped: (on) => (on ? 'Gestoppt' : 'Nicht gestoppt'),
  saidStop: (what, on, stopped) =>
    on
      ? `Gespeichert: ${what === 'all' ? 'Das alles ist gestoppt' : 'Die Profilbildung ist gestoppt'}.${died(stopped)}`
      : `Gespeichert: ${what === 'all' ? 'Ihre Entscheidungen oben zählen wieder' : 'Die Profilbildung ist nicht mehr gestoppt'}.`,

  about: 'Über Sie, wenn Sie möchten',
  aboutLede:
    'Das entscheidet, welches Gesetz Sie hier schützt. Es bleibt hier, und Sie können es ändern oder zurücknehmen.',
  aboutSeen: (countries) =>
    `Wir richten uns auch nach Ihrer Netzwerkadresse (${say.list(countries)}): Von allen Gesetzen, die Sie schützen können, entscheidet das strengste, was immer Sie sagen. Wir bewahren ${countries.length === 1 ? 'das Land' : 'die Länder'} auf, nicht die Adresse.`,
  place: 'Wo wohnen Sie?',
  placeName,
  age: 'Wie alt sind Sie?',
  ages: {
    under_13: 'Ich bin unter 13',
    '13_to_15': 'Ich bin 13, 14 oder 15',
    '16_or_over': 'Ich bin 16 oder älter',
  },
  ratherNot: 'Das möchte ich nicht sagen',
  save: 'Speichern',
  aboutSaved: 'Gespeichert. Es gilt ab jetzt.',

  history: 'Wer was erhalten hat',
  left: 'Die letzten 12 Monate, das Neueste zuerst.',
  nobodyGot: 'In den letzten 12 Monaten hat niemand Daten über Sie erhalten.',
  columns: { when: 'Wann', who: 'Wer', what: 'Was', result: 'Ergebnis' },
  results: {
    sent: 'Gesendet',
    refused: 'Gesendet, nicht angenommen',
    open: 'Wird gesendet',
    unknown: 'Vielleicht gesendet',
    failed: 'Nicht gesendet',
    aborted: 'Gestoppt',
    withheld: 'Zurückgehalten',
  },
  never: { when: '12 Monate', what: 'Nichts', result: 'Nie gesendet' },
  stayed: (fields, why) => `${fields}: ${why.replace(/\.$/, '')}`,
  reason: (reason, partner, saidNo = false) => {
    if (saidNo && reason === 'scope_not_covered') return reasons.refused;
    return reason === 'connection_not_active' ? `${partner} ist gerade nicht erreichbar.` : reasons[reason];
  },

  proof: 'Meine Nachweisschlüssel',
  proofLede: [
    'Jede Antwort und jede Weitergabe steht in einem signierten Verzeichnis, das niemanden nennt. Ihre Nachweisschlüssel öffnen die Zeilen über Sie: Mit einem Beleg und ',
    ' können Sie zeigen, was gesendet wurde und auf welche Antwort hin. Wer diese Datei hat, kann die Zeilen lesen. Behalten Sie sie deshalb für sich.',
  ],
  checkPage: 'der Prüfseite',
  takeProof: 'Meine Nachweisschlüssel herunterladen',

  addressHead: 'Für eine Adresse alles ausschalten',
  addressLede: (brand) =>
    whole(
      `Für Ihre E-Mail-Adresse oder Telefonnummer, auch wenn Sie nie mit ${brand} gechattet haben oder einen anderen Browser nutzen. Wir führen dafür keine Liste von Adressen, nur ein mit einem Schlüssel gebildetes Merkmal, an dem wir Ihre wiedererkennen.`,
    ),
  addressSaved: 'Gespeichert: Wer mit dieser Adresse chattet, teilt sie mit niemandem, außer mit einem eigenen Ja.',
  address: whole('Ihre E-Mail-Adresse oder Telefonnummer'),
  addressWrong: whole(
    'Das ist keine vollständige E-Mail-Adresse oder Telefonnummer, deshalb wurde nichts gespeichert. Eine Nummer aus dem Ausland braucht + und die Landesvorwahl.',
  ),
  addressFailed:
    'Das konnte nicht gespeichert werden. Nichts hat sich geändert; bitte versuchen Sie es in einer Minute noch einmal.',
  everywhere: 'Auch für alle anderen Marken unter dieser Internetadresse',
  allOff: 'Alles ausschalten',

  decides: (brand) => `So entscheidet ${brand}`,
  decidesLede: (brand) => `Diese Regeln hat ${brand} selbst gewählt. Im Übrigen gelten die strengsten.`,
  decidesUnread: 'Die Regeln sind gerade nicht lesbar, deshalb wird nichts weitergegeben.',
  since: (when) => `Seit dem ${when}.`,
  rules: {
    switches: {
      signalStopsAllConsentSharing:
        'Wenn Ihr Browser Websites bittet, nichts weiterzugeben, endet hier nur der Verkauf. Wozu Sie vorher Ja gesagt haben, geht weiter.',
      askedMeansWait:
        'Eine Frage, die Sie noch nicht beantwortet haben, ändert nichts: Was ohne ein Ja weitergegeben werden darf, darf es weiterhin.',
      optOutDefaultEnabled:
        'Wo das Gesetz es erlaubt, dürfen Ihre Daten weitergegeben werden, nachdem Sie informiert wurden, bis Sie Nein sagen. Ein Nein gilt sofort.',
      refusalStopsProcessors:
        'Ein Nein hält Unternehmen nicht auf, die nur für uns arbeiten: Sie erhalten, was unser Vertrag mit Ihnen braucht.',
      dntActsLikeGpc: 'Wenn Ihr Browser Do Not Track sendet, zählt das als Wunsch, nichts weiterzugeben.',
      childDirected:
        'Unsere Seiten sind für Kinder: Wer nichts über das eigene Alter sagt, gilt hier als minderjährig.',
      maskCards: 'Kartennummern bleiben hier in Chatnachrichten stehen: Schreiben Sie keine.',
      maskBanks: 'Kontonummern bleiben hier in Chatnachrichten stehen: Schreiben Sie keine.',
      maskSocial: 'Sozialversicherungsnummern bleiben hier in Chatnachrichten stehen: Schreiben Sie keine.',
    },
    from13: 'Ab 13 Jahren sagen Sie selbst Ja, außer wir wissen, dass das Gesetz an Ihrem Wohnort mehr verlangt.',
    serves: (places, agree) =>
      `Unser Angebot richtet sich an diese Orte: ${say.list(byName(places, placeName, 'de').map(placeName))}.${agree ? '' : ' Deren Gesetze sind verschieden, deshalb gilt das strengste für alle.'}`,
  },

  askUs: [
    'Fragen, oder etwas, das es hier nicht gibt? Schreiben Sie an ',
    '. Sie können sich auch bei Ihrer Datenschutzbehörde beschweren.',
  ],
  notice: (when) => `Hinweis vom ${when}`,
  noNotice: 'Noch kein Hinweis',
  version: (n) => `Version ${n}. Geführt von askfirst.`,

  noticeTitle: (brand) => `Hinweis von ${brand}`,
  noticeLede: (brand) => `Aus dem Chat von ${brand} wird nichts über Sie weitergegeben, außer Sie sagen Ja.`,
  noticeEmpty: 'Damals war kein Partner verbunden, deshalb konnte niemand etwas erhalten.',
  sameIn: ['Dasselbe auf ', '.'],
  versionIn: (version, language) => `Version ${version}, ${language}. Name in Belegen:`,
  rights,
  copy,

  prove: {
    head: 'Ihre eigenen Daten sehen',
    lede: (brand) =>
      whole(
        `Haben Sie ${brand} im Chat Ihre E-Mail-Adresse gegeben? Wir mailen Ihnen einen Link, der Ihre eigenen Entscheidungen zeigt und wer was erhalten hat. Mehr fragen wir nicht.`,
      ),
    email: whole('Ihre E-Mail-Adresse'),
    send: 'Link mailen',
    asked:
      'Wenn diese Adresse hier in einem Chat angegeben wurde, ist ein Link an sie unterwegs. Er funktioniert einmal, eine Stunde lang; wir mailen höchstens drei in einer Stunde.',
    wrong: whole('Das ist keine vollständige E-Mail-Adresse, deshalb wurde nichts gemailt.'),
    once: 'Dieser Link funktioniert einmal. Drücken Sie den Knopf, dann zeigt dieser Browser Ihre eigenen Entscheidungen und wer in den letzten 12 Monaten was erhalten hat. Er ist danach einen Tag lang bekannt, nutzen Sie deshalb ein eigenes Gerät.',
    show: 'Meine Daten zeigen',
    dead: 'Dieser Link funktioniert nicht mehr',
    deadLede:
      'Er wurde schon benutzt, er ist zu alt, oder ein Teil davon fehlt. Sie können sich einen neuen mailen lassen.',
    back: 'Zur Seite ohne Link',
  },
};

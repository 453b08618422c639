import type { CopyWords } from './en.ts';

/** A copy of everything in German. */
export const copy: CopyWords = {
  head: 'Eine Kopie von allem',
  lede: 'Eine Datei mit einer Seite zum Lesen und demselben für Programme (JSON): was Sie angaben, Ihre Chats und Dateien, Ihre Antworten, und wer was erhielt.',
  take: 'Meine Kopie herunterladen',
  title: (brand) => `Was ${brand} über Sie hat`,
  made: (when) => `Erstellt: ${when}. Dasselbe steht in copy.json, für andere Programme.`,
  profile: 'Über Sie',
  none: 'Nichts.',
  source: (s) =>
    s.by === 'you'
      ? 'von Ihnen'
      : s.by === 'account'
        ? `von Ihnen aus ${s.name} übernommen`
        : s.by === 'partner'
          ? `${s.name} teilte es mit`
          : `von ${s.name}`,
  said: 'Über Sie gesagt',
  kinds: {
    place: 'Wo Sie leben',
    age: 'Ihr Alter',
    country: 'Länder Ihrer Netzwerkadressen',
    under_age: 'Minderjährig',
    objected: 'Jede Nutzung gestoppt',
    no_profiling: 'Profiling gestoppt',
    revealed: 'Jemand im Service las Ihren Kontakt',
  },
  by: { self: 'von Ihnen', operator: 'vom Unternehmen', network: 'aus Ihrer Verbindung' },
  takenBack: 'zurückgenommen',
  foundBy: 'Woran Sie gefunden werden',
  found: (kind, proved) =>
    `${{ email: 'E-Mail', phone: 'Telefon', account: 'Ein Konto, mit dem Sie sich anmeldeten' }[kind] ?? kind}${proved ? ', bestätigt' : ''}`,
  signals: 'Signale Ihrer Browser',
  chat: (n) => `Chat ${n}`,
  recorded: (yes) => (yes ? 'Sie stimmten der Aufzeichnung zu.' : 'Sie stimmten der Aufzeichnung nicht zu.'),
  device: 'Gerät',
  pages: 'Seiten, auf denen Sie waren',
  you: 'Sie',
  ended: 'Der Chat endete.',
  mailed: (to) => `Eine Abschrift ging an ${to}.`,
  rated: (score, words) => `Sie bewerteten den Chat mit ${score} von 5.${words && ` ${words}`}`,
  tooLarge: 'zu groß für diese Kopie; sie liegt im Chat',
  answers: 'Ihre Antworten',
  events: {
    requested: 'gefragt',
    deferred: 'jetzt nicht',
    given_pending_confirm: 'ja, noch zu bestätigen',
    given: 'ja',
    renewed: 'ja, noch einmal',
    refused: 'nein',
    withdrawn: 'Ja zurückgenommen',
    revoked: 'Ja vom Unternehmen beendet',
    invalidated: 'Ja für ungültig erklärt',
    expired: 'Ja abgelaufen',
  },
  notice: (version) => `Hinweis, Version ${version}`,
  recipients: 'Wer es erhielt oder wonach gefragt wurde',
  kept: 'Aufbewahrt',
  gave: 'Was es uns mitteilte',
  ledger: 'Wer was erhielt',
  requests: 'Worum Sie gebeten haben',
  row: (n) => `Zeile ${n}`,
  rights: 'Ihre Rechte',
  yours: (page) =>
    `Sie können das berichtigen, jedes Ja zurücknehmen, widersprechen und vergessen werden, auf ${page}. Mit proof-keys.json und der Seite /verify dort können Sie beweisen, was gesendet wurde.`,
  notHere: [
    'Nicht hier: was andere betrifft, etwa Notizen, die der Service füreinander schreibt, und wer einen Chat hatte; Schlüssel und Zugangsmarken; und Nummern, die aus Nachrichten entfernt wurden, denn sie sind nirgends aufbewahrt. Für die Notizen schreiben Sie an ',
    '. Sie können sich auch bei Ihrer Datenschutzbehörde beschweren.',
  ],
};

import type { CopyWords } from './en.ts';

/** A copy of everything in Danish. */
export const copy: CopyWords = {
  head: 'En kopi af alt',
  lede: 'Én fil med en side til at læse og det samme til maskiner (JSON): hvad du gav, dine samtaler og filer, dine svar, og hvem der fik hvad.',
  take: 'Hent min kopi',
  title: (brand) => `Det, ${brand} har om dig`,
  made: (when) => `Lavet ${when}. Det samme står i copy.json, til andre programmer.`,
  profile: 'Om dig',
  none: 'Intet.',
  source: (s) =>
    s.by === 'you'
      ? 'du gav det'
      : s.by === 'account'
        ? `du hentede det fra ${s.name}`
        : s.by === 'partner'
          ? `${s.name} oplyste det`
          : `fra ${s.name}`,
  said: 'Sagt om dig',
  kinds: {
    place: 'Hvor du bor',
    age: 'Din alder',
    country: 'Lande for dine netværksadresser',
    under_age: 'Mindreårig',
    objected: 'Al brug stoppet',
    no_profiling: 'Profilering stoppet',
    revealed: 'En medarbejder læste din kontakt',
  },
  by: { self: 'af dig', operator: 'af firmaet', network: 'fra din forbindelse' },
  takenBack: 'taget tilbage',
  foundBy: 'Det, du findes ved',
  found: (kind, proved) =>
    `${{ email: 'E-mail', phone: 'Telefon', account: 'En konto, du loggede ind med' }[kind] ?? kind}${proved ? ', bekræftet' : ''}`,
  signals: 'Signaler fra dine browsere',
  chat: (n) => `Samtale ${n}`,
  recorded: (yes) => (yes ? 'Du sagde ja til optagelse.' : 'Du sagde ikke ja til optagelse.'),
  device: 'Enhed',
  pages: 'Sider, du var på',
  you: 'Dig',
  ended: 'Samtalen sluttede.',
  mailed: (to) => `En udskrift blev sendt til ${to}.`,
  rated: (score, words) => `Du gav samtalen ${score} af 5.${words && ` ${words}`}`,
  tooLarge: 'for stor til denne kopi; den er i samtalen',
  answers: 'Dine svar',
  events: {
    requested: 'spurgt',
    deferred: 'ikke nu',
    given_pending_confirm: 'ja, skal bekræftes',
    given: 'ja',
    renewed: 'ja, en gang til',
    refused: 'nej',
    withdrawn: 'ja taget tilbage',
    revoked: 'ja afsluttet af firmaet',
    invalidated: 'ja erklæret ugyldigt',
    expired: 'ja udløbet',
  },
  notice: (version) => `information, version ${version}`,
  recipients: 'Dem, der fik det eller blev spurgt om',
  kept: 'Gemmes',
  gave: 'Det, den fortalte os',
  ledger: 'Hvem der fik hvad',
  requests: 'Det, du har bedt om',
  row: (n) => `række ${n}`,
  rights: 'Dine rettigheder',
  yours: (page) =>
    `Du kan rette det, tage hvert ja tilbage, gøre indsigelse og blive glemt på ${page}. Med proof-keys.json og siden /verify samme sted kan du bevise, hvad der blev sendt.`,
  notHere: [
    'Ikke her: det, der handler om andre, som noter medarbejdere skriver til hinanden, og hvem der havde en samtale; nøgler og adgangstegn; og numre, der blev fjernet fra beskeder, for de findes ingen steder. Skriv for noterne til ',
    '. Du kan også klage til dit lands datatilsyn.',
  ],
};

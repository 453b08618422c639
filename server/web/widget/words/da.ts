import { maskedWords, numbers, say } from '../../../i18n/da.ts';
import { start, whole } from '../../../i18n/en.ts';
import { counted } from '../../../i18n/forms.ts';
import type { EntryOf } from '../log.ts';
import type { Words } from './en.ts';

const ratings = { 1: 'Dårlig', 2: 'Ikke så god', 3: 'I orden', 4: 'God', 5: 'Meget god' } as const;
const keywords = {
  stop: ({ wrote = 'STOP' }: EntryOf<'keyword'>) =>
    `Du skrev ${wrote}: Intet om dig går længere til en partner, og vi sender dig ingen mails. Chatten fortsætter.`,
  start: () => 'Du skrev START: Du bliver spurgt igen, og intet gives videre, før du siger ja.',
  help: () =>
    'Skriv STOP, og intet om dig går til en partner. Skriv START for at blive spurgt igen. Mine data viser, hvad der er givet videre.',
} as const;
const forYou = {
  guardian: 'Din værge sagde ja: ',
  authorised_agent: 'En, der handler for dig, sagde ja: ',
  agent_attested: 'Noteret efter det, du sagde, for en dag: ',
} as const;

/** The widget in Danish, with "du". */
export const words: Words = {
  tag: 'da',
  title: (brand) => `Chat med ${brand}`,
  noScript: (brand) => `Chatten med ${brand} kræver JavaScript.`,
  keeps: (brand) => `${brand} gemmer det, du skriver, for at svare dig.`,
  clock: say.clock,
  hello: 'Hvad kan vi hjælpe med?',
  message: 'Din besked',
  writeHere: 'Skriv en besked',
  aboutYou: 'Om dig, hvis du vil',
  optional: 'valgfrit',
  name: 'Navn',
  email: 'E-mail',
  phone: 'Telefon',
  staysHere: 'Intet gives videre, medmindre du siger ja.',
  send: 'Send',
  sending: 'Sender',
  onceMore: (partner) => `Ikke gemt endnu: Du sagde nej til ${partner} tidligere. Sig ja en gang til, så vi er sikre.`,
  somebodyElse: 'Du er nu logget ind som en anden, så her begynder en ny chat.',
  unsentBegin: 'Dette er ikke sendt endnu. Se det igennem, og send det.',
  empty: 'Skriv en besked først.',
  tooLong: (n, max) => `Det er ${say.number(n)} tegn; der er plads til ${say.number(max)}. Gør teksten lidt kortere.`,
  fillFrom: (partner, sandbox) => `Udfyld fra ${partner}${sandbox ? ' (testmiljø)' : ''}`,
  from: (partner, sandbox) => `fra ${partner}${sandbox ? ' (testmiljø)' : ''}`,
  filling: (partner) => `Fortsæt hos ${partner} i den anden fane. Det, du vælger der, kommer ind her.`,
  filled: (partner) => `Udfyldt fra ${partner}.`,
  nobodyHere: 'Der er ingen her lige nu.',
  back: (brand, when) => `${brand} er tilbage ${when}, din tid.`,
  leaveMessage: 'Læg en besked: Den bliver gemt, og svaret kommer her.',
  reachYou: {
    optional: 'valgfrit, til et svar efter du er gået',
    needed: 'skal udfyldes, til et svar efter du er gået',
  },
  needEmail: whole('Skriv en e-mailadresse: Der er ingen her lige nu, og uden den når et svar dig måske aldrig.'),
  when: (at, days) =>
    `${days === 0 ? 'i dag' : days === 1 ? 'i morgen' : days < 7 ? `på ${say.weekday(at)}` : `${say.weekday(at)} den ${say.date(at)}`} kl. ${say.clock(at)}`,
  backThen: (when) => `Tilbage ${when}`,
  badEmail: (needed) =>
    whole(
      `Det ligner ikke en e-mailadresse. Den skal have en form som navn@example.com${needed ? '' : ' eller kan stå tom'}.`,
    ),
  badPhone: (needed) => `Et telefonnummer består af cifre, gerne med + foran.${needed ? '' : ' Det kan stå tomt.'}`,
  isNeeded: 'skal udfyldes',
  aboutYouNeeded: 'Om dig',
  needed: {
    name: 'Skriv dit navn, så vi ved, hvem vi svarer.',
    email: whole('Skriv din e-mailadresse, så vi kan svare dig.'),
    phone: 'Skriv dit telefonnummer, så vi kan nå dig.',
  },
  privacy: 'Privatlivspolitik',
  terms: 'Vilkår',
  mayRecord: (brand, what) => `Må ${brand} bruge det, der bliver sagt i denne chat? Formål: ${what}.`,
  recordHint: 'Chatten fortsætter uanset hvad. Intet svar tæller som et nej.',
  wrongForm:
    'Formularen kunne ikke tages imod, som den er. Se den igennem, eller indlæs siden igen: Den spørger måske om noget andet nu. Det, du skrev, bliver stående.',

  close: 'Luk',
  here: (agent) => `${agent} er her`,
  writing: (agent) => `${agent} skriver`,
  seen: (at) => (at ? `Set ${say.clock(at)}` : 'Set'),
  opening: 'Åbner din chat',
  offline: (since) => `Offline siden ${say.clock(since)}, prøver igen`,
  again: 'Forbundet igen.',
  newMessages: (n) => `${start(counted(n, 'en ny besked', numbers, 'nye beskeder'))}.`,
  log: 'Samtalen',
  you: 'Dig',
  masked: maskedWords,
  files: {
    attach: 'Vedhæft en fil',
    toSend: 'Filer, der skal sendes',
    remove: 'Fjern',
    download: 'Hent',
    cancel: 'Annuller',
    sending: (name) => `Sender ${name}`,
    unreadable: 'Denne fil kunne ikke læses.',
    refusals: {
      empty: 'Denne fil er tom, så der er intet at sende.',
      large: 'Denne fil er større end 10 MB. En mindre kan sendes.',
      type: 'Denne slags fil kan ikke sendes. Billeder (PNG, JPEG, GIF og WebP), PDF og ren tekst (.txt, .log) kan.',
      pixels: 'Dette billede har mere end 25 megapixel. Det kan sendes, når det er gjort mindre.',
      full: 'Denne chat kan ikke tage flere filer.',
    },
    size: (bytes) => say.size(bytes, ['byte', 'kB', 'MB']),
  },
  waiting: 'venter',
  notSent: 'Ikke sendt.',
  sendAgain: 'Send igen',
  remove: 'Fjern',
  ended: 'Denne chat er slut.',
  endedBy: (entry) =>
    entry.by === 'visitor' ? 'Du afsluttede chatten.' : `${entry.name ?? 'Kundeservice'} afsluttede chatten.`,
  overNow: 'Denne chat er slut. Skriv igen inden for et døgn, så fortsætter den.',
  end: 'Afslut chat',
  endAsk: 'Vil du afslutte denne chat? Du kan tage en kopi og fortsætte ved at skrive igen inden for et døgn.',
  endUnsent:
    'Ikke alt er sendt endnu, så chatten fortsætter. Vent på det, send det igen eller fjern det, og afslut så chatten.',
  pickedFirst: 'Du har valgt en fil, der ikke er sendt endnu. Send den, eller fjern den først.',
  goOn: 'Bliv i chatten',
  copy: 'Kopi af denne chat',
  copyShort: 'Kopi',
  ofThisChat: 'af denne chat',
  closeCopy: 'Luk kopien',
  mailTo: 'Send som mail til',
  mailIt: 'Send mail',
  mailed: (to) => `En udskrift er på vej til ${to}.`,
  mailedOften: 'Den er sendt så mange gange, som den kan for nu. Du kan kopiere teksten ovenfor.',
  mailStopped: 'Du bad os stoppe, så vi sender dig ingen mails. Skriv START først, eller kopiér teksten ovenfor.',
  howWas: 'Hvordan var denne chat?',
  comment: 'Vil du tilføje noget?',
  sendRating: 'Send',
  skip: 'Spring over',
  ratings,
  rated: (score) => `Du sagde: ${score}, ${ratings[score].toLowerCase()}.`,
  notAsked: 'Det bliver der ikke længere spurgt om, så intet blev gemt.',
  startNew: 'Begynd en ny chat',
  myData: (brand) => `Mine data hos ${brand}`,
  blocked: 'Browseren åbnede ikke en ny fane. Tillad det for denne side, og prøv igen.',

  loadingQuestion: (partner) => `Et spørgsmål om ${partner} er på vej.`,
  noQuestion: (partner) => `Et spørgsmål om ${partner} kunne ikke hentes. Imens gives intet videre.`,
  goneQuestion: (partner) => `Spørgsmålet om ${partner} blev trukket tilbage. Intet blev givet videre.`,
  tryAgain: 'Prøv igen',
  mayGet: (q) => {
    const what = q.fields.length === 1 && q.fields[0] ? say.your([q.fields[0].field]) : 'disse oplysninger';
    if (q.receives) return `Må vi tilføje ${what}, som ${q.partner} har registreret?`;
    return `Må ${q.partner} få ${what}?`;
  },
  reasonInHead: false,
  factsLine: { kept: 'Opbevaring:', either: 'Chatten fortsætter uanset hvad.' },
  sandboxTag: 'testmiljø',
  sandbox: 'Dette er et testmiljø til at prøve i: Intet når den rigtige partner.',
  fieldName: (field) => say.label(field),
  notGiven: 'ikke oplyst endnu',
  allSaid: 'alt, hvad I begge har skrevet i denne chat',
  saidBefore: { yes: 'du sagde ja', no: 'du sagde nej' },
  yes: 'Ja',
  no: 'Nej',
  answer: 'Svar',
  saving: 'Gemmer',
  notNow: 'Ikke nu',
  leaveIt: 'Lad det være, som det er',
  what: 'Hvad er det?',
  country: say.country,
  whoGets: 'Hvem får det',
  whoKnows: 'Hvor det kommer fra',
  untilBack: 'indtil du tager dit ja tilbage',
  usesAi: 'bruger AI',
  where: 'Hvor',
  colon: ':',
  why: 'Hvad det er til',
  howLong: 'Hvor længe det gemmes',
  policy: 'Deres privatlivspolitik',
  honored:
    'Dit ønske om ikke at dele er imødekommet: Din browser beder websteder om ikke at dele, så intet gives videre, medmindre du siger ja til en partner her.',
  conflict: (partner) => `Din browser beder websteder om ikke at dele. Et ja her gælder kun ${partner}.`,
  changed: ({ partner, changed }) =>
    changed && 'fields' in changed
      ? `Noget er ændret: ${partner} ville nu også få ${say.your(changed.fields)}. Det, du sagde før, gælder stadig for resten.`
      : 'Denne tekst er ændret, siden du sagde ja, så dit gamle ja tæller ikke.',
  openUnanswered: 'Det, du lader stå åbent, tæller som ikke nu.',
  notSaved: 'Dit svar blev ikke gemt, så det er et nej indtil videre.',
  ranOut: 'Dette spørgsmål var udløbet, så intet blev gemt. Her er det igen.',
  newWords: 'Teksten i dette spørgsmål er ændret, så her er det igen. Intet blev gemt.',
  arrived: (q) => `Et spørgsmål i chatten: ${words.mayGet(q)}`,

  laterHolds: (entry) => `Så ikke nu. Det, du sagde før om ${entry.partner}, gælder stadig.`,
  later: 'Så ikke nu. Vi spørger ikke igen i denne chat.',
  nothing: ({ partner, receives }) =>
    `Forstået: ${receives ? `Intet fra ${partner} bliver tilføjet` : `${partner} får intet`}. Chatten fortsætter.`,
  done: ({ partner, receives, by }) =>
    `${by ? forYou[by] : 'Gemt: '}${receives ? `Fra ${partner} tilføjer vi ` : `${partner} må få `}`,
  yourFields: (fields) => say.your(fields),
  notFields: (fields) => `ikke ${say.your(fields)}`,
  receipt: 'Kvittering',
  change: 'Ændr',
  status: (entry) => {
    const said = [...entry.yes.map((f) => `${say.label(f)} ja`), ...entry.no.map((f) => `${say.label(f)} nej`)];
    return `${entry.partner}: ${said.join(', ') || 'ikke nu'}.`;
  },
  off: (partner) => `${partner} er slået fra.`,
  offInPart: (partner) => `${partner} er slået fra til ét formål. Det, du sagde om de andre, gælder stadig.`,
  told: (entry) => {
    if (entry.kind === 'keyword') return keywords[entry.word](entry);
    if (entry.kind === 'objected' && !entry.on)
      return entry.what === 'all'
        ? 'Du gør ikke længere indsigelse: Dine valg tæller igen.'
        : 'Profilering er ikke længere stoppet.';
    if (entry.kind === 'under_age' && !entry.on) return 'Du regnes ikke længere for mindreårig. Vi spørger dig på ny.';
    return [toldOn(entry), words.stoppedToo(entry)].filter(Boolean).join(' ');
  },
  stoppedToo: ({ stopped, alreadyOut }) =>
    [
      stopped > 0 && `${start(counted(stopped, 'en ting', numbers, 'ting'))}, der ventede, blev ikke sendt.`,
      alreadyOut > 0 && 'Det, der var givet videre før, står under Mine data.',
    ]
      .filter(Boolean)
      .join(' '),
  shared: (entry) =>
    entry.state === 'sent'
      ? `${entry.partner} fik ${say.your(entry.fields)}.`
      : `Vi kan endnu ikke sige, om ${entry.partner} fik ${say.your(entry.fields)}.`,

  noAnswer: 'Chatten svarer ikke. Den prøver igen af sig selv; intet af det, du skrev, går tabt.',
  noAnswerBegin: 'Chatten svarer ikke lige nu. Intet af det, du skrev, går tabt; send det igen om et øjeblik.',
  tooMany: 'Det var meget på én gang. Vent lidt, og prøv igen.',
  cannotStore: 'Chatten kan ikke gemme noget lige nu. Prøv igen om et minut.',
  notHere: 'Denne chat tilbydes ikke på denne side.',
  wentWrong: 'Noget gik galt her. Prøv igen.',
};

function toldOn(entry: EntryOf<'objected'> | EntryOf<'under_age'>): string {
  if (entry.kind === 'under_age')
    return entry.by
      ? 'Vi går ud fra, at du er mindreårig, så intet om dig gives videre.'
      : 'Du har fortalt os, at du er mindreårig, så det, du sagde ja til før, tæller ikke.';
  return entry.what === 'all'
    ? 'Du har stoppet al profilering og direkte markedsføring: Intet om dig gives videre til det.'
    : 'Du har stoppet profilering.';
}

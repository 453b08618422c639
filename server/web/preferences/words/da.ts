import type { Reason } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import { numbers, say } from '../../../i18n/da.ts';
import { start, whole } from '../../../i18n/en.ts';
import { counted, datesOf } from '../../../i18n/forms.ts';
import { byName, placesIn } from '../../../i18n/rules.ts';
import { copy } from './copy/da.ts';
import type { Words } from './en.ts';
import { rights } from './rights/da.ts';

const dates = datesOf('da');
const labels = (all: readonly Field[]): string => start(say.list(all.map((f) => say.label(f).toLowerCase())));
const placeName = placesIn(
  say.country,
  { 'US-CA': 'Californien', 'US-CO': 'Colorado', 'US-CT': 'Connecticut', 'US-UT': 'Utah', 'US-VA': 'Virginia' },
  'Et andet sted',
);
const died = (n: number): string =>
  n > 0 ? ` ${start(counted(n, 'en ting', numbers, 'ting'))}, der ventede, blev ikke sendt.` : '';
const reasons: Record<Reason, string> = {
  no_consent: 'Du er ikke blevet spurgt.',
  operator_posture_ask_first: 'Du er ikke blevet spurgt.',
  awaiting_answer: 'Du har ikke svaret endnu.',
  refused: 'Du sagde nej.',
  withdrawn: 'Du tog dit ja tilbage.',
  scope_not_covered: 'Dit ja omfattede ikke dette.',
  policy_version_stale: 'Informationen er ændret, så dit gamle ja tæller ikke.',
  consent_expired: 'Dit ja er udløbet.',
  opt_out_signal: 'Din browser beder om ikke at dele.',
  restricted: 'Du bad os stoppe denne brug.',
  objected: 'Du bad os stoppe denne brug.',
  minor_needs_guardian: 'Vi giver ikke data om mindreårige videre.',
  teen_needs_opt_in: 'Vi giver ikke data om mindreårige videre.',
  special_needs_explicit: 'Det kræver sit eget ja.',
  notice_not_served: 'Du fik det ikke at vide på forhånd, så det bliver her.',
  connection_not_active: 'Partneren kan ikke nås lige nu.',
  purpose_not_declared: 'Det er aldrig blevet oplyst, så det bliver her.',
  recipient_not_documented: 'Det er aldrig blevet oplyst, så det bliver her.',
  subject_erased: 'Du er glemt her.',
  revoked_or_invalidated: 'Det ja tæller ikke.',
  legal_obligation: 'Loven kræver det.',
  service_provider_necessary: 'Nødvendigt for tjenesten.',
  consent_granted: 'Du sagde ja.',
  opt_out_regime_default: 'Du fik det at vide og gjorde ikke indsigelse.',
};

/** The visitor's own pages in Danish, with "du". */
export const words: Words = {
  tag: 'da',
  itself: 'Dansk',
  languages: 'Sprog',
  country: say.country,
  languageName: dates.languageName,
  day: dates.day,
  stamp: dates.stamp,
  fields: labels,
  field: say.label,

  title: (brand) => `Dine data hos ${brand}`,
  skip: 'Gå til dine valg',
  head: 'Hvem der må få dine data',
  lede: (brand) =>
    `Intet om dig gives videre fra chatten hos ${brand}, medmindre du siger ja. Du kan ændre mening med ét tryk, og chatten fortsætter.`,
  notSaved: (what, on) => `Din ændring blev ikke gemt. ${what} er stadig slået ${on ? 'til' : 'fra'}.`,
  quoted: (s) => `“${s}”`,
  saving: 'gemmer',
  again: (partner, second) =>
    `Intet er gemt endnu: ${
      second
        ? `Du sagde nej til ${partner} tidligere, så vi spørger to gange.`
        : 'Denne browser var ny for os og er kendt fra nu af.'
    } Tryk én gang til ved ${partner} for at sige ja.`,
  savedYes: (partner, fields) => `Gemt: ${partner} må få ${say.your(fields)}.`,
  savedNo: (partner, stopped) => `Gemt: ${partner} er slået fra.${died(stopped)}`,
  changeLost: 'Din ændring blev ikke gemt. Nedenfor står, hvad der gælder nu.',
  unknown: (brand) => ({
    what: 'Vi kender ikke denne browser.',
    more: `Hvis du har chattet med ${brand}, så åbn “Mine data hos ${brand}” i chatten: Så viser denne side dine egne valg, og hvem der har fået hvad. Et valg, du træffer her, gælder kun denne browser.`,
  }),
  honored: {
    asks: (signal) => `Din browser beder websteder om ikke at dele (${signal}).`,
    honored: 'Dit ønske om ikke at dele er imødekommet:',
    late: 'Deling er slået fra.',
    first: 'Deling var slået fra fra dit første besøg.',
    counts: 'Et ja nedenfor gælder kun den ene partner.',
  },

  choices: 'Dine valg',
  forWhom: (known) => `${known ? 'For den besøgende i denne browser.' : 'For denne browser.'} Du behøver ingen konto.`,
  noPartner: 'Ingen partner er tilsluttet. Intet gives videre.',
  eachSaved:
    'Hver kontakt gemmes, når du trykker på den. Et nej gælder med det samme, også for data, der stadig venter.',
  sandboxTag: 'testmiljø',
  usesAi: 'bruger AI',
  state: { yes: 'Ja', no: 'Nej', asked: 'Spurgt', later: 'Ikke nu', open: 'Ikke spurgt' },
  onlyBelow: 'Må kun få det, der er slået til nedenfor.',
  may: (fields, { on, receives }) =>
    receives
      ? `${on ? 'Bliver tilføjet' : 'Ville blive tilføjet'}: ${say.your(fields)}`
      : `${on ? 'Må få' : 'Ville få'} ${say.your(fields)}`,
  because: ['. Hvad det er til: ', '.'],
  leftOut: (saidNo, receives) =>
    `${saidNo ? 'Du sagde nej' : 'Dit ja omfattede ikke dette'}, så det ${receives ? 'bliver ikke tilføjet' : 'bliver her'}.`,
  silence: {
    partner: (partner) => `${partner} får intet`,
    added: 'intet bliver tilføjet',
    here: 'det bliver her',
  },
  unanswered: (asked, silence) => `${asked ? 'Du har ikke svaret endnu' : 'Du er ikke blevet spurgt'}, så ${silence}.`,
  saidLater: (at, silence) => `Du sagde “ikke nu”${at}, så ${silence}.`,
  saidYes: (at) => `Du sagde ja${at}.`,
  saidNo: (at) => `Du sagde nej${at}.`,
  tookBack: (at) => `Du tog dit ja tilbage${at}.`,
  at: (iso, now) => ` den ${dates.day(iso, now)} kl. ${say.clock(iso)}`,
  notBefore: (when) => `Vi spørger ikke igen før den ${when}.`,
  receipt: 'Kvittering',
  receiptOf: (partner, fields) => `for dit svar om ${partner} og ${say.your(fields)}`,
  noticeOf: (when, version) => `Information fra ${when}, version ${version}`,
  noticeAbout: (partner) => `som du svarede på om ${partner}`,
  notConnected: (partner) => `${partner} er ikke tilsluttet lige nu, så intet gives videre.`,
  alreadyOut: (partner, fields, when) => `${partner} har allerede ${say.your(fields)} fra den ${when}.`,
  toldIt: {
    told: 'Partneren har fået besked om ikke at bruge det længere.',
    impossible: 'Partneren har ingen måde at få at vide, at du har ændret mening.',
    waiting: (by) => `Partneren får senest den ${by} besked om ikke at bruge det længere.`,
  },
  erase: [' Skriv til ', ' for at få det slettet der.'],
  policy: 'Partnerens privatlivspolitik',
  each: (partner) => `${partner}, hver for sig`,
  further: (fields, from) => `${start(say.your(fields))}${from ? `, som ${from} har registreret` : ''}`,
  sayNo: 'Sig nej',
  sayNoTo: (partner) => `til ${partner}`,
  noMoreAsking: 'Så spørger ingen dig om det.',
  factsLine: { kept: 'Opbevaring:', either: 'Chatten fortsætter uanset hvad.' },

  stopHead: 'Stop brug af dine data',
  stopLede: 'Du må gøre indsigelse når som helst, uden grund.',
  stops: {
    all: {
      name: 'Stop al profilering og direkte markedsføring',
      means:
        'Så får ingen noget om dig, heller ikke hvor du sagde ja ovenfor. Kun det, en aftale med dig kræver, eller loven beder om, fortsætter.',
    },
    profiling: {
      name: 'Ingen profilering',
      means:
        'Så får ingen at vide, hvad du gør på vores sider, og intet bruges til at bedømme dig eller tilpasse tilbud til dig.',
    },
  },
  stopped: (on) => (on ? 'Stoppet' : 'Ikke stoppet'),
  saidStop: (what, on, stopped) =>
    on
      ? `Gemt: ${what === 'all' ? 'Alt dette er stoppet' : 'Profilering er stoppet'}.${died(stopped)}`
      : `Gemt: ${what === 'all' ? 'Dine valg ovenfor tæller igen' : 'Profilering er ikke længere stoppet'}.`,

  about: 'Om dig, hvis du vil',
  aboutLede:
    'Det afgør, hvilken lov der beskytter dig her. Det bliver her, og du kan ændre det eller tage det tilbage.',
  aboutSeen: (countries) =>
    `Vi går også efter din netværksadresse (${say.list(countries)}): Af alle love, der kan beskytte dig, gælder den strengeste, uanset hvad du siger. Vi gemmer ${countries.length === 1 ? 'landet' : 'landene'}, ikke adressen.`,
  place: 'Hvor bor du?',
  placeName,
  age: 'Hvor gammel er du?',
  ages: {
    under_13: 'Jeg er under 13',
    '13_to_15': 'Jeg er 13, 14 eller 15',
    '16_or_over': 'Jeg er 16 eller ældre',
  },
  ratherNot: 'Det vil jeg helst ikke sige',
  save: 'Gem',
  aboutSaved: 'Gemt. Det gælder fra nu af.',

  history: 'Hvem der har fået hvad',
  left: 'De sidste 12 måneder, det nyeste først.',
  nobodyGot: 'Ingen har fået data om dig i de sidste 12 måneder.',
  columns: { when: 'Hvornår', who: 'Hvem', what: 'Hvad', result: 'Resultat' },
  results: {
    sent: 'Sendt',
    refused: 'Sendt, ikke modtaget',
    open: 'Bliver sendt',
    unknown: 'Måske sendt',
    failed: 'Ikke sendt',
    aborted: 'Stoppet',
    withheld: 'Holdt tilbage',
  },
  never: { when: '12 måneder', what: 'Intet', result: 'Aldrig sendt' },
  stayed: (fields, why) => `${fields}: ${why.replace(/\.$/, '')}`,
  reason: (reason, partner, saidNo = false) => {
    if (saidNo && reason === 'scope_not_covered') return reasons.refused;
    return reason === 'connection_not_active' ? `${partner} kan ikke nås lige nu.` : reasons[reason];
  },

  proof: 'Mine bevisnøgler',
  proofLede: [
    'Hvert svar og hver afsendelse står i et signeret register, der ikke nævner nogen. Dine bevisnøgler åbner rækkerne om dig: Med en kvittering og ',
    ' kan du vise, hvad der blev sendt, og på hvilket svar. Den, der har denne fil, kan læse rækkerne, så behold den for dig selv.',
  ],
  checkPage: 'kontrolsiden',
  takeProof: 'Hent mine bevisnøgler',

  addressHead: 'Slå alt fra for en adresse',
  addressLede: (brand) =>
    whole(
      `For din e-mailadresse eller dit telefonnummer, også hvis du aldrig har chattet med ${brand} eller bruger en anden browser. Vi fører ingen liste over adresser til det, kun et mærke dannet med en nøgle, som vi kender din igen på.`,
    ),
  addressSaved: 'Gemt: Hvis nogen chatter med denne adresse, deles den med ingen, medmindre de selv siger ja.',
  address: whole('Din e-mailadresse eller dit telefonnummer'),
  addressWrong: whole(
    'Det er ikke en hel e-mailadresse eller et helt telefonnummer, så intet blev gemt. Et udenlandsk nummer skal have + og landekode.',
  ),
  addressFailed: 'Det kunne ikke gemmes. Intet er ændret; prøv igen om et minut.',
  everywhere: 'Også for alle andre brands på denne internetadresse',
  allOff: 'Slå alt fra',

  decides: (brand) => `Sådan afgør ${brand} det`,
  decidesLede: (brand) => `${brand} har selv valgt disse regler. For resten gælder de strengeste.`,
  decidesUnread: 'Reglerne kan ikke læses lige nu, så intet gives videre.',
  since: (when) => `Siden den ${when}.`,
  rules: {
    switches: {
      signalStopsAllConsentSharing:
        'Hvis din browser beder websteder om ikke at dele, stopper det kun salg her. Det, du før sagde ja til, fortsætter.',
      askedMeansWait:
        'Et spørgsmål, du ikke har svaret på endnu, ændrer intet: Det, der må gives videre uden et ja, må det stadig.',
      optOutDefaultEnabled:
        'Hvor loven tillader det, må dine data gives videre, efter at du har fået det at vide, indtil du siger nej. Et nej gælder med det samme.',
      refusalStopsProcessors:
        'Et nej stopper ikke firmaer, der kun arbejder for os: De får det, som vores aftale med dig kræver.',
      dntActsLikeGpc: 'Hvis din browser sender Do Not Track, tæller det som et ønske om ikke at dele.',
      childDirected: 'Vores sider er for børn: Den, der intet siger om sin alder, regnes for mindreårig her.',
      maskCards: 'Kortnumre bliver stående i chatbeskeder her: Skriv ikke noget.',
      maskBanks: 'Kontonumre bliver stående i chatbeskeder her: Skriv ikke noget.',
      maskSocial: 'CPR-numre bliver stående i chatbeskeder her: Skriv ikke noget.',
    },
    from13: 'Fra 13 år siger du selv ja, medmindre vi ved, at loven, hvor du bor, kræver mere.',
    serves: (places, agree) =>
      `Vi betjener folk disse steder: ${say.list(byName(places, placeName, 'da').map(placeName))}.${agree ? '' : ' Deres love er forskellige, så den strengeste gælder for alle.'}`,
  },

  askUs: ['Spørgsmål, eller noget, vi ikke tilbyder her? Skriv til ', '. Du kan også klage til dit lands datatilsyn.'],
  notice: (when) => `Information fra ${when}`,
  noNotice: 'Ingen information endnu',
  version: (n) => `version ${n}. Ført af askfirst.`,

  noticeTitle: (brand) => `Information fra ${brand}`,
  noticeLede: (brand) => `Intet om dig gives videre fra chatten hos ${brand}, medmindre du siger ja.`,
  noticeEmpty: 'Ingen partner var tilsluttet dengang, så ingen kunne få noget.',
  sameIn: ['Det samme på ', '.'],
  versionIn: (version, language) => `Version ${version}, ${language}. Navn i kvitteringer:`,
  rights,
  copy,

  prove: {
    head: 'Se dine egne data',
    lede: (brand) =>
      whole(
        `Har du givet ${brand} din e-mailadresse i en chat? Vi mailer dig et link, der viser dine egne valg her, og hvem der har fået hvad. Vi spørger ikke om andet.`,
      ),
    email: whole('Din e-mailadresse'),
    send: 'Mail mig et link',
    asked:
      'Hvis denne adresse er givet i en chat her, er et link på vej til den. Det virker én gang i en time; vi mailer højst tre på en time.',
    wrong: whole('Det er ikke en hel e-mailadresse, så intet blev mailet.'),
    once: 'Dette link virker én gang. Tryk på knappen, så viser denne browser dine egne valg, og hvem der har fået hvad i de sidste 12 måneder. Den er kendt en dag derefter, så brug din egen enhed.',
    show: 'Vis mine data',
    dead: 'Dette link virker ikke længere',
    deadLede: 'Det er allerede brugt, det er for gammelt, eller der mangler en del af det. Du kan få mailet et nyt.',
    back: 'Til siden uden link',
  },
};

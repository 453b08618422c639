import { type AgeBand, type DeclaredPlace, lawOf, type Place } from '#contract/places.ts';
import { type BrandConfig, type RuleName, type RuleSwitch, ruleSwitches, strictRules } from '#contract/settings.ts';
import { country, list } from './en.ts';

/** Places by their names in one language: countries as it writes them, the states of the USA and the rest as given. */
export const placesIn =
  (country: (code: string) => string, states: Readonly<Record<string, string>>, elsewhere: string) =>
  (place: DeclaredPlace): string =>
    place === 'elsewhere' ? elsewhere : states[place] ? `${states[place]} (USA)` : country(place);

/** "Denmark", "California (USA)". */
export const placeName = placesIn(
  country,
  { 'US-CA': 'California', 'US-CO': 'Colorado', 'US-CT': 'Connecticut', 'US-UT': 'Utah', 'US-VA': 'Virginia' },
  'Somewhere else',
);

/** Places by name, as people of a language look for them. */
export const byName = <T extends DeclaredPlace>(all: readonly T[], name = placeName, locale = 'en'): T[] =>
  [...all].sort((a, b) => name(a).localeCompare(name(b), locale));

/** An age band, as the person says it. */
export const ageWords: Record<AgeBand, string> = {
  under_13: 'I am under 13',
  '13_to_15': 'I am 13, 14 or 15',
  '16_or_over': 'I am 16 or older',
};

/** One rule as the console words it: its question, and what each answer means. */
interface RuleWords {
  name: string;
  /** What the strict or usual value means. */
  usual: string;
  /** What the other value allows or changes. */
  other: string;
}

/** The switches of the page Privacy rules, to the brand. */
export const ruleWords: Record<RuleSwitch, RuleWords> = {
  signalStopsAllConsentSharing: {
    name: 'A browser that asks not to share',
    usual: 'It stops everything. Only a yes to one partner, given in knowledge of it, lets that partner get something.',
    other: 'It stops selling alone. A yes from before goes on counting although the browser asks not to share.',
  },
  askedMeansWait: {
    name: 'A question nobody answered yet',
    usual: 'It means wait: nothing leaves until it is answered.',
    other: 'It changes nothing: where data may leave without a yes, it may leave while the question is open.',
  },
  optOutDefaultEnabled: {
    name: 'Where the law asks only for a no',
    usual: 'You ask first there too: nothing leaves without a yes.',
    other: 'Data of grown-up people who were told and said nothing may leave there without a yes.',
  },
  refusalStopsProcessors: {
    name: 'A no, and partners who only work for you',
    usual: 'It stops them too.',
    other: 'It does not stop them: they still get what a contract with the person needs.',
  },
  dntActsLikeGpc: {
    name: 'Do Not Track',
    usual: 'It is written down and changes nothing.',
    other: 'It counts like Global Privacy Control: the browser asks not to share.',
  },
  childDirected: {
    name: 'Whom your pages are for',
    usual: 'Everybody: who says nothing about their age counts as grown up, unless something speaks against it.',
    other: 'Children: who says nothing counts as under age, and only a guardian can say yes.',
  },
  maskCards: {
    name: 'Card numbers in the chat',
    usual: 'They are taken out of a message before it is stored, and nobody can bring them back.',
    other: 'They stay in the message. Choose this only where your own numbers look like card numbers.',
  },
  maskBanks: {
    name: 'Bank account numbers in the chat',
    usual: 'An IBAN is taken out of a message before it is stored, and nobody can bring it back.',
    other: 'It stays in the message.',
  },
  maskSocial: {
    name: 'Social security numbers in the chat',
    usual: 'US and Danish ones are taken out of a message before it is stored, and nobody can bring them back.',
    other: 'They stay in the message.',
  },
};
/** The rules that are no switches. */
export const consentAgeWords = {
  name: 'From which age people say yes themselves',
  16: 'From 16 years on.',
  13: 'From 13 years on, where we do not know that a law says more. For 13 to 15 only their own yes counts.',
} as const;
/** Head of the list of places. */
export const placesWords = 'Where you serve people';

/** A rule's name in a list of changes. */
export const ruleName = (rule: RuleName): string =>
  rule === 'consentAge' ? consentAgeWords.name : rule === 'places' ? placesWords : ruleWords[rule].name;

/** One value of a rule in a list of changes. */
export function ruleValue(rule: RuleName, value: unknown): string {
  if (rule === 'consentAge') return value === 13 ? '13 years' : '16 years';
  if (rule === 'places') return list(byName(value as Place[]).map(placeName)) || 'Not said';
  return value === strictRules[rule] ? ruleWords[rule].usual : ruleWords[rule].other;
}

/** How a language says to visitors what a brand decides otherwise than the strict rules. */
export interface RuleSentences {
  switches: Record<RuleSwitch, string>;
  /** The age of a yes of one's own is 13. */
  from13: string;
  /** `agree`: the laws of all those places say the same. */
  serves(places: readonly Place[], agree: boolean): string;
}

/** Those sentences in English. */
export const rulesInEnglish: RuleSentences = {
  switches: {
    signalStopsAllConsentSharing:
      'If your browser asks sites not to share, that stops selling here. What you said yes to before still goes on.',
    askedMeansWait:
      'A question you have not answered yet changes nothing: what may leave without a yes may still leave.',
    optOutDefaultEnabled:
      'Where the law allows it, your data may leave after you were told, until you say no. A no counts at once.',
    refusalStopsProcessors:
      'A no does not stop companies that only work for us: they get what our contract with you needs.',
    dntActsLikeGpc: 'If your browser sends Do Not Track, we count it as a wish not to share.',
    childDirected: 'Our pages are for children: who says nothing about their age counts as under age here.',
    maskCards: 'Card numbers stay in chat messages here: do not write one.',
    maskBanks: 'Bank account numbers stay in chat messages here: do not write one.',
    maskSocial: 'Social security numbers stay in chat messages here: do not write one.',
  },
  from13: 'From 13 years on you say yes yourself, unless we know that the law where you live says more.',
  serves: (places, agree) =>
    `We serve people in ${list(byName(places).map(placeName))}.${agree ? '' : ' Their laws differ, so the strictest counts for everybody.'}`,
};

/** What a brand decides otherwise than the strict rules, in its own words to visitors (GATE.md d); nothing where nothing differs. */
export function rulesForVisitors(
  config: BrandConfig,
  say: RuleSentences = rulesInEnglish,
): { rule: RuleName; text: string }[] {
  const switches = ruleSwitches
    .filter((rule) => config[rule] !== strictRules[rule])
    .map((rule): { rule: RuleName; text: string } => ({ rule, text: say.switches[rule] }));
  const age: typeof switches = config.consentAge === 16 ? [] : [{ rule: 'consentAge', text: say.from13 }];
  if (config.places.length === 0) return [...switches, ...age];
  const agree = new Set(config.places.map(lawOf)).size === 1;
  return [{ rule: 'places', text: say.serves(config.places, agree) }, ...switches, ...age];
}

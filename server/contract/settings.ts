import * as z from 'zod/mini';
import { ageBands, declaredPlaces, places } from './places.ts';

/** The switches of a brand, each with two values (GATE.md d and h, R52). */
export const ruleSwitches = [
  'signalStopsAllConsentSharing',
  'askedMeansWait',
  'optOutDefaultEnabled',
  'refusalStopsProcessors',
  'dntActsLikeGpc',
  'childDirected',
  'maskCards',
  'maskBanks',
  'maskSocial',
] as const;
/** One of them. */
export type RuleSwitch = (typeof ruleSwitches)[number];

/** What a brand may decide. A key that is not here cannot be saved: no pre-ticked yes, no chat that hangs on one (R19). */
const rules = {
  signalStopsAllConsentSharing: z.boolean(),
  askedMeansWait: z.boolean(),
  optOutDefaultEnabled: z.boolean(),
  refusalStopsProcessors: z.boolean(),
  /** `DNT: 1` acts like `Sec-GPC: 1` (GATE.md h). */
  dntActsLikeGpc: z._default(z.boolean(), false),
  /** The site is made for children: of whom nothing is known is below the age (GATE.md d). */
  childDirected: z.boolean(),
  /** Numbers of payment cards, bank accounts and social security are taken out of messages before they are written (R52). */
  maskCards: z._default(z.boolean(), true),
  maskBanks: z._default(z.boolean(), true),
  maskSocial: z._default(z.boolean(), true),
  /** From which age somebody may say yes alone, in years, where the law of no place is known; only a band is asked. */
  consentAge: z.union([z.literal(16), z.literal(13)]),
  /** Where the brand serves people: candidates for the law that counts (GATE.md d). */
  places: z.array(z.enum(places)).check(z.refine((list) => new Set(list).size === list.length)),
};
const rulesSchema = z.strictObject(rules);
/** The rules a brand decides by. */
export type Rules = z.infer<typeof rulesSchema>;
/** A rule's name, as in ledger rows of type `setting`. */
export type RuleName = keyof Rules;

/** Every rule at its strict value (GATE.md d, "Stricter than law"). */
export const strictRules: Rules = Object.freeze({
  signalStopsAllConsentSharing: true,
  askedMeansWait: true,
  optOutDefaultEnabled: false,
  refusalStopsProcessors: true,
  dntActsLikeGpc: false,
  childDirected: false,
  maskCards: true,
  maskBanks: true,
  maskSocial: true,
  consentAge: 16,
  places: [],
});

/** All that `brand.settings_json` holds: the rules, their version, and where the widget may stand. */
export const brandConfig = z.strictObject({
  ...rules,
  /** Raised by each change, so that nobody overwrites what they have not seen. */
  version: z._default(z.int().check(z.nonnegative()), 0),
  /** Origins that may embed the widget. */
  sites: z.array(z.string()),
});
/** A brand's settings as read. */
export type BrandConfig = z.infer<typeof brandConfig>;

/** One rule that changed, as its ledger row has it; no value is personal (GATE.md f). */
export type RuleChange = { [N in RuleName]: { setting: N; old: Rules[N]; new: Rules[N] } }[RuleName];

const yesNo = z.enum(['yes', 'no']);
const onePlace = z.array(z.enum(places));
/** The form of the console's page Privacy rules, its `place.XX` boxes gathered into `places`. */
export const rulesForm = z.strictObject({
  csrf: z.string(),
  version: z.string().check(z.regex(/^\d{1,9}$/)),
  signalStopsAllConsentSharing: yesNo,
  askedMeansWait: yesNo,
  optOutDefaultEnabled: yesNo,
  refusalStopsProcessors: yesNo,
  dntActsLikeGpc: yesNo,
  childDirected: yesNo,
  maskCards: yesNo,
  maskBanks: yesNo,
  maskSocial: yesNo,
  consentAge: z.enum(['16', '13']),
  places: onePlace,
});

/** What a visitor may say about themselves on the preference page; an empty word takes it back. */
export const aboutForm = z.strictObject({
  csrf: z.string(),
  place: z.union([z.literal(''), z.enum(declaredPlaces)]),
  age: z.union([z.literal(''), z.enum(ageBands)]),
});
/** What a visitor may stop beside single partners: every use that is no contract's, or profiling (Art. 21 GDPR, R26). */
const objections = ['all', 'profiling'] as const;
/** One of them. */
export type Objection = (typeof objections)[number];
/** The form of one objection's switch. */
export const objectForm = z.strictObject({ csrf: z.string(), what: z.enum(objections), want: yesNo });

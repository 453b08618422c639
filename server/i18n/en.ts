import type { MaskedKind } from '#contract/chat.ts';
import type { Purpose, Reason } from '#contract/consent.ts';
import type { Score } from '#contract/survey.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';

/** "name", "name and e-mail", "name, e-mail and phone". */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Keeps "e-mail" on one line: a word joiner after its hyphen, which nobody sees, hears or has to search for. */
export const whole = (s: string): string =>
  s.replace(/\be-mail/gi, (word) => `${word.slice(0, 2)}\u2060${word.slice(2)}`);

/** "name and e-mail": fields inside a sentence. */
export const fieldList = (fields: readonly Field[]): string => whole(list(fields.map((f) => visitorFields[f].label)));

/** "US" becomes "United States"; a name stays as the partner's facts have it. */
export const country = (code: string): string =>
  /^[A-Z]{2}$/.test(code) ? (new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code) : code;

/** "Harbor Motors’", "Acme’s". */
export const possessive = (name: string): string => (name.endsWith('s') ? `${name}’` : `${name}’s`);

/** "German" for "de". */
export const languageName = (tag: string): string => new Intl.DisplayNames('en', { type: 'language' }).of(tag) ?? tag;

/** "two fields", "11 fields": numbers up to ten in words in sentences (UI.md 5). */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'][n] ?? n} ${n === 1 ? one : many}`;

/** First letter raised, for the start of a row or sentence. */
export const start = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);

/** Dates in one form, in the reader's zone; made once, because making it costs more than a hundred uses of it. */
export const dateWords = (form: Intl.DateTimeFormatOptions): ((at: Date) => string) => {
  let made: Intl.DateTimeFormat | undefined;
  return (at) => {
    made ??= new Intl.DateTimeFormat('en-GB', form);
    return made.format(at);
  };
};
const hourAndMinute = dateWords({ hour: '2-digit', minute: '2-digit' });
const shortDay = dateWords({ day: 'numeric', month: 'short' });
const longDay = dateWords({ day: 'numeric', month: 'long' });
const dayOfYear = dateWords({ day: 'numeric', month: 'long', year: 'numeric' });

/** 14:06, in the reader's zone. */
export const clock = (iso: string): string => hourAndMinute(new Date(iso));

/** "today, 14:01" or "3 Nov", in the reader's zone. */
export const when = (iso: string, now: Date = new Date()): string => {
  const d = new Date(iso);
  return d.toDateString() === now.toDateString() ? `today, ${clock(iso)}` : shortDay(d);
};

/** Why a field stays, to the agent; `who` is the person's name, never a pronoun (UI.md 5). */
export function reasonForAgent(reason: Reason, who: string, partner: string, saidNo = false): string {
  if (saidNo && reason === 'scope_not_covered') return `${who} said no.`;
  return {
    no_consent: `${who} has not been asked.`,
    operator_posture_ask_first: `${who} has not been asked.`,
    awaiting_answer: 'Asked, no answer yet.',
    refused: `${who} said no.`,
    withdrawn: `${who} took the yes back.`,
    scope_not_covered: `Not part of ${who}’s yes.`,
    policy_version_stale: `The notice changed; ${who} must be asked again.`,
    consent_expired: 'The yes ran out.',
    opt_out_signal: `${who}’s browser asks not to share.`,
    restricted: 'Blocked at the person’s request.',
    objected: 'Blocked at the person’s request.',
    minor_needs_guardian: 'Under age: nothing is shared.',
    teen_needs_opt_in: 'Under age: nothing is shared.',
    special_needs_explicit: 'Too sensitive for a general yes.',
    notice_not_served: 'Collected before the notice was shown.',
    connection_not_active: `${partner} is not connected.`,
    purpose_not_declared: 'The add-on did not say it wants this.',
    recipient_not_documented: 'The add-on did not say it wants this.',
    subject_erased: 'This person was forgotten.',
    revoked_or_invalidated: 'The yes was declared void.',
    legal_obligation: 'The law asks for this.',
    service_provider_necessary: 'Needed for the service.',
    consent_granted: `${who} said yes.`,
    opt_out_regime_default: `${who} was told and did not object.`,
  }[reason];
}

/** Why a field stays, to the visitor (UI.md 5). */
export function reasonForVisitor(reason: Reason, partner: string, saidNo = false): string {
  if (saidNo && reason === 'scope_not_covered') return 'You said no.';
  return {
    no_consent: 'You have not been asked.',
    operator_posture_ask_first: 'You have not been asked.',
    awaiting_answer: 'You have not answered yet.',
    refused: 'You said no.',
    withdrawn: 'You took your yes back.',
    scope_not_covered: 'Your yes did not include this.',
    policy_version_stale: 'The notice changed, so your old yes does not count.',
    consent_expired: 'Your yes ran out.',
    opt_out_signal: 'Your browser asks not to share.',
    restricted: 'You asked us to stop this use.',
    objected: 'You asked us to stop this use.',
    minor_needs_guardian: 'We do not share data of people under age.',
    teen_needs_opt_in: 'We do not share data of people under age.',
    special_needs_explicit: 'This needs a yes of its own.',
    notice_not_served: 'You were not told before, so it stays.',
    connection_not_active: `${partner} cannot be reached now.`,
    purpose_not_declared: 'This was never announced, so it stays.',
    recipient_not_documented: 'This was never announced, so it stays.',
    subject_erased: 'You were forgotten here.',
    revoked_or_invalidated: 'That yes does not count.',
    legal_obligation: 'The law asks for this.',
    service_provider_necessary: 'Needed for the service.',
    consent_granted: 'You said yes.',
    opt_out_regime_default: 'You were told and did not object.',
  }[reason];
}

/** A purpose in words, after "for". */
export const purposeWords: Record<Purpose, string> = {
  RequestedServiceProvision: 'what you asked for',
  CustomerCare: 'looking after you',
  CustomerRelationshipManagement: 'keeping your customer record',
  ServiceUsageAnalytics: 'counting how the service is used',
  DirectMarketing: 'writing to you about offers',
  TargetedAdvertising: 'advertising',
  Personalisation: 'fitting pages to you',
  FraudPreventionAndDetection: 'stopping fraud',
  LegalCompliance: 'what the law asks',
  SellDataToThirdParties: 'selling data',
};

/** "HubSpot, for keeping your customer record": which text of a notice is meant, as its reader would say it. */
export const topicWords = ({ partner, purpose }: { partner: string; purpose: Purpose }): string =>
  `${partner}, for ${purposeWords[purpose]}`;

/** "22 November", with its year when that is not this one; in the reader's zone. */
export const day = (iso: string, now: Date): string => {
  const d = new Date(iso);
  return d.getFullYear() === now.getFullYear() ? longDay(d) : dayOfYear(d);
};

/** "22 November at 14:01", in the reader's zone. */
export const dayAndTime = (iso: string, now: Date): string => `${day(iso, now)} at ${clock(iso)}`;

/** "22 Nov, 14:06": the time of a table row, in the reader's zone. */
export const stamp = (iso: string): string => `${shortDay(new Date(iso))}, ${clock(iso)}`;

const taken: Record<MaskedKind, string> = {
  card: 'A card number',
  bank: 'A bank account number',
  social: 'A social security number',
};
/** How a chat was, beside its number (R59). */
export const ratingWords: Record<Score, string> = {
  1: 'Bad',
  2: 'Not so good',
  3: 'All right',
  4: 'Good',
  5: 'Very good',
};
/** What was taken out of a message, to its writer and its readers (UI.md 5.44). */
export const maskedWords = (kinds: readonly MaskedKind[]): string =>
  `${list(kinds.map((kind, i) => (i === 0 ? taken[kind] : taken[kind].toLowerCase())))} ${
    kinds.length === 1 ? 'was' : 'were'
  } taken out before the message was stored.`;

import type { PurposeChoice } from '#contract/choices.ts';
import type { AgeBand } from '#contract/places.ts';
import type { Objection } from '#contract/settings.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';
import {
  count,
  country,
  day,
  dayAndTime,
  fieldList,
  languageName,
  list,
  possessive,
  reasonForVisitor,
  stamp,
  start,
  whole,
} from '../../../i18n/en.ts';
import { ageWords, placeName, rulesInEnglish } from '../../../i18n/rules.ts';
import type { Around } from './around.ts';
import { copy } from './copy/en.ts';
import { rights } from './rights/en.ts';

const around: Record<'askUs' | 'erase' | 'proof' | 'goOn', Around> = {
  askUs: [
    'Questions, or something we do not offer here? Write to ',
    '. You may also complain to your data protection authority.',
  ],
  erase: [' To have it erased there, write to ', '.'],
  proof: [
    'Each answer and each send stands in a signed ledger that names nobody. Your proof keys open the rows about you: with a receipt and ',
    ' you can show what was sent, and on which answer. Whoever has this file can read those rows, so keep it to yourself.',
  ],
  goOn: [', ', '.'],
};
const died = (n: number): string =>
  n > 0
    ? ` ${start(count(n, 'thing'))} that ${n === 1 ? 'was' : 'were'} waiting ${n === 1 ? 'was' : 'were'} not sent.`
    : '';
const stops: Record<Objection, { name: string; means: string }> = {
  all: {
    name: 'Stop all profiling and direct marketing use',
    means:
      'Then nobody gets anything about you, also where you said yes above. Only what a contract with you needs, or the law asks for, goes on.',
  },
  profiling: {
    name: 'No profiling',
    means: 'Then nobody gets what you do on our pages, and nothing is used to judge you or to fit offers to you.',
  },
};
const ages: Record<AgeBand, string> = ageWords;
const state: Record<PurposeChoice['state'], string> = {
  yes: 'Yes',
  no: 'No',
  asked: 'Asked',
  later: 'Not now',
  open: 'Not asked',
};

/**
 * Everything a visitor's own pages say (UI.md 5): the preference page, and the notice behind a hash. Its type is what every
 * other language has to say too.
 */
export const words = {
  /** BCP 47 tag of these words. */
  tag: 'en',
  /** This language in itself. */
  itself: 'English',
  languages: 'Language',
  country,
  languageName,
  day,
  stamp,
  fields: (all: readonly Field[]): string => start(fieldList(all)),
  field: (one: Field): string => start(visitorFields[one].label),

  title: (brand: string) => `Your data at ${brand}`,
  skip: 'Skip to your choices',
  head: 'Who may get your data',
  lede: (brand: string) =>
    `Nothing about you leaves ${possessive(brand)} chat unless you say yes. You can change your mind with one tap, and the chat goes on.`,
  notSaved: (what: string, on: boolean) => `Your change was not saved. ${what} is still ${on ? 'on' : 'off'}.`,
  quoted: (s: string) => `“${s}”`,
  saving: 'saving',
  again: (partner: string, second: boolean) =>
    `Nothing is saved yet: ${
      second
        ? `you said no to ${partner} before, so we ask twice.`
        : 'this browser was new to us, and it is known from now on.'
    } Tap ${partner} once more to say yes.`,
  savedYes: (partner: string, fields: readonly Field[]) => `Saved: ${partner} may get your ${fieldList(fields)}.`,
  savedNo: (partner: string, stopped: number) => `Saved: ${partner} is off.${died(stopped)}`,
  changeLost: 'Your change was not saved. Below is what counts now.',
  unknown: (brand: string): { what: string; more: string } => ({
    what: 'We do not know this browser.',
    more: `If you chatted with ${brand}, open “My data at ${brand}” in the chat: then this page shows your own choices, and who got what. A choice you make here counts for this browser only.`,
  }),
  honored: {
    asks: (signal: string) => `Your browser asks sites not to share (${signal}).`,
    honored: 'Opt-out request honored:',
    /** From a day on; whoever sent it on the first visit reads the other one. */
    late: 'sharing is off.',
    first: 'sharing was off from your first visit.',
    counts: 'A yes you give below counts for that partner only.',
  },

  choices: 'Your choices',
  forWhom: (known: boolean) => `${known ? 'For the visitor in this browser.' : 'For this browser.'} No account needed.`,
  noPartner: 'No partner is connected. Nothing leaves.',
  eachSaved: 'Each switch is saved when you tap it. A no counts at once, also for data still waiting.',
  sandboxTag: 'sandbox',
  usesAi: 'uses AI',
  state,
  onlyBelow: 'May get only what is switched on below.',
  may: (fields: readonly Field[], { on, receives }: { on: boolean; receives: boolean }) =>
    `${receives ? (on ? 'Is added:' : 'Would be added:') : on ? 'May get' : 'Would get'} your ${fieldList(fields)}`,
  /** Around the add-on's own reason, which is in English. */
  because: around.goOn,
  leftOut: (saidNo: boolean, receives: boolean) =>
    `${saidNo ? 'You said no' : 'Your yes did not include this'}, so ${receives ? 'it is not added' : 'it stays here'}.`,
  silence: {
    partner: (partner: string) => `${partner} gets nothing`,
    added: 'nothing is added',
    here: 'it stays here',
  },
  unanswered: (asked: boolean, silence: string) =>
    `You have not ${asked ? 'answered yet' : 'been asked'}, so ${silence}.`,
  saidLater: (at: string, silence: string) => `You said not now${at}, so ${silence}.`,
  saidYes: (at: string) => `You said yes${at}.`,
  saidNo: (at: string) => `You said no${at}.`,
  tookBack: (at: string) => `You took your yes back${at}.`,
  /** " on 22 November at 14:01", inside those. */
  at: (iso: string, now: Date) => ` on ${dayAndTime(iso, now)}`,
  notBefore: (when: string) => `We will not ask again before ${when}.`,
  receipt: 'Receipt',
  receiptOf: (partner: string, fields: readonly Field[]) =>
    `of your answer about ${partner} and your ${fieldList(fields)}`,
  noticeOf: (when: string, version: number) => `Notice of ${when}, version ${version}`,
  noticeAbout: (partner: string) => `that you answered about ${partner}`,
  notConnected: (partner: string) => `${partner} is not connected now, so nothing leaves.`,
  alreadyOut: (partner: string, fields: readonly Field[], when: string) =>
    `${partner} already has your ${fieldList(fields)} from ${when}.`,
  toldIt: {
    told: 'It was told not to use it any more.',
    impossible: 'It offers no way to be told that you changed your mind.',
    waiting: (by: string) => `It is to be told by ${by} not to use it any more.`,
  },
  erase: around.erase,
  policy: 'Its policy',
  each: (partner: string) => `${partner}, each by itself`,
  further: (fields: readonly Field[], from: string | undefined) =>
    `Your ${fieldList(fields)}${from ? `, as ${from} has it` : ''}`,
  sayNo: 'Say no',
  sayNoTo: (partner: string) => `to ${partner}`,
  noMoreAsking: 'Then nobody asks you about it.',
  factsLine: { kept: 'Kept', either: 'The chat goes on either way.' },

  stopHead: 'Stop uses of your data',
  stopLede: 'You may object at any time, without a reason.',
  stops,
  stopped: (on: boolean): string => (on ? 'Stopped' : 'Not stopped'),
  saidStop: (what: Objection, on: boolean, stopped: number) =>
    on
      ? `Saved: ${what === 'all' ? 'all of this is stopped' : 'profiling is stopped'}.${died(stopped)}`
      : `Saved: ${what === 'all' ? 'your choices above count again' : 'profiling is no longer stopped'}.`,

  about: 'About you, if you like',
  aboutLede: 'It decides which law protects you here. It stays here, and you can change it or take it back.',
  aboutSeen: (countries: readonly string[]) =>
    `We also go by your network address (${list(countries)}): of all laws that may protect you the strictest decides, whatever you say. We keep the ${countries.length === 1 ? 'country' : 'countries'}, not the address.`,
  place: 'Where do you live?',
  placeName,
  age: 'How old are you?',
  ages,
  ratherNot: 'I would rather not say',
  save: 'Save',
  aboutSaved: 'Saved. It counts from now on.',

  history: 'Who got what',
  left: 'The last 12 months, newest first.',
  nobodyGot: 'Nobody got data about you in the last 12 months.',
  columns: { when: 'When', who: 'Who', what: 'What', result: 'Result' },
  results: {
    sent: 'Sent',
    refused: 'Left, not taken',
    open: 'Being sent',
    unknown: 'Perhaps sent',
    failed: 'Not sent',
    aborted: 'Stopped',
    withheld: 'Withheld',
  },
  never: { when: '12 months', what: 'Nothing', result: 'Never sent' },
  /** "Phone: you said no": a row of what stayed, with its reason behind it; `name` never changes its first letter. */
  stayed: (fields: string, why: string, name: string) =>
    `${fields}: ${(why.startsWith(name) ? why : why.charAt(0).toLowerCase() + why.slice(1)).replace(/\.$/, '')}`,
  reason: reasonForVisitor,

  proof: 'My proof keys',
  proofLede: around.proof,
  checkPage: 'the check page',
  takeProof: 'Download my proof keys',

  addressHead: 'Turn everything off for an address',
  addressLede: (brand: string) =>
    `For your e-mail or phone number, also if you never chatted with ${brand} or use another browser. We keep no list of addresses for this, only a keyed mark by which we know yours again.`,
  addressSaved: 'Saved: whoever chats with this address shares it with nobody, unless they say yes themselves.',
  address: whole('Your e-mail or phone number'),
  addressWrong:
    'That is no whole e-mail address or phone number, so nothing was saved. A number from abroad needs its + and country code.',
  addressFailed: 'This could not be saved. Nothing has changed; please try again in a minute.',
  everywhere: 'Also for all other brands served from this address',
  allOff: 'Turn everything off',

  decides: (brand: string) => `How ${brand} decides`,
  decidesLede: (brand: string) => `${brand} chose these rules itself. For the rest the strictest rules count.`,
  decidesUnread: 'The rules cannot be read just now, so nothing leaves.',
  since: (when: string) => `Since ${when}.`,
  rules: rulesInEnglish,

  askUs: around.askUs,
  notice: (when: string) => `Notice of ${when}`,
  noNotice: 'No notice yet',
  version: (n: number) => `version ${n}. Kept by askfirst.`,

  noticeTitle: (brand: string) => `Notice of ${brand}`,
  noticeLede: (brand: string) => `Nothing about you leaves ${possessive(brand)} chat unless you say yes.`,
  noticeEmpty: 'No partner was connected then, so nobody could get anything.',
  sameIn: ['The same in ', '.'] as Around,
  versionIn: (version: number, language: string) => `Version ${version}, ${language}. Its name in receipts:`,
  rights,
  copy,

  /** Whoever reads a mailbox shows that they do, by a link in a mail (R36). */
  prove: {
    head: 'See what is yours',
    lede: (brand: string) =>
      whole(
        `Did you give ${brand} your e-mail in a chat? We mail you a link that shows your own choices here, and who got what. We ask for nothing else.`,
      ),
    email: whole('Your e-mail'),
    send: 'Mail me a link',
    asked:
      'If this address was given in a chat here, a link is on its way to it. It works once, for one hour; we mail at most three in an hour.',
    wrong: whole('That is no whole e-mail address, so nothing was mailed.'),
    once: 'This link works once. Press the button, and this browser shows your own choices and who got what in the last 12 months. It is known for a day from then on, so use a device of your own.',
    show: 'Show my data',
    dead: 'This link does not work any more',
    deadLede: 'It was used already, it is too old, or a part of it is missing. You can have a new one mailed.',
    back: 'To the page without a link',
  },
};

/** Everything a language has to say. */
export type Words = typeof words;

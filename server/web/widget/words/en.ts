import type { Question } from '#contract/chat.ts';
import type { Score } from '#contract/survey.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';
import { fileWords } from '../../../../extension/panel/kit/file-words.ts';
import { clock, count, country, fieldList, maskedWords, ratingWords, start, whole } from '../../../i18n/en.ts';
import type { EntryOf } from '../log.ts';

const your = (fields: readonly Field[]) => `your ${fieldList(fields)}`;

const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });
const weekdayAndDay = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });

/**
 * Everything the widget says, after UI.md 5: short, the partner named, the field named, no exclamation mark. Its type is
 * what every other language has to say too.
 */
export const words = {
  /** BCP 47 tag of these words. */
  tag: 'en',
  title: (brand: string) => `Chat with ${brand}`,
  noScript: (brand: string) => `The chat with ${brand} needs JavaScript.`,
  keeps: (brand: string) => `${brand} keeps what you write to answer you.`,
  clock,
  hello: 'What can we help with?',
  message: 'Your message',
  writeHere: 'Write a message',
  aboutYou: 'About you, if you like',
  optional: 'optional',
  name: 'Name',
  email: 'E-mail',
  phone: 'Phone',
  staysHere: 'Nothing leaves unless you say yes.',
  send: 'Send',
  sending: 'Sending',
  onceMore: (partner: string) =>
    `Not saved yet: you said no to ${partner} before. To be sure, please say yes once more.`,
  somebodyElse: 'You are signed in as somebody else now, so this is a new chat.',
  unsentBegin: 'This was not sent yet. Look it over and send it.',
  empty: 'Write a message first.',
  tooLong: (n: number, max: number) =>
    `This has ${n.toLocaleString('en')} characters; up to ${max.toLocaleString('en')} fit. Shorten it a little.`,
  fillFrom: (partner: string, sandbox: boolean) => `Fill in from ${partner}${sandbox ? ' (sandbox)' : ''}`,
  from: (partner: string, sandbox: boolean) => `from ${partner}${sandbox ? ' (sandbox)' : ''}`,
  filling: (partner: string) => `Go on at ${partner} in the other tab. What you pick there comes in here.`,
  filled: (partner: string) => `Filled in from ${partner}.`,
  nobodyHere: 'Nobody is here just now.',
  back: (brand: string, when: string) => `${brand} is back ${when}, your time.`,
  leaveMessage: 'Leave a message: it is kept, and the answer comes here.',
  reachYou: { optional: 'optional, for an answer after you left', needed: 'needed, for an answer after you left' },
  needEmail: whole(
    'Please give an e-mail address: nobody is here just now, and without one an answer may never reach you.',
  ),
  /** "today at 14:00", "on Monday at 09:00", "on Monday 4 January at 09:00"; `days` from now. */
  when: (at: Date, days: number) =>
    `${days === 0 ? 'today' : days === 1 ? 'tomorrow' : `on ${(days < 7 ? weekday : weekdayAndDay).format(at)}`} at ${clock(at.toISOString())}`,
  backThen: (when: string) => `Back ${when}`,
  badEmail: (needed: boolean) =>
    whole(
      `This does not look like an e-mail address. It needs a form like name@example.com${needed ? '' : ', or can stay empty'}.`,
    ),
  badPhone: (needed: boolean) =>
    `A phone number has digits, with + in front if you like.${needed ? '' : ' It can stay empty.'}`,
  isNeeded: 'needed',
  aboutYouNeeded: 'About you',
  needed: {
    name: 'Please write your name, so that we know whom to answer.',
    email: whole('Please write your e-mail address, so that we can answer you.'),
    phone: 'Please write your phone number, so that we can reach you.',
  },
  privacy: 'Privacy notice',
  terms: 'Terms',
  mayRecord: (brand: string, what: string) => `May ${brand} use what is said in this chat ${what}?`,
  recordHint: 'The chat goes on either way. Without an answer it is a no.',
  wrongForm:
    'The form could not be taken as it is. Look it over, or load the page again: it may ask for something else by now. What you typed stays.',

  close: 'Close',
  here: (agent: string) => `${agent} is here`,
  writing: (agent: string) => `${agent} is writing`,
  seen: (at: string | undefined) => (at ? `Seen ${clock(at)}` : 'Seen'),
  opening: 'Opening your chat',
  offline: (since: string) => `Offline since ${clock(since)}, trying again`,
  again: 'Live again.',
  newMessages: (n: number) => `${start(count(n, 'new message'))}.`,
  log: 'Chat',
  you: 'You',
  masked: maskedWords,
  files: fileWords,
  waiting: 'waiting',
  notSent: 'Not sent.',
  sendAgain: 'Send again',
  remove: 'Remove',
  ended: 'This chat has ended.',
  endedBy: (entry: EntryOf<'ended'>) =>
    entry.by === 'visitor' ? 'You ended the chat.' : `${entry.name ?? 'The agent'} ended the chat.`,
  overNow: 'This chat is over. Write again within a day, and it goes on.',
  end: 'End chat',
  endAsk: 'End this chat? You can take a copy, and go on by writing again within a day.',
  endUnsent:
    'Not all you sent has left yet, so the chat goes on. Wait for it, send it again or remove it, then end the chat.',
  pickedFirst: 'You picked a file that is not sent yet. Send it or remove it first.',
  goOn: 'Go on chatting',
  copy: 'Copy of this chat',
  copyShort: 'Copy',
  ofThisChat: 'of this chat',
  closeCopy: 'Close the copy',
  mailTo: 'Mail it to',
  mailIt: 'Mail it',
  mailed: (to: string) => `A transcript is on its way to ${to}.`,
  mailedOften: 'This was mailed as often as it can be for now. You can copy the text above.',
  mailStopped: 'You told us to stop, so we mail you nothing. Write START first, or copy the text above.',
  howWas: 'How was this chat?',
  comment: 'Anything to add?',
  sendRating: 'Send',
  skip: 'Skip',
  ratings: ratingWords,
  rated: (score: Score) => `You said: ${score}, ${ratingWords[score].toLowerCase()}.`,
  notAsked: 'This is no longer asked, so nothing was stored.',
  startNew: 'Start a new chat',
  myData: (brand: string) => `My data at ${brand}`,
  blocked: 'The browser did not open a new tab. Allow it for this page and try again.',

  loadingQuestion: (partner: string) => `A question about ${partner} is on its way.`,
  noQuestion: (partner: string) => `A question about ${partner} could not be loaded. Nothing leaves meanwhile.`,
  goneQuestion: (partner: string) => `The question about ${partner} was taken back. Nothing left.`,
  tryAgain: 'Try again',
  mayGet: (q: Question) => {
    const what = q.fields.length === 1 && q.fields[0] ? your([q.fields[0].field]) : 'these';
    if (q.receives) return `May we add ${what}, as ${q.partner} has it, ${q.because}?`;
    return `May ${q.partner} get ${what}, ${q.because}?`;
  },
  /** Add-ons say their reasons in English: whether the head of the question has the main one in it. */
  reasonInHead: true,
  factsLine: { kept: 'Kept', either: 'The chat goes on either way.' },
  sandboxTag: 'sandbox',
  sandbox: 'This is a sandbox for trying things out: nothing reaches the real partner.',
  fieldName: (field: Field) => start(your([field])),
  notGiven: 'not given so far',
  allSaid: 'everything both of you wrote in this chat',
  saidBefore: { yes: 'you said yes', no: 'you said no' },
  yes: 'Yes',
  no: 'No',
  answer: 'Answer',
  saving: 'Saving',
  notNow: 'Not now',
  leaveIt: 'Leave it as it is',
  what: 'What is this?',
  country,
  whoGets: 'Who gets it',
  whoKnows: 'Where it comes from',
  untilBack: 'until you take your yes back',
  usesAi: 'uses AI',
  where: 'Where',
  colon: ':',
  why: 'What for',
  howLong: 'How long it is kept',
  policy: 'Their notice',
  honored:
    'Opt-out request honored: your browser asks sites not to share, so nothing leaves unless you say yes to a partner here.',
  conflict: (partner: string) => `Your browser asks sites not to share. A yes here counts for ${partner} only.`,
  changed: ({ partner, changed }: Question) =>
    changed && 'fields' in changed
      ? `Something changed: ${partner} would now also get ${your(changed.fields)}. What you said before still holds for the rest.`
      : 'These words changed since you said yes, so your old yes does not count.',
  openUnanswered: 'What you leave open counts as not now.',
  notSaved: 'Your answer was not saved, so it is a no for now.',
  ranOut: 'This question had run out, so nothing was saved. Here it is again.',
  newWords: 'The words of this question changed, so here it is again. Nothing was saved.',
  arrived: (q: Question) => `A question in the chat: ${words.mayGet(q)}`,

  laterHolds: (entry: EntryOf<'answered'>) => `Not now it is. What you said before about ${entry.partner} still holds.`,
  later: 'Not now it is. We will not ask again in this chat.',
  nothing: ({ partner, receives }: EntryOf<'answered'>) =>
    `Understood: ${receives ? `nothing from ${partner} is added` : `${partner} gets nothing`}. The chat goes on.`,
  done: ({ partner, receives, by }: EntryOf<'answered'>) =>
    `${by ? forYou[by] : 'Done: '}${receives ? `from ${partner} we add ` : `${partner} may get `}`,
  yourFields: (fields: readonly Field[]) => your(fields),
  notFields: (fields: readonly Field[]) => `not ${your(fields)}`,
  receipt: 'Receipt',
  change: 'Change',
  /** For the status region: "HubSpot: e-mail yes, phone no." */
  status: (entry: EntryOf<'answered'>) => {
    const said = [
      ...entry.yes.map((f) => `${visitorFields[f].label} yes`),
      ...entry.no.map((f) => `${visitorFields[f].label} no`),
    ];
    return `${entry.partner}: ${said.join(', ') || 'not now'}.`;
  },
  off: (partner: string) => `${partner} is off.`,
  offInPart: (partner: string) => `${partner} is off for one use. What you said about the others still holds.`,
  told: (entry: EntryOf<'objected'> | EntryOf<'under_age'> | EntryOf<'keyword'>) => {
    if (entry.kind === 'keyword') return keywordWords[entry.word](entry);
    if (entry.kind === 'objected' && !entry.on)
      return entry.what === 'all'
        ? 'You no longer object: your choices count again.'
        : 'Profiling is no longer stopped.';
    if (entry.kind === 'under_age' && !entry.on) return 'You are no longer held to be under age. We ask you anew.';
    const what =
      entry.kind === 'under_age'
        ? entry.by
          ? 'We take it that you are under age, so nothing about you is shared.'
          : 'You told us that you are under age, so what you said yes to before does not count.'
        : entry.what === 'all'
          ? 'You stopped all profiling and direct marketing use: nothing about you is shared for it.'
          : 'You stopped profiling.';
    return [what, words.stoppedToo(entry)].filter(Boolean).join(' ');
  },
  stoppedToo: (entry: { stopped: number; alreadyOut: number }) =>
    [
      entry.stopped > 0 &&
        `${start(count(entry.stopped, 'thing'))} that ${entry.stopped === 1 ? 'was' : 'were'} waiting ${entry.stopped === 1 ? 'was' : 'were'} not sent.`,
      entry.alreadyOut > 0 && 'What had left before is listed in My data.',
    ]
      .filter(Boolean)
      .join(' '),
  shared: (entry: EntryOf<'share'>) =>
    entry.state === 'sent'
      ? `${entry.partner} got ${your(entry.fields)}.`
      : `We cannot tell yet whether ${entry.partner} got ${your(entry.fields)}.`,

  noAnswer: 'The chat does not answer. It tries again by itself; nothing you typed is lost.',
  noAnswerBegin: 'The chat does not answer just now. Nothing you typed is lost; send it again in a moment.',
  tooMany: 'That was a lot at once. Wait a little and try again.',
  cannotStore: 'The chat cannot store anything just now. Try again in a minute.',
  notHere: 'This chat is not offered on this page.',
  wentWrong: 'Something went wrong here. Try again.',
};

/** The one answer to a stop word (by its name: who wrote END reads END), START and HELP (UI.md 5.12); the chat goes on. */
const keywordWords = {
  stop: ({ wrote = 'STOP' }: EntryOf<'keyword'>) =>
    `You wrote ${wrote}: nothing about you goes to a partner any more, and we mail you nothing. The chat goes on.`,
  start: () => 'You wrote START: you are asked again, and nothing leaves before you say yes.',
  help: () =>
    'Write STOP and nothing about you goes to a partner. Write START to be asked again. My data shows what left before.',
} as const;

/** Who said yes where it was not the visitor's own click (GATE.md c, "By"); they can change it like any other. */
const forYou = {
  guardian: 'Your guardian said yes: ',
  authorised_agent: 'Somebody acting for you said yes: ',
  agent_attested: 'Noted from what you said, for a day: ',
} as const;

/** Everything a language has to say. */
export type Words = typeof words;

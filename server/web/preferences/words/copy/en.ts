import type { CopySource } from '#contract/copy.ts';
import type { Around } from '../around.ts';

const around: Record<'notHere', Around> = {
  notHere: [
    'Not in here: what is about other people, as notes that agents write for each other and who held a chat; keys and tokens; and numbers that were taken out of messages, since they are kept nowhere. For the notes, write to ',
    '. You may also complain to your data protection authority.',
  ],
};

/** What a visitor reads about a copy of everything, on the page and in the copy itself (R39). */
export const copy = {
  head: 'A copy of everything',
  lede: 'One file with a page to read and the same for machines (JSON): what you gave, your chats and files, your answers, and who got what.',
  take: 'Download my copy',
  title: (brand: string) => `What ${brand} holds about you`,
  made: (when: string) => `Made on ${when}. The same stands in copy.json, for other programs.`,
  profile: 'About you',
  none: 'Nothing.',
  source: (s: CopySource): string =>
    s.by === 'you'
      ? 'you gave it'
      : s.by === 'account'
        ? `you took it from ${s.name}`
        : s.by === 'partner'
          ? `${s.name} told us`
          : `from ${s.name}`,
  said: 'Said about you',
  kinds: {
    place: 'Where you live',
    age: 'Your age',
    country: 'Countries of your network addresses',
    under_age: 'Under age',
    objected: 'All use stopped',
    no_profiling: 'Profiling stopped',
    revealed: 'An agent read your contact',
  } as Record<string, string>,
  by: { self: 'by you', operator: 'by the brand', network: 'from your connection' } as Record<string, string>,
  takenBack: 'taken back',
  foundBy: 'What you are found by',
  found: (kind: string, proved: boolean) =>
    `${{ email: 'E-mail', phone: 'Phone', account: 'An account you signed in with' }[kind] ?? kind}${proved ? ', proved' : ''}`,
  signals: 'Signals of your browsers',
  chat: (n: number) => `Chat ${n}`,
  recorded: (yes: boolean): string =>
    yes ? 'You agreed to its being recorded.' : 'You did not agree to its being recorded.',
  device: 'Device',
  pages: 'Pages you were on',
  you: 'You',
  ended: 'The chat ended.',
  mailed: (to: string) => `A transcript was mailed to ${to}.`,
  rated: (score: number, words: string) => `You rated the chat ${score} of 5.${words && ` ${words}`}`,
  tooLarge: 'too large for this copy; it is in the chat',
  answers: 'Your answers',
  events: {
    requested: 'asked',
    deferred: 'not now',
    given_pending_confirm: 'yes, to be confirmed',
    given: 'yes',
    renewed: 'yes, once more',
    refused: 'no',
    withdrawn: 'yes taken back',
    revoked: 'yes ended by the brand',
    invalidated: 'yes declared void',
    expired: 'yes ran out',
  },
  notice: (version: number) => `notice version ${version}`,
  recipients: 'Who got it, or was asked about',
  kept: 'Kept',
  gave: 'What it told us',
  ledger: 'Who got what',
  requests: 'What you asked for',
  row: (n: number) => `row ${n}`,
  rights: 'Your rights',
  yours: (page: string) =>
    `You can correct this, take every yes back, object, and be forgotten, at ${page}. With proof-keys.json and the page /verify there you can prove what was sent.`,
  notHere: around.notHere,
};

/** What every other language has to say of it. */
export type CopyWords = typeof copy;

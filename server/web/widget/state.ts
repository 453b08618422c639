import type { Transcript } from '#contract/calls-visitor.ts';
import type { Question } from '#contract/chat.ts';
import type { Marks } from '#contract/visit.ts';
import type { FormErrors } from './check.ts';
import type { Begin } from './keep.ts';
import { emptyLog, type Log, type Topic } from './log.ts';

/** A question on the screen, from being fetched until its answer is an entry of the log. */
export type Asking = { topic: Topic; again: boolean } & (
  | { step: 'loading' }
  | { step: 'failed'; gone: boolean }
  /** `again`: the visitor pressed Change; `note` says why an answer was not saved; `more`: details are unfolded. */
  | { step: 'open'; question: Question; saving: boolean; more: boolean; note?: string }
);

/** What stands between the chat and the reply: the second step of ending, or the copy of the chat (R60). */
export interface Ending {
  shown?: 'end' | 'copy';
  /** The transcript as it would be mailed; absent while it is read. */
  copy?: Transcript;
  busy?: boolean;
  /** Why something was not done, beside where it was asked for. */
  note?: string;
  /** Where the copy was just mailed to. */
  mailed?: string;
  /** The question after this chat was put aside: it is not put again (R59). */
  skipped?: boolean;
}

/** Everything the widget draws. Replaced as a whole, never changed in place. */
export interface State {
  phase: 'form' | 'chat' | 'ended';
  /** The visitor sees the frame. Nothing is fetched or counted as shown before that. */
  open: boolean;
  form: { values: Omit<Begin, 'clientId' | 'token'>; sending: boolean; errors: FormErrors; note?: string };
  /** Name of the provider at which the visitor signs in just now, in another tab. */
  filling?: string | undefined;
  /** What came from there and into the form, and the secret that proves it (R21). */
  came?: { pick: string; from: string; values: Partial<Record<keyof FormErrors, string>> } | undefined;
  log: Log;
  /** The history has been read at least once. */
  loaded: boolean;
  ending: Ending;
  /** Files picked for the next message, in memory alone. */
  picked: readonly File[];
  asking: Readonly<Record<string, Asking>>;
  /** Address of the receipt by the `seq` of its answer, while the frame lives. */
  receipts: Readonly<Record<number, string>>;
  agent?: string;
  /** How far both sides have read (R62). */
  marks?: Marks;
  /** An agent writes just now; `after` is the last line there was then. */
  typing?: { by: string; after: number };
  /** The browser asks not to share, and the hub honors it (R23): said once, above the chat's lines. */
  signal?: boolean;
  offlineSince?: string;
  /** The last words for the status region. */
  said: string;
  /** Messages and questions that came while the frame was closed. */
  unread: number;
  /** Why something pressed did not work, in place of a toast. */
  trouble?: string;
}

/** A form with nothing in it. */
export const noValues = { text: '', name: '', email: '', phone: '' };

/** What is left where a chat is gone from this browser. */
export const noChat = {
  phase: 'form',
  log: emptyLog,
  loaded: false,
  asking: {},
  ending: {},
  picked: [],
  receipts: {},
  agent: undefined,
  marks: undefined,
} as const satisfies Partial<State>;

/** Before the first opening. */
export const emptyState: State = {
  phase: 'form',
  open: false,
  form: { values: noValues, sending: false, errors: {} },
  log: emptyLog,
  loaded: false,
  asking: {},
  ending: {},
  picked: [],
  receipts: {},
  said: '',
  unread: 0,
};

/** Where a session reads and replaces its state. */
export interface Cell {
  get(): State;
  set(part: Partial<State>): void;
}

import type { Country } from './places.ts';

/** A page of the brand's own site the visitor was on: text for the agent to read, never a link to follow. */
export interface SeenPage {
  /** Host and path; what stands behind `?` and `#` holds tokens and e-mail addresses and is cut before it is stored. */
  address: string;
  title: string;
  /** When it was opened, as the hub heard of it. */
  at: string;
}

/** Another chat of the same person with this brand; `words` is absent where they cannot be read. */
export interface EarlierChat {
  conversation: string;
  number: number;
  at: string;
  open: boolean;
  /** The visitor's first words, shortened. */
  words?: string;
}

/** What the hub knows of a visit beside what the person gave, with its source; without `value` it is unknown (R67). */
export type VisitFact = {
  source: string;
  /** When it was learnt; of countries the newest. */
  at?: string;
} & (
  | { kind: 'page'; value?: SeenPage }
  /** Pages before that, the newest first; `stopped`: the person objects to profiling, so none are kept (R26). */
  | { kind: 'trail'; value?: SeenPage[]; stopped?: true }
  /** ISO 3166-1 alpha-2, the newest first: each one counts for the law that protects them (GATE.md d). */
  | { kind: 'country'; value?: Country[] }
  /** Coarse words such as "Firefox on Android". */
  | { kind: 'device'; value?: string }
  /** An empty list is "none"; without `value` it is unknown. */
  | { kind: 'earlier'; value?: EarlierChat[] }
);

/** How far one side has read: `n` of a line, and when a message of the other side was last newly read. */
export interface ReadMark {
  n: number;
  at?: string;
}
/** What an agent had on screen of this chat, and what the visitor had. Lines for agents only never count (R66). */
export interface Marks {
  seen: ReadMark;
  read: ReadMark;
}

/** `event: typing` to the visitor: an agent writes. Like every event here it has no id, is not stored, and not replayed. */
export interface AgentTyping {
  by: string;
}
/** `event: typing` to agents: the visitor of this chat writes; that alone, never a word of what (R62). */
export interface VisitorTyping {
  conversation: string;
}
/** `event: marks` to agents: how far a chat is read now; the visitor gets `Marks` alone. */
export interface MarksNews extends Marks {
  conversation: string;
  unread: number;
}

/** Milliseconds between two signals while somebody types, at least; and after which "is writing" ends by itself. */
export const typingEveryMs = 3_000;
/** More than twice the pace, so that one lost signal does not make the words flicker. */
export const typingEndsMs = 7_000;

const further = (a: ReadMark, b: ReadMark): ReadMark => (b.n > a.n ? b : a);
/** Two reports of how far a chat is read as one: what was read stays read, whichever came last (R62). */
export const raised = (a: Marks | undefined, b: Marks): Marks =>
  a ? { seen: further(a.seen, b.seen), read: further(a.read, b.read) } : b;

import type { Reason } from './consent.ts';
import { type Field, longestValue } from './visitor.ts';

/** Most characters of a reason why a partner was not told: a sentence or two. */
export const longestReason = 400;

/** Characters a corrected value may have; what is absent cannot be corrected: free text is what was said, and stays. */
export const longestCorrection = { ...longestValue, company: 120 } as const satisfies Partial<Record<Field, number>>;
/** A field a person can correct (R42). */
export type Correctable = keyof typeof longestCorrection;

/** What became of a request at one recipient (R40, R42). */
export interface ToldView {
  partner: string;
  sandbox: boolean;
  /** impossible: it offers no way, or the rule in `why` forbids it; refused: a person of the brand says why, in `words`. */
  state: 'waiting' | 'done' | 'impossible' | 'refused';
  /** ISO 8601 UTC. */
  dueAt: string;
  why?: Reason;
  words?: string;
}

/** A request of a person, as its status page shows it (R37). */
export interface RequestView {
  kind: 'correct' | 'erase';
  /** The field that was corrected. */
  field?: Field;
  /** ISO 8601 UTC. */
  receivedAt: string;
  /** ISO 8601 day. */
  dueOn: string;
  /** The hub's own part is done. */
  here: boolean;
  /** Its row in the ledger. */
  leafIndex?: number;
  told: ToldView[];
  /** partly: over, and not everybody could be told. */
  state: 'open' | 'done' | 'partly';
}

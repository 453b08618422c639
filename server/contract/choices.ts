import type { Purpose, Reason } from './consent.ts';
import type { NoticeFacts } from './notice.ts';
import type { Field } from './visitor.ts';

/** One purpose of one integration, with what this person said. */
export interface PurposeChoice {
  purpose: Purpose;
  /** Main reason as the add-on declares it, "to find or create your contact record". */
  because: string;
  /** Every field the purpose declares, with its own reason and its own answer. */
  fields: { field: Field; because: string; state: 'yes' | 'no' | 'open' }[];
  /** What is stored: `asked` is a question without an answer, `later` a Not now, `open` no question yet. */
  state: 'yes' | 'no' | 'asked' | 'later' | 'open';
  /** Why a purpose that is not `yes` stays: refused, withdrawn, policy_version_stale, opt_out_signal … */
  reason?: Reason;
  /** ISO time of the answer. */
  since?: string;
  /** No question before this ISO time (GATE.md c: 12 months after a no). */
  notBefore?: string;
  /** Where the signed receipt of the answer is downloaded. */
  receipt?: string;
  /** The notice's own words about this partner and purpose; empty where it is not connected. */
  notice: string;
  /** About adding what comes back: nothing leaves by it (R22). */
  receives?: true;
  /** BCP 47 tag of those words. */
  noticeLang?: string;
  /** What stands below words the brand wrote itself; absent where the words name it. */
  noticeFacts?: NoticeFacts;
  /** The notice this answer was given to (R24). */
  answered?: { version: number; at: string; href: string };
  /** UI nonce for this row; one answer, 15 minutes (GATE.md c). */
  nonce: string;
}

/** One integration with its purposes, main purpose first. */
export interface IntegrationChoice {
  id: string;
  partner: string;
  sandbox: boolean;
  /** False when no call to it can be made now; the switches work all the same. */
  connected: boolean;
  /** The recipient uses AI (R30). */
  ai?: true;
  recipient: { legalName: string; countries: string[]; policy: string };
  purposes: PurposeChoice[];
  /** What it has got from this person so far. */
  alreadyOut?: { fields: Field[]; at: string; told?: { state: 'waiting' | 'told' | 'impossible'; dueAt: string } };
}

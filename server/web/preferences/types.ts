import type { Purpose, Reason } from '#contract/consent.ts';
import type { LedgerView } from '#contract/ledger.ts';
import type { Field } from '#contract/visitor.ts';

/** One purpose of one integration, with what this person said. */
export interface PurposeChoice {
  purpose: Purpose;
  /** Main reason as the add-on declares it, "to find or create your contact record". */
  because: string;
  /** Every field the purpose declares, with its own reason and its own answer. */
  fields: { field: Field; because: string; state: 'yes' | 'no' | 'open' }[];
  /** What is stored: `asked` is a question without an answer, `open` no question yet. */
  state: 'yes' | 'no' | 'asked' | 'open';
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
  recipient: { legalName: string; countries: string[]; policy: string };
  purposes: PurposeChoice[];
  /** What it has got from this person so far. */
  alreadyOut?: { fields: Field[]; at: string };
}

/** A ledger row with the fields this person said no to by name, told apart from fields never asked about. */
export type HistoryRow = LedgerView & { saidNo?: Field[] };

/** Everything the preference page shows. */
export interface PreferencesProps {
  brand: { name: string; slug: string; legalName: string; address: string; contact: string };
  /** ISO time of this answer. */
  now: string;
  /** False for a browser the hub has never chatted with. */
  known: boolean;
  /** The signal that was honoured, if any (R23). */
  signal?: 'gpc' | 'dnt';
  /** A yes was given, or something left, before it was heard: then sharing was not off from the first visit. */
  signalLate?: boolean;
  integrations: IntegrationChoice[];
  /** The last 12 months, newest first. */
  history: HistoryRow[];
  /** `href` is the page with the notice's words; none before the first notice. */
  notice: { publishedAt: string; version: number; href?: string };
  /** The change that was stored just now; `stopped` counts sends that were waiting and died. */
  saved?: { integration: string; stopped: number };
  /** The change that could not be stored; the page shows the true state. */
  failed?: { integration: string };
  /** A yes from a browser that had no question yet: it has one now, and one more tap answers it. */
  again?: { integration: string };
}

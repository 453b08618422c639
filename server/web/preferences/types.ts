import type { IntegrationChoice } from '#contract/choices.ts';
import type { LedgerView } from '#contract/ledger.ts';
import type { Field } from '#contract/visitor.ts';

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
  /** The language this address asks for: it is kept when a switch is pressed. */
  lang?: string;
  /** The change that was stored just now; `stopped` counts sends that were waiting and died. */
  saved?: { integration: string; stopped: number };
  /** The change that could not be stored; the page shows the true state. */
  failed?: { integration: string };
  /** A yes from a browser that had no question yet: it has one now, and one more tap answers it. */
  again?: { integration: string };
}

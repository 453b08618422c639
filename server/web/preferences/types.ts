import type { IntegrationChoice } from '#contract/choices.ts';
import type { LedgerView } from '#contract/ledger.ts';
import type { AgeBand, Country, DeclaredPlace } from '#contract/places.ts';
import type { Correctable, RequestView } from '#contract/rights.ts';
import type { Objection, RuleName } from '#contract/settings.ts';
import type { Field } from '#contract/visitor.ts';
import type { Words } from './words/en.ts';

/** A ledger row with the fields this person said no to by name, told apart from fields never asked about. */
export type HistoryRow = LedgerView & { saidNo?: Field[] };

/** Everything the preference page shows. */
export interface PreferencesProps {
  /** Everything it says, in the reader's language. */
  words: Words;
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
  /** Hidden token of the forms that are about no single partner; '' for a browser nobody knows. */
  csrf: string;
  /** What this person said of themselves; '' where nothing. */
  about: { place: DeclaredPlace | ''; age: AgeBand | '' };
  /** Countries this person's network addresses were of, each a candidate for the law that counts. */
  seen: readonly Country[];
  /** What this person stopped at the brand. */
  stops: Record<Objection, boolean>;
  /** Where the brand decides otherwise than the strict rules; undefined where that cannot be read. */
  rules: { rule: RuleName; text: string; since?: string }[] | undefined;
  /** What became of a change that is about no single partner: the sentence, and whether it was stored. */
  told?: { text: string; stored: boolean };
  /** What is kept of this person and can be corrected. */
  held: { field: Correctable; value: string }[];
  /** What this person asked for, the newest first. */
  requests: RequestView[];
  /** What became of a correction that was not made; what was typed comes back. */
  fix?: { field: Correctable; value: string; state: 'wrong' | 'failed' | 'same' };
  /** The language this address asks for: it goes along with whatever is pressed. */
  lang?: string;
  /** The change that was stored just now; `stopped` counts sends that were waiting and died. */
  saved?: { integration: string; stopped: number };
  /** The change that could not be stored; the page shows the true state. */
  failed?: { integration: string };
  /** What became of an address that was to be turned off; the value comes back where it was not saved. */
  address?: { state: 'saved' } | { state: 'wrong' | 'failed'; value: string };
  /** True where this hub serves other brands too: one no for all of them is offered (GATE.md k.20). */
  otherBrands?: boolean;
  /** A yes that is not saved yet: this browser had no question until now, or it is the `second` step after a no. */
  again?: { integration: string; second?: boolean };
}

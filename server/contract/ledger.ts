import type { Purpose, RuleId } from './consent.ts';
import type { Field } from './visitor.ts';

/**
 * What happened to one attempt, or that it was withheld: the row as console and preference page show it.
 * `index` is the row's place in the ledger; withheld rows are decisions and have none.
 */
export interface LedgerView {
  index?: number;
  at: string;
  /** Short pseudonym of the person within this brand, never a subject id. */
  person: string;
  partner: string;
  sandbox: boolean;
  purpose: Purpose;
  fields: Field[];
  /** refused: it left, and the partner answered that it did not take it. */
  result: 'sent' | 'refused' | 'unknown' | 'failed' | 'aborted' | 'withheld' | 'open';
  rules: Partial<Record<Field, RuleId>>;
}

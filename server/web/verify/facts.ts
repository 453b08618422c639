import { problem } from '#contract/problem.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';
import type { OpenedRow } from '../../gate/openings.ts';
import type { Verified } from '../../gate/receipt-check.ts';
import { list } from '../../i18n/en.ts';

/** A receipt that was found genuine. */
export type Genuine = Extract<Verified, { ok: true }>;

/** One fact of a receipt: its name, and its lines. */
export type Fact = readonly [name: string, ...lines: string[]];

const said = { given: 'Yes', renewed: 'Yes, again', refused: 'No', withdrawn: 'Yes taken back' } as const;

/**
 * What a genuine receipt says, in plain words and in reading order: who may get what, what for, when, and its place in
 * the ledger. The command prints it and the page shows it. `purpose` words a DPV term without its prefix.
 */
export function receiptFacts({ record, row, index, size, origin }: Genuine, purpose: (term: string) => string): Fact[] {
  const { 'dpv:hasProcess': process, ...kept } = record['dpv:hasRecordOfActivity'];
  const controller = process['dpv:hasDataController'];
  const recipient = process['dpv:hasRecipient'][0];
  const yes = row.event === 'given' || row.event === 'renewed';
  return [
    ['Answer', `${said[row.event]}, at ${kept['dpv:isIndicatedAtTime']} (UTC)`],
    [yes ? 'May get it' : 'May not', `${recipient?.['dpv:hasName']}, ${recipient?.['schema:PostalAddress']}`],
    ['What', list(row.fields.map((name: Field) => visitorFields[name]?.label ?? name))],
    [
      'What for',
      purpose(row.purpose.replace(/^dpv:/, '')),
      ...process['dpv:hasPersonalData'].map((d) => `${d['dct:identifier']}: ${d['dct:description']}`),
    ],
    ['Asked by', `${controller['dpv:hasName']}, ${controller['schema:PostalAddress']}`],
    ['Valid', kept['dpv:hasDuration']['dct:valid']],
    ['Take back', process['dpv:hasConsentControl']['dpv:isExercisedAt']],
    ['Ledger', `row ${index} of the ${size} rows signed as ${origin}`],
  ];
}

const words = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** "your e-mail was ada@…" for each field of a send that its keys open; of the others the hub no longer knows the value. */
function sentIn({ row, values }: OpenedRow): string {
  const fields = Array.isArray(row.fields) ? (row.fields as Field[]) : [];
  return list(
    fields.map((field) => {
      const label = visitorFields[field]?.label ?? field;
      const value = values[`f:${field}`];
      return value === undefined ? `your ${label} was another than now` : `your ${label} was ${words(value)}`;
    }),
  );
}

/**
 * What a person's own proof keys add to a genuine receipt: that its row is theirs, and the sends on that answer. Raises
 * `bad-input` where the receipt's row is not among the rows the keys opened.
 */
export function openedFacts({ row, index }: Genuine, opened: readonly OpenedRow[]): Fact[] {
  const mine = opened.find((own) => own.index === index);
  if (mine?.row.tag !== row.tag) problem('bad-input', 'its row is not among theirs');
  // A row stands before its first byte: it says what was let go, not that the partner took it (GATE.md a, claim).
  const sends = opened
    .filter((own) => own.values.consent === index)
    .map((own) => `Row ${own.index}, ${String(own.row.minute)}: ${sentIn(own)}`);
  return [
    ['Yours', 'This row is yours: your proof keys open it.'],
    ['Sends', ...(sends.length > 0 ? sends : ['None on this answer, as far as these keys go.'])],
  ];
}

/** Said where proof keys do not open a receipt's row; a genuine receipt stays genuine. */
export const notYours = (why: string): string => `Your proof keys do not open this receipt: ${why}.`;

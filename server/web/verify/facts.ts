import { type Field, visitorFields } from '#contract/visitor.ts';
import type { Verified } from '../../gate/receipt-check.ts';
import { list } from '../../i18n/en.ts';

/** A receipt that was found genuine. */
type Genuine = Extract<Verified, { ok: true }>;

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

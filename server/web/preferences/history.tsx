import type { JSX } from 'preact';
import type { IntegrationChoice } from '#contract/choices.ts';
import { type Reason, reasons } from '#contract/consent.ts';
import type { LedgerView } from '#contract/ledger.ts';
import type { Field } from '#contract/visitor.ts';
import { Mark } from '../../../extension/panel/kit/icons.tsx';
import { fieldList, reasonForVisitor, stamp, start } from '../../i18n/en.ts';
import { Sandbox } from '../form.tsx';
import type { HistoryRow } from './types.ts';

const results = {
  sent: ['yes', 'Sent'],
  refused: ['open', 'Left, not taken'],
  open: ['open', 'Being sent'],
  unknown: ['open', 'Perhaps sent'],
  failed: ['held', 'Not sent'],
  aborted: ['held', 'Stopped'],
  withheld: ['held', 'Withheld'],
} as const;

interface Line {
  key: string;
  row: HistoryRow;
  fields: string;
  result: LedgerView['result'];
}

/** Who got which fields, and what stayed and why, in the visitor's words (R32, R34). */
export function History({
  rows,
  integrations,
}: {
  rows: HistoryRow[];
  integrations: IntegrationChoice[];
}): JSX.Element {
  const left = rows.some(
    (r) => r.result === 'sent' || r.result === 'refused' || r.result === 'unknown' || r.result === 'open',
  );
  const never = integrations.filter((i) => !rows.some((r) => r.partner === i.partner));
  return (
    <section aria-labelledby="history">
      <h2 id="history">Who got what</h2>
      <p>{left ? 'The last 12 months, newest first.' : 'Nobody got data about you in the last 12 months.'}</p>
      {rows.length + never.length > 0 && (
        <table class="got">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {rows.flatMap(linesOf).map(({ key, row, fields, result }) => (
              <tr key={key}>
                <td>
                  <time dateTime={row.at}>{stamp(row.at)}</time>
                </td>
                <td>
                  {row.partner} <Sandbox on={row.sandbox} />
                </td>
                <td>{fields}</td>
                <td>
                  <Mark name={results[result][0]}>{results[result][1]}</Mark>
                </td>
              </tr>
            ))}
            {never.map((i) => (
              <tr key={i.id}>
                <td>12 months</td>
                <td>
                  {i.partner} <Sandbox on={i.sandbox} />
                </td>
                <td>Nothing</td>
                <td>
                  <span class="dim">Never sent</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** One line for what left, and one per reason for what stayed; a field without a rule stays unnamed, never guessed. */
function linesOf(row: HistoryRow, at: number): Line[] {
  const key = `${row.index ?? 'w'}-${at}`;
  const ruled = Object.keys(row.rules) as Field[];
  const stayed = row.result === 'withheld' ? row.fields : ruled.filter((f) => !row.fields.includes(f));
  const byReason = new Map<string, Field[]>();
  for (const field of stayed) {
    const why = whyOf(row, field);
    byReason.set(why, [...(byReason.get(why) ?? []), field]);
  }
  const lines: Line[] = [...byReason].map(([why, fields]) => ({
    key: `${key}-${why}`,
    row,
    fields: `${named(fields)}${why && `: ${lower(why)}`}`,
    result: 'withheld',
  }));
  if (row.result === 'withheld') return lines;
  return [{ key, row, fields: named(row.fields), result: row.result }, ...lines];
}

const named = (fields: Field[]): string => start(fieldList(fields));
const lower = (s: string): string => s.charAt(0).toLowerCase() + s.slice(1).replace(/\.$/, '');

function whyOf(row: HistoryRow, field: Field): string {
  const rule = row.rules[field];
  const reason: Reason | undefined = rule && reasons[rule];
  return reason ? reasonForVisitor(reason, row.partner, row.saidNo?.includes(field)) : '';
}

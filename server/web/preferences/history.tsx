import type { JSX } from 'preact';
import type { IntegrationChoice } from '#contract/choices.ts';
import { type Reason, reasons } from '#contract/consent.ts';
import type { LedgerView } from '#contract/ledger.ts';
import type { Field } from '#contract/visitor.ts';
import { Mark } from '../../../extension/panel/kit/icons.tsx';
import { Sandbox } from '../form.tsx';
import type { HistoryRow, PreferencesProps } from './types.ts';

const marks = {
  sent: 'yes',
  refused: 'open',
  open: 'open',
  unknown: 'open',
  failed: 'held',
  aborted: 'held',
  withheld: 'held',
} as const;

type Words = PreferencesProps['words'];

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
  words,
}: {
  rows: HistoryRow[];
  integrations: IntegrationChoice[];
  words: Words;
}): JSX.Element {
  const left = rows.some(
    (r) => r.result === 'sent' || r.result === 'refused' || r.result === 'unknown' || r.result === 'open',
  );
  const never = integrations.filter((i) => !rows.some((r) => r.partner === i.partner));
  return (
    <section aria-labelledby="history">
      <h2 id="history">{words.history}</h2>
      <p>{left ? words.left : words.nobodyGot}</p>
      {rows.length + never.length > 0 && (
        <table class="got">
          <thead>
            <tr>
              <th scope="col">{words.columns.when}</th>
              <th scope="col">{words.columns.who}</th>
              <th scope="col">{words.columns.what}</th>
              <th scope="col">{words.columns.result}</th>
            </tr>
          </thead>
          <tbody>
            {rows
              .flatMap((row, at) => linesOf(row, at, words))
              .map(({ key, row, fields, result }) => (
                <tr key={key}>
                  <td>
                    <time dateTime={row.at}>{words.stamp(row.at)}</time>
                  </td>
                  <td>
                    {row.partner} <Sandbox on={row.sandbox} word={words.sandboxTag} />
                  </td>
                  <td>{fields}</td>
                  <td>
                    <Mark name={marks[result]}>{words.results[result]}</Mark>
                  </td>
                </tr>
              ))}
            {never.map((i) => (
              <tr key={i.id}>
                <td>{words.never.when}</td>
                <td>
                  {i.partner} <Sandbox on={i.sandbox} word={words.sandboxTag} />
                </td>
                <td>{words.never.what}</td>
                <td>
                  <span class="dim">{words.never.result}</span>
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
function linesOf(row: HistoryRow, at: number, words: Words): Line[] {
  const key = `${row.index ?? 'w'}-${at}`;
  const ruled = Object.keys(row.rules) as Field[];
  const stayed = row.result === 'withheld' ? row.fields : ruled.filter((f) => !row.fields.includes(f));
  const byReason = new Map<string, Field[]>();
  for (const field of stayed) {
    const why = whyOf(row, field, words);
    byReason.set(why, [...(byReason.get(why) ?? []), field]);
  }
  const lines: Line[] = [...byReason].map(([why, fields]) => ({
    key: `${key}-${why}`,
    row,
    fields: why ? words.stayed(words.fields(fields), why, row.partner) : words.fields(fields),
    result: 'withheld',
  }));
  if (row.result === 'withheld') return lines;
  return [{ key, row, fields: words.fields(row.fields), result: row.result }, ...lines];
}

function whyOf(row: HistoryRow, field: Field, words: Words): string {
  const rule = row.rules[field];
  const reason: Reason | undefined = rule && reasons[rule];
  return reason ? words.reason(reason, row.partner, row.saidNo?.includes(field)) : '';
}

import type { JSX } from 'preact';
import { type RuleId, reasons } from '#contract/consent.ts';
import type { LedgerView } from '#contract/ledger.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';
import { Icon, Mark } from '../../../extension/panel/kit/icons.tsx';
import { fieldList, stamp, when } from '../../i18n/en.ts';
import { Sandbox } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';
import { withheldWords } from './words.ts';

/** Everything the ledger page shows. */
export interface LedgerProps {
  frame: Frame;
  now: string;
  /** Newest first. */
  rows: LedgerView[];
  /** What is looked for; empty for all. */
  query: string;
  /** Result of the last check of the whole tree; `broken` names the first wrong row. */
  proof: { size: number; checkedAt?: string; broken?: number };
  /** Signed head of the tree, as a file. */
  checkpointHref?: string;
  /** The page with older rows. */
  olderHref?: string;
}

const results = {
  sent: ['yes', 'Sent'],
  refused: ['open', 'Left'],
  open: ['open', 'Being sent'],
  unknown: ['open', 'Unknown'],
  failed: ['held', 'Failed'],
  aborted: ['held', 'Stopped'],
  withheld: ['held', 'Withheld'],
} as const;
const why: Partial<Record<LedgerView['result'], string>> = {
  refused: 'the partner did not take it',
  unknown: 'the partner did not say whether it arrived',
  failed: 'nothing was taken by the partner',
  aborted: 'before the first byte',
};

/** The record of everything that left or was withheld, newest first (R31, R32). */
export function LedgerPage(props: LedgerProps): JSX.Element {
  const { frame, now, rows, query, olderHref } = props;
  return (
    <Shell
      frame={frame}
      here="ledger"
      title="Ledger"
      lede="Written before the first byte leaves; what was withheld has a row too."
      aside={<Find query={query} />}
    >
      {rows.length === 0 ? (
        <p class="none">
          {query ? (
            <>
              Nothing fits “{query}”. <a href={paths.ledger}>Show all rows</a>
            </>
          ) : (
            'No row yet. Rows appear before anything leaves.'
          )}
        </p>
      ) : (
        <table class="rows ledger">
          <thead>
            <tr>
              <th scope="col" class="n">
                Row
              </th>
              <th scope="col">When</th>
              <th scope="col">Person</th>
              <th scope="col">Partner</th>
              <th scope="col">Fields</th>
              <th scope="col">Result</th>
              <th scope="col">Rule</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((r, n) => (
              <Row key={`${r.index}-${n}`} row={r} now={new Date(now)} />
            ))}
          </tbody>
        </table>
      )}
      <Proof {...props} />
      {olderHref && (
        <p class="acts">
          <a class="btn" href={olderHref}>
            Older rows
          </a>
        </p>
      )}
    </Shell>
  );
}

function Row({ row: r, now }: { row: LedgerView; now: Date }): JSX.Element {
  const [mark, word] = results[r.result];
  const rules = [...new Set(r.fields.map((f) => r.rules[f]).filter((rule): rule is RuleId => rule !== undefined))];
  const because = r.result === 'withheld' ? whyWithheld(r, rules) : why[r.result];
  const kept = (Object.entries(r.rules) as [Field, RuleId][]).filter(([f]) => !r.fields.includes(f));
  return (
    <tr class={mark === 'held' ? 'stays' : undefined}>
      <td class="n">
        {r.index === undefined ? <span title="A decision, no disclosure">–</span> : r.index.toLocaleString('en')}
      </td>
      <td>
        <time dateTime={r.at}>{moment(r.at, now)}</time>
      </td>
      <td>
        <span class="code">{r.person}</span>
      </td>
      <td>
        {r.partner} <Sandbox on={r.sandbox} />
      </td>
      <td>
        {r.fields.map((f) => visitorFields[f].label).join(', ')}
        {kept.map(([f, rule]) => (
          <span key={f} class="kept">
            {visitorFields[f].label} stayed: {withheldWords[reasons[rule]]}
          </span>
        ))}
      </td>
      <td>
        <Mark name={mark}>
          {word}
          {because ? ':' : ''}
        </Mark>{' '}
        {because}
      </td>
      <td>
        <span class="code">{rules.join(' ')}</span>
      </td>
    </tr>
  );
}

/** One reason by itself; several with the fields each of them holds back. */
function whyWithheld(r: LedgerView, rules: readonly RuleId[]): string {
  const words = (rule: RuleId) => withheldWords[reasons[rule]];
  if (rules.length < 2) return rules.map(words).join('');
  return rules.map((rule) => `${fieldList(r.fields.filter((f) => r.rules[f] === rule))} ${words(rule)}`).join('; ');
}

/** Today by its word, any other day by its date; always with the time. */
const moment = (iso: string, now: Date): string => {
  const short = when(iso, now);
  return short.startsWith('today') ? short : stamp(iso);
};

const Find = ({ query }: { query: string }): JSX.Element => (
  <form class="find" method="get" action={paths.ledger}>
    <search>
      <label for="find">Partner, field, rule, person or row</label>
      <span class="box">
        <Icon name="search" />
        <input id="find" name="q" type="search" value={query} />
        <button class="btn" type="submit">
          Search
        </button>
      </span>
    </search>
  </form>
);

function Proof({ proof, now, checkpointHref }: LedgerProps): JSX.Element {
  const size = proof.size.toLocaleString('en');
  const at = proof.checkedAt && when(proof.checkedAt, new Date(now));
  return (
    <p class="proof">
      {proof.broken !== undefined ? (
        <strong class="trouble">
          Row {proof.broken.toLocaleString('en')} is not as it was written. Run <span class="code">npm run verify</span>
          .
        </strong>
      ) : (
        <span>
          {at ? (
            `Checked ${at}: ${proof.size === 1 ? 'the one row is' : `all ${size} rows are`} whole.`
          ) : (
            <>
              {size} rows in the chain, answers and results included. Whoever runs the hub checks them with{' '}
              <span class="code">npm run verify</span>.
            </>
          )}
        </span>
      )}
      {checkpointHref && (
        <a href={checkpointHref} download>
          Checkpoint
        </a>
      )}
    </p>
  );
}

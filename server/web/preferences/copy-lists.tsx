import type { JSX } from 'preact';
import { reasons } from '#contract/consent.ts';
import type { Copy } from '#contract/copy.ts';
import type { Field } from '#contract/visitor.ts';
import { transcriptWords } from '../../i18n/transcript.ts';
import type { Words } from './words/en.ts';

/** A part of a copy: what it holds, and the words of its reader. */
export interface PartProps {
  copy: Copy;
  words: Words;
}

/** A time with its year and zone: a copy is read in any year. */
export const stamp = (words: Words, iso: string): string => transcriptWords([words.tag]).at(iso);

const Head = ({ names }: { names: string[] }): JSX.Element => (
  <thead>
    <tr>
      {names.map((name) => (
        <th key={name} scope="col">
          {name}
        </th>
      ))}
    </tr>
  </thead>
);

/** Every answer, and every question put. */
export function Answers({ copy, words }: PartProps): JSX.Element {
  const { columns: c, ...w } = words.bundle;
  return (
    <>
      <h2>{w.answers}</h2>
      {copy.answers.length === 0 && <p>{w.none}</p>}
      <table>
        <Head names={[c.when, c.who, c.what, c.answer]} />
        <tbody>
          {copy.answers.map((a) => (
            <tr key={a.at + a.partner + a.purpose + a.event}>
              <td>{stamp(words, a.at)}</td>
              <td>{a.partner}</td>
              <td>{words.fields(a.fields.length > 0 ? a.fields : a.asked)}</td>
              <td>
                {w.events[a.event]}
                {a.notice && <span class="at"> ({a.notice.href})</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Whoever got something or was asked about, with what it gave back. */
export const Recipients = ({ copy, words }: PartProps): JSX.Element => (
  <>
    <h2>{words.bundle.recipients}</h2>
    {copy.recipients.length === 0 && <p>{words.bundle.none}</p>}
    <dl>
      {copy.recipients.map((r) => (
        <div key={r.partner}>
          <dt>{r.partner}</dt>
          <dd>
            {r.legalName}, {r.address} ({r.countries.map((code) => words.country(code)).join(', ')}).{' '}
            {words.bundle.kept}: {r.retention}. {r.policy}
            {r.gave && (
              <div>
                {words.bundle.gave}: {r.gave.record ?? ''}
                {r.gave.card.map((line) => `; ${line.label}: ${line.value}`)}
              </div>
            )}
          </dd>
        </div>
      ))}
    </dl>
  </>
);

/** What left, what stayed, and by which rule. */
export function Ledger({ copy, words }: PartProps): JSX.Element {
  const { columns: c, ...w } = words.bundle;
  return (
    <>
      <h2>{w.ledger}</h2>
      {copy.ledger.length === 0 && <p>{w.none}</p>}
      <table>
        <Head names={[c.when, c.who, c.what, c.result, c.why]} />
        <tbody>
          {copy.ledger.map((r) => (
            <tr key={`${r.at}${r.index ?? ''}${r.partner}`}>
              <td>{stamp(words, r.at)}</td>
              <td>{r.partner}</td>
              <td>{words.fields(r.fields)}</td>
              <td>
                {words.results[r.result]}
                {r.index !== undefined && ` (${w.row(r.index)})`}
              </td>
              <td>
                {Object.entries(r.rules)
                  .map(([field, rule]) => `${words.field(field as Field)}: ${words.reason(reasons[rule], r.partner)}`)
                  .join(' ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

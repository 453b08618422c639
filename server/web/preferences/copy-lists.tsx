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

/** A partner by name; a sandbox one is marked as one (R15). */
const named = ({ partner, sandbox }: { partner: string; sandbox: boolean }, words: Words): string =>
  sandbox ? `${partner} (${words.sandboxTag})` : partner;

/** Every answer, and every question put. */
export const Answers = ({ copy, words }: PartProps): JSX.Element => (
  <>
    <h2>{words.copy.answers}</h2>
    {copy.answers.length === 0 && <p>{words.copy.none}</p>}
    <ul>
      {copy.answers.map((a) => (
        <li key={a.at + a.partner + a.purpose + a.event}>
          <span class="at">{stamp(words, a.at)}</span> {a.partner},{' '}
          {words.fields(a.fields.length > 0 ? a.fields : a.asked)}: <strong>{words.copy.events[a.event]}</strong>
          {a.notice && ` (${words.copy.notice(a.notice.version)})`}
        </li>
      ))}
    </ul>
  </>
);

/** Whoever got something or was asked about, with what it gave back. */
export const Recipients = ({ copy, words }: PartProps): JSX.Element => (
  <>
    <h2>{words.copy.recipients}</h2>
    {copy.recipients.length === 0 && <p>{words.copy.none}</p>}
    <dl>
      {copy.recipients.map((r) => (
        <div key={r.partner}>
          <dt>{named(r, words)}</dt>
          <dd>
            {r.legalName}, {r.address} ({r.countries.map((code) => words.country(code)).join(', ')}). {words.copy.kept}:{' '}
            {r.retention}. {r.policy}
            {r.gave && (
              <div>
                {words.copy.gave}:{' '}
                {[...(r.gave.record ? [r.gave.record] : []), ...r.gave.card.map((l) => `${l.label}: ${l.value}`)].join(
                  '; ',
                )}
              </div>
            )}
          </dd>
        </div>
      ))}
    </dl>
  </>
);

/** What left, what stayed, and by which rule. */
export const Ledger = ({ copy, words }: PartProps): JSX.Element => (
  <>
    <h2>{words.copy.ledger}</h2>
    {copy.ledger.length === 0 && <p>{words.copy.none}</p>}
    <ul>
      {copy.ledger.map((r) => (
        <li key={`${r.at}${r.index ?? ''}${r.partner}`}>
          <span class="at">{stamp(words, r.at)}</span> {named(r, words)}, {words.fields(r.fields)}:{' '}
          <strong>{words.results[r.result]}</strong>
          {r.index !== undefined && ` (${words.copy.row(r.index)})`}.
          {Object.entries(r.rules).map(
            ([field, rule]) => ` ${words.field(field as Field)}: ${words.reason(reasons[rule], r.partner)}`,
          )}
        </li>
      ))}
    </ul>
  </>
);

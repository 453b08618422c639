import type { JSX } from 'preact';
import type { PurposeChoice } from '#contract/choices.ts';
import type { Reason } from '#contract/consent.ts';
import { Mark } from '../../../extension/panel/kit/icons.tsx';
import type { Words } from './words/en.ts';

/** What an add-on says of itself is in English: said so where the page is not. */
const addOnLang = (words: Words): 'en' | undefined => (words.tag === 'en' ? undefined : 'en');

/**
 * "May get your name and e-mail, to …": what leaves after this answer, or would after a yes. What the brand wrote in the
 * page's own language stands in place of the add-on's English reason, as in the chat's question.
 */
export function May({ choice, id, words }: { choice: PurposeChoice; id: string; words: Words }): JSX.Element {
  const on = choice.state === 'yes';
  const leaving = choice.fields.filter((f) => !on || f.state === 'yes').map((f) => f.field);
  const [before, after] = words.because;
  const said = words.tag !== 'en' && choice.noticeLang === words.tag;
  return (
    <p class="may" id={id}>
      {words.may(leaving, { on, receives: choice.receives ?? false })}
      {said ? (
        '.'
      ) : (
        <>
          {before}
          <span lang={addOnLang(words)}>{choice.because}</span>
          {after}
        </>
      )}
    </p>
  );
}

/** Each field with its own reason; inside a yes, a field that stays says why in its place. */
export function Each({ choice, words }: { choice: PurposeChoice; words: Words }): JSX.Element | null {
  if (choice.fields.length < 2) return null;
  const on = choice.state === 'yes';
  return (
    <ul class="each">
      {choice.fields.map((f) =>
        on && f.state !== 'yes' ? (
          <li key={f.field}>
            <Mark name={f.state === 'no' ? 'no' : 'held'}>{words.field(f.field)}</Mark>{' '}
            {words.leftOut(f.state === 'no', choice.receives ?? false)}
          </li>
        ) : (
          <li key={f.field}>
            <b>{words.field(f.field)}</b> <span lang={addOnLang(words)}>{f.because}</span>
          </li>
        ),
      )}
    </ul>
  );
}

interface WhenProps {
  choice: PurposeChoice;
  partner: string;
  now: Date;
  /** What silence means here: the partner gets nothing, or only this stays. */
  stays: string;
  words: Words;
  /** An address of ours in the language this page was asked for in. */
  at: (href: string) => string;
}

/** What was said and when, with the receipt; or that nothing was said, and what that means. */
export function When(props: WhenProps): JSX.Element {
  const { choice: c, partner, now, words, at } = props;
  return (
    <p class="when">
      {saidWhat(props)} {c.notBefore && c.state === 'no' && `${words.notBefore(words.day(c.notBefore, now))} `}
      {c.receipt && (
        <a href={c.receipt} download>
          {words.receipt}
          <span class="sr">
            {' '}
            {words.receiptOf(
              partner,
              c.fields.map((f) => f.field),
            )}
          </span>
        </a>
      )}{' '}
      {c.answered && (
        <a href={at(c.answered.href)}>
          {words.noticeOf(words.day(c.answered.at, now), c.answered.version)}
          <span class="sr"> {words.noticeAbout(partner)}</span>
        </a>
      )}
    </p>
  );
}

/** Reasons that say no more than the state itself. */
const plain: ReadonlySet<Reason> = new Set([
  'no_consent',
  'operator_posture_ask_first',
  'awaiting_answer',
  'refused',
  'withdrawn',
  'scope_not_covered',
  'connection_not_active',
]);

function saidWhat({ choice: c, partner, now, stays, words }: WhenProps): string {
  const at = c.since ? words.at(c.since, now) : '';
  if (c.state === 'yes') return words.saidYes(at);
  if (c.reason && !plain.has(c.reason)) return words.reason(c.reason, partner);
  if (c.state === 'asked' || c.state === 'open') return words.unanswered(c.state === 'asked', stays);
  if (c.state === 'later') return words.saidLater(at, stays);
  return c.reason === 'withdrawn' ? words.tookBack(at) : words.saidNo(at);
}

import type { JSX } from 'preact';
import type { PurposeChoice } from '#contract/choices.ts';
import type { Reason } from '#contract/consent.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';
import { Mark } from '../../../extension/panel/kit/icons.tsx';
import { day, dayAndTime, fieldList, reasonForVisitor, start } from '../../i18n/en.ts';

/** A field as it stands inside a sentence. */
const label = (field: Field): string => visitorFields[field].label;

/** "May get your name and e-mail, to …": what leaves after this answer, or would after a yes. */
export function May({ choice, id }: { choice: PurposeChoice; id: string }): JSX.Element {
  const on = choice.state === 'yes';
  const leaving = choice.fields.filter((f) => !on || f.state === 'yes');
  return (
    <p class="may" id={id}>
      {choice.receives ? (on ? 'Is added:' : 'Would be added:') : on ? 'May get' : 'Would get'} your{' '}
      {fieldList(leaving.map((f) => f.field))}, {choice.because}.
    </p>
  );
}

/** Each field with its own reason; inside a yes, a field that stays says why in its place. */
export function Each({ choice }: { choice: PurposeChoice }): JSX.Element | null {
  if (choice.fields.length < 2) return null;
  const on = choice.state === 'yes';
  const stays = choice.receives ? 'it is not added' : 'it stays here';
  return (
    <ul class="each">
      {choice.fields.map((f) =>
        on && f.state !== 'yes' ? (
          <li key={f.field}>
            <Mark name={f.state === 'no' ? 'no' : 'held'}>{start(label(f.field))}</Mark>{' '}
            {f.state === 'no' ? `You said no, so ${stays}.` : `Your yes did not include this, so ${stays}.`}
          </li>
        ) : (
          <li key={f.field}>
            <b>{start(label(f.field))}</b> {f.because}
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
}

/** What was said and when, with the receipt; or that nothing was said, and what that means. */
export function When({ choice: c, partner, now, stays }: WhenProps): JSX.Element {
  return (
    <p class="when">
      {saidWhat(c, partner, now, stays)}{' '}
      {c.notBefore && c.state === 'no' && `We will not ask again before ${day(c.notBefore, now)}. `}
      {c.receipt && (
        <a href={c.receipt} download>
          Receipt
          <span class="sr">
            {' '}
            of your answer about {partner} and your {fieldList(c.fields.map((f) => f.field))}
          </span>
        </a>
      )}{' '}
      {c.answered && (
        <a href={c.answered.href}>
          Notice of {day(c.answered.at, now)}, version {c.answered.version}
          <span class="sr"> that you answered about {partner}</span>
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

function saidWhat(c: PurposeChoice, partner: string, now: Date, stays: string): string {
  const at = c.since ? ` on ${dayAndTime(c.since, now)}` : '';
  if (c.state === 'yes') return `You said yes${at}.`;
  if (c.reason && !plain.has(c.reason)) return reasonForVisitor(c.reason, partner);
  if (c.state === 'asked') return `You have not answered yet, so ${stays}.`;
  if (c.state === 'open') return `You have not been asked, so ${stays}.`;
  return c.reason === 'withdrawn' ? `You took your yes back${at}.` : `You said no${at}.`;
}

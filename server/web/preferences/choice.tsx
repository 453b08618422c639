import type { JSX } from 'preact';
import { type Field, visitorFields } from '#contract/visitor.ts';
import { Mark } from '../../../extension/panel/kit/icons.tsx';
import { day, dayAndTime, list, reasonForVisitor } from '../../i18n/en.ts';
import { Sandbox } from '../form.tsx';
import type { IntegrationChoice, PurposeChoice } from './types.ts';

const words = {
  yes: ['yes', 'Yes'],
  no: ['no', 'No'],
  asked: ['open', 'Asked'],
  open: ['open', 'Not asked'],
} as const;
const label = (field: Field): string => visitorFields[field].label;

interface ChoiceProps {
  integration: IntegrationChoice;
  action: string;
  contact: string;
  now: Date;
}

/**
 * One integration. Its own switch is on while anything may leave: off turns everything off, on grants the main purpose.
 * Each further purpose has a switch of its own, because a yes to one never counts for another (R17).
 */
export function Choice({ integration: i, action, contact, now }: ChoiceProps): JSX.Element | null {
  const [main, ...further] = i.purposes;
  if (!main) return null;
  const on = i.purposes.some((p) => p.state === 'yes');
  // A yes to a further purpose alone: the main one becomes a row of its own, so that every yes and no is readable.
  const split = on && main.state !== 'yes';
  const inner = split ? i.purposes : further;
  const id = `may-${i.id}`;
  return (
    <li id={`row-${i.id}`}>
      <h3>
        <span id={id}>{i.partner}</span> <Sandbox on={i.sandbox} />
      </h3>
      <Flip action={action} integration={i.id} purpose={on ? 'all' : main.purpose} choice={main} on={on} id={id} />
      <div class="what" id={`${id}-what`}>
        {split ? (
          <p class="may">May get only what is switched on below.</p>
        ) : (
          <May choice={main} now={now} partner={i.partner} />
        )}
      </div>
      {!split && <When choice={main} partner={i.partner} now={now} />}
      {inner.length > 0 && (
        <ul class="further" aria-label={`${i.partner}, each by itself`}>
          {inner.map((p) => (
            <Further key={p.purpose} integration={i} choice={p} action={action} now={now} />
          ))}
        </ul>
      )}
      {!i.connected && <p class="when">{i.partner} is not connected now, so nothing leaves.</p>}
      {i.alreadyOut && !on && (
        <p class="when out">
          {i.partner} already has your {list(i.alreadyOut.fields.map(label))} from {day(i.alreadyOut.at, now)}. To have
          it erased there, write to <a href={`mailto:${contact}`}>{contact}</a>.
        </p>
      )}
      <p class="when">
        {i.recipient.legalName} ({i.recipient.countries.join(', ')}).{' '}
        <a href={i.recipient.policy} rel="noopener noreferrer">
          Its policy<span class="sr"> ({i.partner})</span>
        </a>
      </p>
    </li>
  );
}

interface FurtherProps {
  integration: IntegrationChoice;
  choice: PurposeChoice;
  action: string;
  now: Date;
}

function Further({ integration: i, choice, action, now }: FurtherProps): JSX.Element {
  const id = `may-${i.id}-${choice.purpose}`;
  return (
    <li>
      <h4 id={id}>
        <span class="sr">{i.partner}: </span>Your {list(choice.fields.map((f) => label(f.field)))}
      </h4>
      <Flip
        action={action}
        integration={i.id}
        purpose={choice.purpose}
        choice={choice}
        on={choice.state === 'yes'}
        id={id}
      />
      <div class="what" id={`${id}-what`}>
        <May choice={choice} now={now} partner={i.partner} />
      </div>
      <When choice={choice} partner={i.partner} now={now} />
    </li>
  );
}

interface FlipProps {
  action: string;
  integration: string;
  purpose: string;
  choice: PurposeChoice;
  on: boolean;
  id: string;
}

/** The switch is a submit button, so that one tap is enough without script (UI.md 3). It shows what is stored. */
function Flip({ action, integration, purpose, choice, on, id }: FlipProps): JSX.Element {
  const [mark, word] = words[on ? 'yes' : choice.state === 'yes' ? 'no' : choice.state];
  return (
    <form class="set" method="post" action={action} data-choose>
      <input type="hidden" name="nonce" value={choice.nonce} />
      <input type="hidden" name="integration" value={integration} />
      <input type="hidden" name="purpose" value={purpose} />
      <button
        class="flip"
        type="submit"
        role="switch"
        aria-checked={on}
        name="want"
        value={on ? 'no' : 'yes'}
        id={`${id}-flip`}
        aria-labelledby={id}
        aria-describedby={`${id}-word ${id}-what`}
      >
        <span class="switch" />
      </button>
      <Mark name={mark} id={`${id}-word`}>
        <span class="word">{word}</span>
      </Mark>
    </form>
  );
}

/** "May get your name and e-mail, to …", then each field with its own reason and, inside a yes, its own no. */
function May({ choice }: { choice: PurposeChoice; now: Date; partner: string }): JSX.Element {
  const on = choice.state === 'yes';
  const leaving = on ? choice.fields.filter((f) => f.state === 'yes') : choice.fields;
  const staying = on ? choice.fields.filter((f) => f.state !== 'yes') : [];
  return (
    <>
      <p class="may">
        {on ? 'May get' : 'Would get'} your {list(leaving.map((f) => label(f.field)))}, {choice.because}.
      </p>
      {choice.fields.length > 1 && (
        <ul class="each">
          {leaving.map((f) => (
            <li key={f.field}>
              <b>{label(f.field)}</b> {f.because}
            </li>
          ))}
          {staying.map((f) => (
            <li key={f.field}>
              <Mark name={f.state === 'no' ? 'no' : 'held'}>{label(f.field)}</Mark> stays here:{' '}
              {f.state === 'no' ? 'you said no' : 'your yes did not include this'}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function When({ choice: c, partner, now }: { choice: PurposeChoice; partner: string; now: Date }): JSX.Element {
  const at = c.since ? ` on ${dayAndTime(c.since, now)}` : '';
  const said = {
    yes: `You said yes${at}.`,
    no:
      c.reason === 'withdrawn'
        ? `You took your yes back${at}.`
        : c.reason && c.reason !== 'refused'
          ? reasonForVisitor(c.reason, partner)
          : `You said no${at}.`,
    asked: `You have not answered yet, so ${partner} gets nothing.`,
    open: `You have not been asked, so ${partner} gets nothing.`,
  }[c.state];
  return (
    <p class="when">
      {said} {c.notBefore && c.state === 'no' && `We will not ask again before ${day(c.notBefore, now)}. `}
      {c.receipt && (
        <a href={c.receipt} download>
          Receipt<span class="sr"> of your answer about {partner}</span>
        </a>
      )}
    </p>
  );
}

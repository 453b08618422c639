import type { JSX } from 'preact';
import type { IntegrationChoice, PurposeChoice } from '#contract/choices.ts';
import { country, day, fieldList } from '../../i18n/en.ts';
import { Sandbox, UsesAi } from '../form.tsx';
import { NoticeWords } from '../notice-words.tsx';
import { Flip, type FlipProps, SayNo } from './flip.tsx';
import { Each, May, When } from './sentences.tsx';

/** One row of the page. */
export interface ChoiceProps {
  integration: IntegrationChoice;
  /** Where the switches post to. */
  action: string;
  /** Whom to write to about what is out already. */
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
  const flip: FlipProps = {
    action,
    integration: i.id,
    partner: i.partner,
    purpose: on ? 'all' : main.purpose,
    nonce: main.nonce,
    state: on ? 'yes' : main.state,
    id,
  };
  return (
    <li id={`row-${i.id}`}>
      <h3>
        <span id={id}>{i.partner}</span> <Sandbox on={i.sandbox} /> <UsesAi on={i.ai} />
      </h3>
      <Flip {...flip} />
      {split ? (
        <p class="may" id={`${id}-may`}>
          May get only what is switched on below.
        </p>
      ) : (
        <>
          <May choice={main} id={`${id}-may`} />
          <Each choice={main} />
          <When choice={main} partner={i.partner} now={now} stays={`${i.partner} gets nothing`} />
          <SayNo {...flip} />
        </>
      )}
      {!i.connected && <p class="when">{i.partner} is not connected now, so nothing leaves.</p>}
      {i.alreadyOut && !on && (
        <p class="when out">
          {i.partner} already has your {fieldList(i.alreadyOut.fields)} from {day(i.alreadyOut.at, now)}.
          {toldWords(i.alreadyOut.told, now)} To have it erased there, write to{' '}
          <a href={`mailto:${contact}`}>{contact}</a>.
        </p>
      )}
      <p class="when">
        {main.notice ? (
          <NoticeWords text={main.notice} lang={main.noticeLang} facts={main.noticeFacts} />
        ) : (
          `${i.recipient.legalName} (${i.recipient.countries.map(country).join(', ')}).`
        )}{' '}
        <a href={i.recipient.policy} rel="noopener noreferrer">
          Its policy<span class="sr"> ({i.partner})</span>
        </a>
      </p>
      {inner.length > 0 && (
        <ul class="further" aria-label={`${i.partner}, each by itself`}>
          {inner.map((p) => (
            <Further key={p.purpose} integration={i} choice={p} action={action} now={now} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** What becomes of what is out: only what is true, with its date. */
function toldWords(told: NonNullable<IntegrationChoice['alreadyOut']>['told'], now: Date): string {
  if (!told) return '';
  if (told.state === 'told') return ' It was told not to use it any more.';
  if (told.state === 'impossible') return ' It offers no way to be told that you changed your mind.';
  return ` It is to be told by ${day(told.dueAt, now)} not to use it any more.`;
}

interface FurtherProps {
  integration: IntegrationChoice;
  choice: PurposeChoice;
  action: string;
  now: Date;
}

function Further({ integration: i, choice, action, now }: FurtherProps): JSX.Element {
  const id = `may-${i.id}-${choice.purpose}`;
  const { purpose, nonce, state } = choice;
  const flip: FlipProps = { action, integration: i.id, partner: i.partner, purpose, nonce, state, id };
  return (
    <li>
      <h4 id={id}>
        <span class="sr">{i.partner}: </span>Your {fieldList(choice.fields.map((f) => f.field))}
        {choice.receives && `, as ${i.partner} has it`}
      </h4>
      <Flip {...flip} />
      <May choice={choice} id={`${id}-may`} />
      <Each choice={choice} />
      <When
        choice={choice}
        partner={i.partner}
        now={now}
        stays={choice.receives ? 'nothing is added' : 'it stays here'}
      />
      {choice.notice && (
        <p class="when">
          <NoticeWords text={choice.notice} lang={choice.noticeLang} facts={choice.noticeFacts} />
        </p>
      )}
      <SayNo {...flip} />
    </li>
  );
}

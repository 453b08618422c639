import type { JSX } from 'preact';
import type { IntegrationChoice, PurposeChoice } from '#contract/choices.ts';
import { Sandbox, UsesAi } from '../form.tsx';
import { NoticeWords } from '../notice-words.tsx';
import { Flip, type FlipProps, SayNo } from './flip.tsx';
import { Each, May, When } from './sentences.tsx';
import type { Words } from './words/en.ts';

/** One row of the page. */
export interface ChoiceProps {
  integration: IntegrationChoice;
  /** Where the switches post to. */
  action: string;
  /** Whom to write to about what is out already. */
  contact: string;
  now: Date;
  words: Words;
  /** An address of ours in the language this page was asked for in. */
  at: (href: string) => string;
}

/**
 * One integration. Its own switch is on while anything may leave: off turns everything off, on grants the main purpose.
 * Each further purpose has a switch of its own, because a yes to one never counts for another (R17).
 */
export function Choice(props: ChoiceProps): JSX.Element | null {
  const { integration: i, action, contact, now, words, at } = props;
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
    words,
  };
  return (
    <li id={`row-${i.id}`}>
      <h3>
        <span id={id}>{i.partner}</span> <Sandbox on={i.sandbox} word={words.sandboxTag} />{' '}
        <UsesAi on={i.ai} word={words.usesAi} />
      </h3>
      <Flip {...flip} />
      {split ? (
        <p class="may" id={`${id}-may`}>
          {words.onlyBelow}
        </p>
      ) : (
        <>
          <May choice={main} id={`${id}-may`} words={words} />
          <Each choice={main} words={words} />
          <When
            choice={main}
            partner={i.partner}
            now={now}
            stays={words.silence.partner(i.partner)}
            words={words}
            at={at}
          />
          <SayNo {...flip} />
        </>
      )}
      {!i.connected && <p class="when">{words.notConnected(i.partner)}</p>}
      {i.alreadyOut && !on && (
        <p class="when out">
          {words.alreadyOut(i.partner, i.alreadyOut.fields, words.day(i.alreadyOut.at, now))}
          {toldWords(i.alreadyOut.told, now, words)}
          {words.erase[0]}
          <a href={`mailto:${contact}`}>{contact}</a>
          {words.erase[1]}
        </p>
      )}
      <p class="when">
        {main.notice ? (
          <NoticeWords text={main.notice} lang={main.noticeLang} facts={main.noticeFacts} say={words} />
        ) : (
          `${i.recipient.legalName} (${i.recipient.countries.map(words.country).join(', ')}).`
        )}{' '}
        <a href={i.recipient.policy} rel="noopener noreferrer">
          {words.policy}
          <span class="sr"> ({i.partner})</span>
        </a>
      </p>
      {inner.length > 0 && (
        <ul class="further" aria-label={words.each(i.partner)}>
          {inner.map((p) => (
            <Further key={p.purpose} {...props} choice={p} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** What becomes of what is out: only what is true, with its date. */
function toldWords(told: NonNullable<IntegrationChoice['alreadyOut']>['told'], now: Date, words: Words): string {
  if (!told) return '';
  if (told.state === 'waiting') return ` ${words.toldIt.waiting(words.day(told.dueAt, now))}`;
  return ` ${words.toldIt[told.state]}`;
}

function Further(props: ChoiceProps & { choice: PurposeChoice }): JSX.Element {
  const { integration: i, choice, action, now, words, at } = props;
  const id = `may-${i.id}-${choice.purpose}`;
  const { purpose, nonce, state } = choice;
  const flip: FlipProps = { action, integration: i.id, partner: i.partner, purpose, nonce, state, id, words };
  return (
    <li>
      <h4 id={id}>
        <span class="sr">{i.partner}: </span>
        {words.further(
          choice.fields.map((f) => f.field),
          choice.receives && i.partner,
        )}
      </h4>
      <Flip {...flip} />
      <May choice={choice} id={`${id}-may`} words={words} />
      <Each choice={choice} words={words} />
      <When
        choice={choice}
        partner={i.partner}
        now={now}
        stays={choice.receives ? words.silence.added : words.silence.here}
        words={words}
        at={at}
      />
      {choice.notice && (
        <p class="when">
          <NoticeWords text={choice.notice} lang={choice.noticeLang} facts={choice.noticeFacts} say={words} />
        </p>
      )}
      <SayNo {...flip} />
    </li>
  );
}

import type { JSX, TargetedSubmitEvent } from 'preact';
import { isOver } from '#contract/chat.ts';
import type { Score } from '#contract/survey.ts';
import type { Page } from './page.ts';
import type { Chat } from './session.ts';
import type { State } from './state.ts';
import { words } from './words.ts';

interface Props {
  chat: Chat;
  state: State;
  page: Page;
}

const scores: readonly Score[] = [1, 2, 3, 4, 5];

/** Where the focus goes when what was pressed is gone. */
const toReply = (): void => document.getElementById('m')?.focus();
const focus = (element: HTMLElement | null): void => element?.focus();

const Note = ({ state }: { state: State }): JSX.Element => (
  <p class="wrong" role="alert">
    {state.ending.note}
  </p>
);

/** The question after a chat: nothing chosen beforehand, and putting it aside is as easy as answering (R59). */
function Rating({
  chat,
  state,
  survey,
}: {
  chat: Chat;
  state: State;
  survey: NonNullable<Page['survey']>;
}): JSX.Element {
  const { busy } = state.ending;
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    const score = Number(said.get('score')) as Score | 0;
    if (score && (await chat.ending.rate(score, String(said.get('comment') ?? '').trim()))) toReply();
  };
  const skip = () => {
    chat.ending.skip();
    toReply();
  };
  return (
    <form class="ending" onSubmit={submit}>
      <fieldset>
        <legend>{survey.question}</legend>
        <div class="scores" role="radiogroup" aria-label={survey.question}>
          {scores.map((score) => (
            <label key={score}>
              <input type="radio" name="score" value={score} required disabled={busy} />
              <b>{score}</b> {words.ratings[score]}
            </label>
          ))}
        </div>
        {survey.comment && (
          <>
            <label for="comment">
              {words.comment} <small>{words.optional}</small>
            </label>
            <textarea id="comment" name="comment" rows={2} maxLength={1000} />
          </>
        )}
        <Note state={state} />
        <p class="end">
          <button class="btn" type="submit" aria-disabled={busy}>
            {words.sendRating}
          </button>
          <button class="btn" type="button" onClick={skip}>
            {words.skip}
          </button>
        </p>
      </fieldset>
    </form>
  );
}

/** The second step of ending: what it does, and the way back. */
function End({ chat, state }: Omit<Props, 'page'>): JSX.Element {
  const back = () => {
    chat.ending.show(undefined);
    toReply();
  };
  return (
    <section class="ending" aria-label={words.end}>
      <p>{state.picked.length > 0 ? words.pickedFirst : words.endAsk}</p>
      <Note state={state} />
      <p class="end">
        {state.picked.length === 0 && (
          <button
            class="btn"
            type="button"
            aria-disabled={state.ending.busy}
            onClick={async () => (await chat.ending.end()) && toReply()}
          >
            {words.end}
          </button>
        )}
        <button class="btn" type="button" ref={focus} onClick={back}>
          {words.goOn}
        </button>
      </p>
    </section>
  );
}

/** The chat as text, exactly as it is mailed, and the way to have it mailed (R60). */
function Copy({ chat, state }: Omit<Props, 'page'>): JSX.Element {
  const { copy, busy } = state.ending;
  const mayMail = copy && !copy.stopped && copy.left > 0;
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem('to') as HTMLInputElement;
    if (field.value.trim()) void chat.ending.mail(field.value.trim());
    else field.focus();
  };
  const close = () => {
    chat.ending.show(undefined);
    toReply();
  };
  return (
    <div class="ending">
      {copy ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the focus, for the keyboard
        <section class="copy" aria-label={words.copy} tabIndex={0}>
          {copy.text}
        </section>
      ) : (
        <p class="aside">{busy ? words.opening : null}</p>
      )}
      <form novalidate onSubmit={submit}>
        {mayMail && (
          <>
            <label for="to">{words.mailTo}</label>
            <input
              id="to"
              name="to"
              type="text"
              inputMode="email"
              autocomplete="email"
              defaultValue={copy.to}
              aria-describedby="to-wrong"
            />
          </>
        )}
        {copy && !mayMail && <p class="aside">{copy.stopped ? words.mailStopped : words.mailedOften}</p>}
        <p class="wrong" role="alert" id="to-wrong">
          {state.ending.note}
        </p>
        <p class="aside" role="status">
          {state.ending.mailed && words.mailed(state.ending.mailed)}
        </p>
        <p class="end">
          {mayMail && (
            <button class="btn" type="submit" aria-disabled={busy}>
              {words.mailIt}
            </button>
          )}
          <button class="btn" type="button" ref={focus} onClick={close}>
            {words.closeCopy}
          </button>
        </p>
      </form>
    </div>
  );
}

/** What stands above the reply once a chat is over, or when its end or its copy was asked for. */
export function Ending({ chat, state, page }: Props): JSX.Element | null {
  const { shown, skipped } = state.ending;
  const { entries, sending } = state.log;
  if (shown === 'copy') return <Copy chat={chat} state={state} />;
  if (!isOver(entries)) return shown === 'end' ? <End chat={chat} state={state} /> : null;
  const rated = entries.some((e) => e.kind === 'rated');
  return (
    <>
      {page.survey && !rated && !skipped && <Rating chat={chat} state={state} survey={page.survey} />}
      {sending.length === 0 && (
        <div class="over">
          <p>{state.picked.length > 0 ? words.pickedFirst : words.overNow}</p>
          {state.picked.length === 0 && (
            <button class="btn" type="button" onClick={chat.startNew}>
              {words.startNew}
            </button>
          )}
        </div>
      )}
    </>
  );
}

/** The two ways there, at the foot of a chat. */
export const EndingWays = ({ chat, state }: Omit<Props, 'page'>): JSX.Element => (
  <>
    <button class="btn bare" type="button" onClick={() => chat.ending.show('copy')}>
      {words.copyShort}
      <span class="sr"> {words.ofThisChat}</span>
    </button>
    {!isOver(state.log.entries) && (
      <button class="btn bare" type="button" onClick={() => chat.ending.show('end')}>
        {words.end}
      </button>
    )}
  </>
);

import type { JSX } from 'preact';
import { isSaid } from '#contract/chat.ts';
import type { Field } from '#contract/visitor.ts';
import { Mark } from '../../../extension/panel/kit/icons.tsx';
import { safeUrl, withLinks } from '../../../extension/panel/kit/links.tsx';
import { EndLine } from './end-line.tsx';
import { FileMessage, FileSending } from './file-lines.tsx';
import { type EntryOf, type Item, items, topicKey } from './log.ts';
import { Question } from './question.tsx';
import type { Chat } from './session.ts';
import type { State } from './state.ts';
import { words } from './words.ts';

interface Props {
  chat: Chat;
  state: State;
}

const By = ({ mine, at, children }: { mine: boolean; at: string; children: preact.ComponentChildren }) => (
  <p class={mine ? 'msg-by mine' : 'msg-by'}>
    {children}, <time dateTime={at}>{words.clock(at)}</time>
  </p>
);

/** What was answered, in one sentence whose yes and no carry their marks (UI.md 5.6 to 5.8). */
function Sentence({ entry, held }: { entry: EntryOf<'answered'>; held: boolean }): JSX.Element {
  const none = ({ length }: Field[]) => length === 0;
  if (entry.later || (none(entry.yes) && none(entry.no)))
    return <Mark name="open">{held ? words.laterHolds(entry) : words.later}</Mark>;
  if (none(entry.yes)) return <Mark name="no">{words.nothing(entry)}</Mark>;
  return (
    <>
      {words.done(entry)}
      {/* Comma and full stop inside the mark: a line may break behind it. */}
      {none(entry.no) ? (
        <Mark name="yes">{words.yourFields(entry.yes)}.</Mark>
      ) : (
        <>
          <Mark name="yes">{words.yourFields(entry.yes)},</Mark> <Mark name="no">{words.notFields(entry.no)}.</Mark>
        </>
      )}
    </>
  );
}

function Answer({ chat, state, item }: Props & { item: Extract<Item, { kind: 'answer' }> }): JSX.Element {
  const { entry, latest, before } = item;
  const id = `q-${item.key}`;
  const asking = state.asking[topicKey(entry)];
  if (latest && asking?.again)
    return <Question chat={chat} topic={entry} asking={asking} id={id} last={entry.later ? before : entry} />;
  const href = state.receipts[entry.seq];
  const receipt = href && safeUrl(href, location.origin)?.href;
  const change = async () => {
    await chat.ask.change(entry);
    document.getElementById(id)?.focus();
  };
  return (
    <div class="answered" id={id} tabIndex={-1}>
      <p>
        <Sentence entry={entry} held={before !== undefined && !before.later} />
      </p>
      <p class="end">
        {receipt && (
          <a class="btn bare" href={receipt} target="_blank" rel="noopener" download>
            {words.receipt}
          </a>
        )}
        {latest && state.phase === 'chat' && (
          <button class="btn bare" type="button" onClick={change}>
            {words.change}
            <span class="sr"> {entry.partner}</span>
          </button>
        )}
      </p>
    </div>
  );
}

/** Below the visitor's own last word, while nobody answered it: an agent had it on screen (R62). Not read out. */
function Seen({ state, item }: { state: State; item: Extract<Item, { kind: 'message' }> }): JSX.Element | null {
  const { log, marks } = state;
  const last = log.entries.findLast(isSaid);
  if (!marks || last?.seq !== item.entry.seq || item.entry.author !== 'visitor' || last.n > marks.seen.n) return null;
  return (
    <p class="msg-by mine" aria-live="off">
      {words.seen(marks.seen.at)}
    </p>
  );
}

function Line({ chat, state, item }: Props & { item: Item }): JSX.Element {
  switch (item.kind) {
    case 'message': {
      const mine = item.entry.author === 'visitor';
      return (
        <li>
          {item.entry.kind === 'file' ? (
            <FileMessage chat={chat} entry={item.entry} />
          ) : (
            <p class={mine ? 'msg mine' : 'msg'}>{withLinks(item.entry.text)}</p>
          )}
          {item.entry.kind === 'message' && item.entry.masked && (
            <p class={mine ? 'msg-by mine' : 'msg-by'}>{words.masked(item.entry.masked)}</p>
          )}
          <By mine={mine} at={item.entry.at}>
            {mine ? words.you : item.entry.by}
          </By>
          <Seen state={state} item={item} />
        </li>
      );
    }
    case 'sending':
      return (
        <li>
          {item.message.file ? (
            <FileSending chat={chat} message={item.message} file={item.message.file} />
          ) : (
            <p class="msg mine pending">{withLinks(item.message.text)}</p>
          )}
          {item.message.failed ? (
            <p class="msg-by mine">
              <span class="wrong">
                {words.notSent} {item.message.failed}
              </span>{' '}
              <button class="btn bare" type="button" onClick={() => chat.sendAgain(item.message)}>
                {words.sendAgain}
              </button>
              <button class="btn bare" type="button" onClick={() => chat.remove(item.message)}>
                {words.remove}
              </button>
            </p>
          ) : (
            <p class="msg-by mine">
              {words.you}, {words.waiting}
            </p>
          )}
        </li>
      );
    case 'question':
      // Announced by the status region in one sentence instead of field by field.
      return (
        <li aria-live="off">
          <Question chat={chat} topic={item.topic} asking={state.asking[topicKey(item.topic)]} id={`q-${item.key}`} />
        </li>
      );
    case 'answer':
      return (
        <li aria-live="off">
          <Answer chat={chat} state={state} item={item} />
        </li>
      );
    case 'off':
      return (
        <li class="aside">
          <Mark name="no">{(item.entry.purposes ? words.offInPart : words.off)(item.entry.partner)}</Mark>{' '}
          {words.stoppedToo(item.entry)}
        </li>
      );
    case 'told':
      return <li class="aside">{words.told(item.entry)}</li>;
    case 'end':
      return <EndLine entry={item.entry} />;
    case 'share':
      return <li class="aside">{words.shared(item.entry)}</li>;
  }
}

/** The conversation: a focusable log around a list, read out politely as it grows (UI.md 6). */
export const Lines = ({ chat, state }: Props): JSX.Element => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the focus, for the keyboard
  <div class="log" role="log" aria-label={words.log} tabIndex={0}>
    {state.signal && <p class="aside">{words.honored}</p>}
    <ol>
      {items(state.log).map((item) => (
        <Line key={item.key} chat={chat} state={state} item={item} />
      ))}
    </ol>
    {!state.loaded && <p class="aside">{words.opening}</p>}
  </div>
);

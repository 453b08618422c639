import type { JSX, TargetedKeyboardEvent, TargetedSubmitEvent } from 'preact';
import { useAttach } from '../../../extension/panel/kit/attach.tsx';
import { inLanguage } from '../../i18n/spoken.ts';
import { backWords } from './away.tsx';
import { Begin } from './begin.tsx';
import { Ending, EndingWays } from './ending.tsx';
import { Lines } from './lines.tsx';
import type { Page } from './page.ts';
import type { Chat } from './session.ts';
import type { State } from './state.ts';
import { intoTab } from './tab.ts';
import { words } from './words.ts';

interface Props {
  chat: Chat;
  state: State;
  page: Page;
  /** Asks the brand's page to hide the frame; undefined where the frame stands alone. */
  close?: () => void;
}

function Reply({ chat, state, page }: Omit<Props, 'close'>): JSX.Element {
  const attach = useAttach({
    on: page.files ?? false,
    small: true,
    words: words.files,
    picked: state.picked,
    onPick: chat.pick,
  });
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem('m') as HTMLTextAreaElement;
    const wrong = field.value.trim() || attach.picked.length === 0 ? chat.say(field.value) : undefined;
    field.setCustomValidity(wrong ?? '');
    if (wrong) field.reportValidity();
    else if (wrong === undefined) {
      field.value = '';
      chat.attach(attach.take());
    }
    field.focus();
  };
  const keys = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };
  return (
    <form class="say-back" novalidate onSubmit={submit} {...attach.takes}>
      {attach.chosen}
      <label class="sr" for="m">
        {words.message}
      </label>
      <textarea
        id="m"
        name="m"
        rows={1}
        placeholder={words.writeHere}
        autocomplete="off"
        enterkeyhint="send"
        onKeyDown={keys}
        onInput={(event) => {
          event.currentTarget.setCustomValidity('');
          if (event.currentTarget.value) chat.presence.typed();
        }}
      />
      {attach.press}
      <button class="btn main" type="submit">
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 8h12M10.5 4.5 14 8l-3.5 3.5M7 2.5V5M7 11v2.5" />
        </svg>
        <span class="sr">{words.send}</span>
      </button>
    </form>
  );
}

/** The way to the preference page. */
function MyData({ chat, state, page }: Props): JSX.Element {
  const label = words.myData(page.brand.name);
  if (state.phase !== 'chat')
    return (
      <a href={inLanguage(`/privacy/${encodeURIComponent(page.brand.slug)}`, page.lang)} target="_blank" rel="noopener">
        {label}
      </a>
    );
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = async () => {
      const data = await chat.myData();
      return data && { ...data, action: inLanguage(data.action, page.lang) };
    };
    return intoTab(event.currentTarget, given, chat.blocked);
  };
  return (
    <form method="post" target={`askfirst-${page.brand.slug}`} onSubmit={submit}>
      <input type="hidden" name="code" />
      <button class="btn bare" type="submit">
        {label}
      </button>
    </form>
  );
}

/** The widget inside its frame: a non-modal dialog named by its head (UI.md 6). */
export function ChatDialog(props: Props): JSX.Element {
  const { chat, state, page, close } = props;
  const under = state.offlineSince
    ? words.offline(state.offlineSince)
    : state.typing
      ? words.writing(state.typing.by)
      : state.agent
        ? words.here(state.agent)
        : page.away?.next && words.backThen(backWords(page.away.next, new Date()));
  return (
    <div class="chat" role="dialog" aria-labelledby="chat-title" tabIndex={-1}>
      <div class="chat-head">
        <h1 id="chat-title">
          {page.brand.name} {under && state.phase === 'chat' && <small>{under}</small>}
        </h1>
        {close && (
          <button class="btn" type="button" onClick={close}>
            {words.close}
          </button>
        )}
      </div>
      {state.phase === 'form' ? <Begin chat={chat} state={state} page={page} /> : <Lines chat={chat} state={state} />}
      {state.phase === 'chat' && <Ending chat={chat} state={state} page={page} />}
      {state.phase === 'chat' && <Reply chat={chat} state={state} page={page} />}
      {state.phase === 'ended' && (
        <div class="over">
          <p>{words.ended}</p>
          <button class="btn main" type="button" onClick={chat.startNew}>
            {words.startNew}
          </button>
        </div>
      )}
      <div class="chat-foot">
        <MyData {...props} />
        {state.phase === 'chat' && <EndingWays chat={chat} state={state} />}
        <span>askfirst</span>
        {state.trouble && (
          <p class="wrong" role="alert">
            {state.trouble}
          </p>
        )}
      </div>
      <p class="sr" role="status">
        {state.said}
      </p>
    </div>
  );
}

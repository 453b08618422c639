import { render } from 'preact';
import { chatRoutes, hubClient } from '#contract/client.ts';
import '../../../extension/panel/kit/tokens.css';
import '../../../extension/panel/kit/kit.css';
import { ChatDialog } from './chat.tsx';
import './frame.css';
import './ending.css';
import './question.css';
import { addStyle, colourStyle } from './dress.ts';
import { createKeep } from './keep.ts';
import { type FrameMessage, fromSite } from './messages.ts';
import type { Page } from './page.ts';
import { optedOut } from './plain.ts';
import { createChat } from './session.ts';
import type { State } from './state.ts';
import { words } from './words.ts';

/** Milliseconds after which a call that is no stream counts as unanswered. */
const callPatience = 20_000;

function start(root: HTMLElement): void {
  const page = JSON.parse(root.dataset.page ?? '') as Page;
  document.documentElement.lang = words.tag; // the truth even where the script of the page's language did not come
  const theme = location.hash.slice(1);
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

  // In forced colours the person's own ones stand.
  const own = colourStyle(page.colours, { act: '--act', over: '--act-over', on: '--on-act' });
  addStyle(document, `@media not (forced-colors: active) { :root { ${own} } }`);

  const chat = createChat({
    page,
    client: (token) =>
      hubClient({
        routes: chatRoutes,
        base: '',
        token,
        fetch: (input, init) => fetch(input, { ...init, signal: init?.signal ?? AbortSignal.timeout(callPatience) }),
      }),
    keep: createKeep(() => localStorage, page.brand.slug),
    now: () => new Date(),
    newId: () => crypto.randomUUID(),
    newToken: () =>
      btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replace('=', ''),
    random: Math.random,
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  });

  const alone = window.parent === window;
  let site: string | undefined;
  const tell = (message: FrameMessage) => site && window.parent.postMessage(message, site);
  const close = () => {
    tell({ askfirst: 'close' });
    chat.closed(); // at once: what arrives from here on is unread
  };

  /** The log, or in short windows the whole sheet. */
  const scroller = () => {
    const log = root.querySelector('.log');
    return log && getComputedStyle(log).overflowY === 'visible' ? log.parentElement : log;
  };
  /** Whether the newest is on the screen. It stays there when the room changes: a keyboard, a turned phone, a chat reopened. */
  let atEnd = true;
  let high = 0;
  let watched: Element | null = null;
  /** In the room of the last look only: in another one the place says nothing, and `room` follows. */
  const measure = () => {
    const log = scroller();
    if (log && high > 0 && log.clientHeight === high) atEnd = log.scrollTop + log.clientHeight > log.scrollHeight - 48;
  };
  const stay = () => {
    const log = scroller();
    if (log && atEnd) log.scrollTop = log.scrollHeight;
    high = log?.clientHeight ?? 0;
  };
  const room = new ResizeObserver(stay);
  room.observe(root);
  root.addEventListener('scroll', measure, true);
  let shown: State | undefined;
  function draw(state: State): void {
    measure();
    const asks = root.querySelectorAll('fieldset.ask').length;
    const mineBefore = shown?.log.sending.length ?? 0;
    // A whole history, or what came during a break, is not read out line by line; the status says how much it was.
    const many = state.log.entries.length - (shown?.log.entries.length ?? 0) > 1;
    if (many) root.querySelector('.log')?.setAttribute('aria-live', 'off');
    render(<ChatDialog chat={chat} state={state} page={page} close={alone ? undefined : close} />, root);
    if (many) setTimeout(() => root.querySelector('.log')?.removeAttribute('aria-live'));
    const log = root.querySelector('.log');
    if (log && log !== watched) {
      room.observe(log);
      atEnd = true;
    }
    watched = log;
    // Text that a person is reading stays where it is; only the end follows the newest, a question from its first line.
    const now = scroller();
    const asked = [...root.querySelectorAll('fieldset.ask')];
    const came = asked.length > asks ? asked.at(-1) : undefined;
    if (now && ((atEnd && (came || state.log !== shown?.log)) || state.log.sending.length > mineBefore)) {
      const top = came
        ? came.getBoundingClientRect().top - now.getBoundingClientRect().top + now.scrollTop - 12
        : Infinity;
      now.scrollTop = Math.min(now.scrollHeight, top);
      high = now.clientHeight;
      measure();
    }
    if (state.unread !== (shown?.unread ?? 0)) tell({ askfirst: 'unread', count: state.unread });
    if (optedOut(state) && !(shown && optedOut(shown))) tell({ askfirst: 'plain' });
    if (shown && shown.phase === 'form' && state.phase === 'chat' && state.open) focusIn();
    shown = state;
  }

  /** The field to write in; on touch the dialog itself, because a field would raise the keyboard over the text. */
  function focusIn(): void {
    const touch = matchMedia('(pointer: coarse)').matches;
    root.querySelector<HTMLElement>(touch ? '.chat' : '#m, #text')?.focus();
  }
  function open(identity?: string): void {
    stay(); // what came while the frame was hidden moved nothing
    chat.open(identity);
    focusIn();
  }

  root.textContent = '';
  chat.on(draw);
  chat.presence.seeing(document.visibilityState === 'visible');
  draw(chat.get());
  addEventListener('message', (event) => {
    const message = fromSite(event, page.sites, window.parent);
    if (!message) return;
    site = event.origin;
    if (message.askfirst === 'open') {
      tell({ askfirst: 'ready', name: page.brand.name });
      open(message.identity);
    } else if (message.askfirst === 'page') chat.presence.at(message);
    else chat.closed();
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing && !alone) close();
  });
  addEventListener('online', chat.wake);
  document.addEventListener('visibilitychange', () => {
    const visible = document.visibilityState === 'visible';
    chat.presence.seeing(visible);
    if (visible) chat.wake();
  });
  if (alone) open();
}

const root = document.getElementById('chat');
if (root) start(root);

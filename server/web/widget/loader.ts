import { addStyle, colourStyle } from './dress.ts';
import { makeLine } from './line.ts';
import { loaderWords } from './loader-words.ts';
import { fromFrame, type SiteMessage } from './messages.ts';
import { asksNotToShare, type Here, onPageOf, watch, whatShows } from './showing.ts';
import { pageHere, watchPage } from './where.ts';

/*
 * The script on the brand's own page. It draws one button, and beside it the brand's own line where its rules say so:
 * no storage, no request, no identifier before a person presses it (R57). Sizes are px, because rem belongs to the
 * brand's page here.
 */
const style = `
:host { all: initial; color-scheme: light dark;
  --act: #0d4f56; --act: light-dark(#0d4f56, #8bcdca); --over: #093b41; --over: light-dark(#093b41, #aaddda);
  --on: #fffdf9; --on: light-dark(#fffdf9, #0b2527); --dot: #f0ac3a; --dot: light-dark(#f0ac3a, #8a5200);
  --sheet: #fffdf9; --sheet: light-dark(#fffdf9, #1f1c18); --ink: #221f1a; --ink: light-dark(#221f1a, #f1ece2);
  --edge: #82796a; --edge: light-dark(#82796a, #8f8674); --focus: #0d4f56; --focus: light-dark(#0d4f56, #f0ac3a);
  --gap: #fffdf9; --gap: light-dark(#fffdf9, #161411); }
:host([data-theme="light"]) { color-scheme: light }
:host([data-theme="dark"]) { color-scheme: dark }
[hidden] { display: none !important }
button, p, aside { font: 550 16px/1.2 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; margin: 0 }
button, p, aside, iframe { position: fixed; z-index: 2147483000; box-sizing: border-box }
[data-off] { display: none !important }
button { right: 24px; bottom: 24px; display: flex; align-items: center; gap: 10px; min-height: 48px; max-width: calc(100vw - 32px);
  padding: 8px 16px 8px 12px; border: 1px solid var(--act); border-radius: 4px; background: var(--act); color: var(--on);
  cursor: pointer; text-align: left; box-shadow: 0 1px 2px rgb(34 31 26 / .12), 0 8px 24px rgb(34 31 26 / .18) }
button:hover { background: var(--over) }
button:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; box-shadow: 0 0 0 2px var(--gap) }
svg { width: 24px; height: 24px; flex: none }
b { min-width: 24px; padding: 3px 6px; border-radius: 99px; background: #e0921a; color: #221f1a; box-sizing: border-box; text-align: center; font-size: 14px }
p, aside { right: 24px; bottom: 84px; max-width: min(320px, calc(100vw - 32px)); padding: 12px 16px; font-weight: 400; line-height: 1.4;
  background: var(--sheet); color: var(--ink); border: 1px solid var(--edge); border-radius: 4px }
aside { display: flex; gap: 8px; align-items: start; padding: 4px 4px 4px 16px }
aside span { padding: 8px 0; overflow-wrap: anywhere }
aside button { position: static; min-width: 44px; min-height: 44px; padding: 0 12px; flex: none; justify-content: center; font-size: 14px; box-shadow: none;
  background: none; border-color: transparent; color: var(--ink); text-decoration: underline; text-underline-offset: .18em }
aside button:hover { background: none; text-decoration-thickness: 2px }
iframe { inset: 56px 0 0; width: 100%; height: calc(100% - 56px); border: 0; border-top: 1px solid var(--edge); background: var(--sheet);
  box-shadow: 0 1px 2px rgb(34 31 26 / .12), 0 12px 32px rgb(34 31 26 / .18) }
@media (max-width: 639.98px) { button { right: 16px; bottom: 16px } p, aside { right: 16px; bottom: 76px } }
@media (max-height: 480px) { iframe { inset: 0; height: 100%; border: 0 } }
@media (min-width: 640px) and (min-height: 480.01px) {
  iframe { inset: auto 24px 24px auto; width: 392px; height: min(720px, 100% - 48px); border: 1px solid var(--edge); border-radius: 4px } }
:host([data-side="left"]) :is(button, p, aside) { right: auto; left: 24px }
:host([data-side="left"]) aside button { left: auto }
@media (max-width: 639.98px) { :host([data-side="left"]) :is(button, p, aside) { left: 16px } }
@media (min-width: 640px) and (min-height: 480.01px) { :host([data-side="left"]) iframe { inset: auto auto 24px 24px } }
@media (forced-colors: active) { button { border-color: ButtonBorder } b { border: 1px solid } }
@media print { :host { display: none } }`;

/** How long a frame may take before the page says that the chat does not answer, in milliseconds. */
const patience = 10_000;

function mark(): SVGElement {
  const part = (name: string, attributes: Record<string, string>) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const svg = part('svg', { viewBox: '0 0 28 28', 'aria-hidden': 'true' });
  svg.append(
    part('path', {
      d: 'M5 4h18a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H12l-5 5v-5H5a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z',
      fill: 'var(--on)',
    }),
    part('circle', { cx: '9.5', cy: '14', r: '3.3', fill: 'var(--dot)' }),
    part('path', { d: 'M17 8.5h3.4v11H17z', fill: 'var(--act)' }),
  );
  return svg as SVGElement;
}

/** What a page can do with the chat on it: `window.askfirst`, there from the event `askfirst:loaded` on (docs/widget.md). */
interface Askfirst {
  open(): void;
  close(): void;
  /** The brand's signed claim of who is here (R28); without one nobody is signed in any more. */
  identify(token?: string): void;
  /** BCP 47 tag of the language to speak, from the next opening on. */
  language(tag: string): void;
}
declare global {
  interface Window {
    askfirst?: Askfirst;
  }
}

function place(script: HTMLScriptElement): void {
  const hub = new URL(script.src).origin;
  const { brand = '', name = '', theme = '' } = script.dataset;
  // A page that loads the script twice still has one button.
  if (!brand || document.querySelector(`[data-askfirst="${CSS.escape(brand)}"]`)) return;

  const set = onPageOf(script);
  const host = document.createElement('div');
  host.dataset.askfirst = brand;
  if (set.side === 'left') host.dataset.side = 'left';
  if (theme) host.dataset.theme = theme;
  const shadow = host.attachShadow({ mode: 'open' });
  addStyle(shadow, style);
  addStyle(shadow, `:host { ${colourStyle(set.colours, { act: '--act', over: '--over', on: '--on' })} }`);

  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-haspopup', 'dialog');
  const label = document.createElement('span');
  // Read anew each time: a page of one piece may change its language.
  const lang = () => script.dataset.lang ?? document.documentElement.lang;
  const words = () => loaderWords(lang(), navigator.languages);
  let called = name;
  const title = () => (called ? `${words().with} ${called}` : words().chat);
  const own = typeof set.text === 'string' ? set.text : '';
  const news = document.createElement('b');
  news.hidden = true;
  const note = document.createElement('p');
  note.setAttribute('role', 'status');
  note.hidden = true;
  /** The brand's own words on the button are in the page's language; ours may be in another. */
  const speak = () => {
    label.textContent = own || title();
    for (const part of own ? [news, note] : [label, news, note]) part.lang = words().tag;
  };
  speak();
  button.append(mark(), label, news);
  const line = makeLine(words, () => button.focus());
  shadow.append(note, button, line.node);
  document.body.append(host);

  let frame: HTMLIFrameElement | undefined;
  let watching = false;
  let ready = false;
  /** The frame is drawn in another language than the page wants now. */
  let stale = false;
  let timer = 0;
  /** This browser or this person asked not to share: the plain button, and no line (R61). */
  let optedOut = asksNotToShare(set, navigator);
  let opened = false;
  let here: Here | undefined;
  /** Draws the button and the line by the rules, for the page as it is now. */
  const draw = () => {
    if (!here) return;
    const shown = whatShows(set, here, optedOut);
    // Who opened the chat finds the way back to it, until the next load: nothing is kept on the brand's page (R57).
    button.toggleAttribute('data-off', !shown.button && !opened);
    line.say(button.hidden || !note.hidden ? undefined : shown.line);
  };
  watch(set, (now) => {
    here = now;
    draw();
  });
  /** Told to the page's own scripts; nothing in it is about what was said or who said it. */
  const happened = (what: string, detail: { brand: string; count?: number } = { brand }) =>
    document.dispatchEvent(new CustomEvent(`askfirst:${what}`, { detail }));
  // Read anew each time: a page of one piece sets it when somebody signs in.
  const hello = (): SiteMessage => {
    const { identity } = script.dataset;
    return identity ? { askfirst: 'open', identity } : { askfirst: 'open' };
  };
  const tell = (message: SiteMessage) => frame?.contentWindow?.postMessage(message, hub);

  const show = (open: boolean) => {
    if (frame) frame.hidden = !open;
    button.hidden = open;
    draw();
    if (open) frame?.focus();
    else button.focus();
    if (ready) tell(open ? hello() : { askfirst: 'closed' });
    happened(open ? 'opened' : 'closed');
  };
  const drop = () => {
    frame?.remove();
    frame = undefined;
    ready = stale = false;
  };
  const giveUp = () => {
    if (ready) return;
    drop();
    show(false);
    note.textContent = words().silent;
    note.hidden = false;
    draw();
  };
  const open = () => {
    if (button.hidden) return;
    opened = note.hidden = news.hidden = true;
    if (stale) drop();
    if (!frame) {
      frame = document.createElement('iframe');
      frame.title = title();
      frame.referrerPolicy = 'strict-origin'; // the hub learns the site, never the page
      const about = new URLSearchParams({ brand, lang: lang() });
      frame.src = `${hub}/widget/frame?${about}${theme ? `#${encodeURIComponent(theme)}` : ''}`;
      // The first word: the frame learns who asks, and answers "ready".
      frame.onload = () => tell(hello());
      timer = window.setTimeout(giveUp, patience);
      shadow.append(frame);
    }
    show(true);
  };
  button.onclick = open;
  addEventListener('message', (event) => {
    const message = fromFrame(event, hub, frame?.contentWindow);
    if (message?.askfirst === 'ready') {
      ready = true;
      tell(pageHere());
      if (!watching) watchPage(tell);
      watching = true;
      clearTimeout(timer);
      called = message.name;
      speak();
      if (frame) frame.title = title();
    } else if (message?.askfirst === 'close') show(false);
    else if (message?.askfirst === 'plain') {
      optedOut = true;
      draw();
    } else if (message?.askfirst === 'unread') {
      news.hidden = message.count === 0;
      news.textContent = `${message.count} ${words().fresh[message.count === 1 ? 0 : 1]}`;
      happened('unread', { brand, count: message.count });
    }
  });
  // The first chat of a page is the one its scripts drive.
  window.askfirst ??= {
    open,
    close: () => button.hidden && show(false),
    identify(token) {
      if (token) script.dataset.identity = token;
      else delete script.dataset.identity;
      if (ready && button.hidden) tell(hello()); // whoever was here before is gone at once (GATE.md k.11)
    },
    language(tag) {
      if (script.dataset.lang === tag) return;
      script.dataset.lang = tag;
      stale = frame !== undefined;
      speak();
    },
  };
  happened('loaded');
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.body) place(script);
  else addEventListener('DOMContentLoaded', () => place(script));
}

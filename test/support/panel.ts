import axe from 'axe-core';
import type { JSHandle, Page } from 'puppeteer-core';

/** A document that shows the panel: a page (Chromium's side panel, any tab) or the window of Firefox's sidebar. */
export type Shown = Page | JSHandle<Window>;

/** A handle to the panel's window, so that one driver fits both browsers. */
async function windowOf(shown: Shown): Promise<JSHandle<Window>> {
  return 'goto' in shown ? ((await shown.evaluateHandle(() => window)) as unknown as JSHandle<Window>) : shown;
}

/** Drives the panel by what it shows, in the real side panel, the real sidebar or a tab; nothing here sleeps. */
export async function drivePanel(shown: Shown) {
  const w = await windowOf(shown);

  /** Waits until `look` says something other than false, null or undefined. */
  async function until<T>(look: () => Promise<T>, what: string): Promise<NonNullable<T>> {
    const end = Date.now() + 15_000;
    for (;;) {
      const found = await look().catch(() => undefined);
      if (found !== undefined && found !== null && found !== false) return found as NonNullable<T>;
      if (Date.now() > end) throw new Error(`panel: ${what} did not come; it shows: ${(await text()).slice(0, 600)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  // A mark beside a word breaks innerText's line, not the reader's; a word joiner is read by nobody.
  const oneLine = (words: string): string => words.replaceAll('\u2060', '').replace(/\s+/g, ' ').trim();
  const text = async (): Promise<string> => oneLine(await w.evaluate((win) => win.document.body.innerText));
  const textOf = async (selector: string): Promise<string | undefined> => {
    const words = await w.evaluate((win, s) => win.document.querySelector<HTMLElement>(s)?.innerText, selector);
    return words === undefined || words === null ? undefined : oneLine(words);
  };

  /** Waits for an element and clicks it. */
  const click = (selector: string): Promise<boolean> =>
    until(
      () =>
        w.evaluate((win, s) => {
          const found = win.document.querySelector<HTMLElement>(s);
          found?.click();
          return found !== null;
        }, selector),
      selector,
    );
  /** Waits for a field and fills it; real key presses do not reach Firefox's sidebar. */
  const fill = (selector: string, words: string): Promise<boolean> =>
    until(
      () =>
        w.evaluate(
          (win, s, value) => {
            const field = win.document.querySelector<HTMLInputElement | HTMLTextAreaElement>(s);
            if (!field) return false;
            field.value = value;
            field.dispatchEvent(new (win as Window & typeof globalThis).Event('input', { bubbles: true }));
            return true;
          },
          selector,
          words,
        ),
      selector,
    );

  return {
    text,
    textOf,
    until,
    /** Waits until the panel shows these words. */
    sees: (words: string): Promise<boolean> => until(async () => (await text()).includes(words), `"${words}"`),
    /** Waits until the words of one element hold these. */
    seesIn: (selector: string, words: string): Promise<boolean> =>
      until(async () => (await textOf(selector))?.includes(words), `"${words}" in ${selector}`),
    count: (selector: string): Promise<number> =>
      w.evaluate((win, s) => win.document.querySelectorAll(s).length, selector),
    click,
    /** What stands in a field. */
    valueOf: (selector: string): Promise<string | undefined> =>
      w.evaluate((win, s) => win.document.querySelector<HTMLTextAreaElement>(s)?.value, selector),
    /** Counts how this panel tells its agent from now on: sounds, each of two notes, and desktop notices. */
    alerts: async (): Promise<() => Promise<{ sounds: number; notices: number }>> => {
      type Ext = { notifications: { create: (...args: unknown[]) => unknown } };
      type Heard = Window & typeof globalThis & { notes: number; notices: number; browser?: Ext; chrome: Ext };
      await w.evaluate((win) => {
        const heard = win as unknown as Heard;
        Object.assign(heard, { notes: 0, notices: 0 });
        const { prototype } = heard.AudioContext;
        const made = prototype.createOscillator;
        prototype.createOscillator = function (this: AudioContext) {
          heard.notes++;
          return made.call(this);
        };
        const { notifications } = heard.browser ?? heard.chrome;
        const create = notifications.create;
        notifications.create = (...args) => {
          heard.notices++;
          return create.apply(notifications, args);
        };
      });
      return () =>
        w.evaluate((win) => {
          const { notes, notices } = win as unknown as Heard;
          return { sounds: notes / 2, notices };
        });
    },
    /** The code of the pairing screen. */
    code: (): Promise<string> => until(() => textOf('#code'), 'the pairing code'),
    fill,
    /** Puts a reply into the composer as typing does. */
    type: (words: string): Promise<boolean> => fill('#text', words),
    /** On the options page: saves the hub's address and waits until it is. */
    saveHub: async (origin: string): Promise<void> => {
      await fill('#hub', origin);
      await click('button[type="submit"]');
      await until(async () => (await textOf('#said'))?.startsWith('Saved.'), '"Saved."');
    },
    /** Presses Enter in the composer. */
    enter: (): Promise<void> =>
      w.evaluate((win) => {
        const { KeyboardEvent } = win as Window & typeof globalThis;
        const key = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
        win.document.querySelector('#text')?.dispatchEvent(key);
      }),
    /** Rules that axe finds broken (WCAG 2.2 A and AA, best practice), each with its elements. */
    violations: async (): Promise<string[]> => {
      await w.evaluate((win, source) => (win as unknown as { eval: (code: string) => void }).eval(source), axe.source);
      return w.evaluate(async (win) => {
        const { violations } = await (win as unknown as { axe: typeof axe }).axe.run();
        return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
      });
    },
  };
}
/** What drivePanel returns. */
export type PanelDriver = Awaited<ReturnType<typeof drivePanel>>;

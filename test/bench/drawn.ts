import type { Page } from 'puppeteer-core';
import { loadAssets } from '../../server/routes/assets.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { bareChat } from './bare-chat.ts';
import { crowdOf, openLoad } from './load.ts';
import type { LoadJob } from './load-worker.ts';
import { openRig } from './rig.ts';
import { type BenchRow, quantile, row } from './row.ts';

/** The queue shows this many chats; each gets at most one message a second, so that no row is written over unseen. */
const chats = 200;

type Watching = typeof globalThis & { drawn: [number, number][] };

/** Notes when the words of each message were on the screen: after the frame that followed their coming into the page. */
function observe(): void {
  const drawn: [number, number][] = [];
  const known = new Set<number>();
  Object.assign(globalThis, { drawn });
  const numbers = (node: Node): number[] => {
    const found: number[] = [];
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let text: Node | null = texts.currentNode; text; text = texts.nextNode()) {
      const n = / message no\. (\d+)/.exec(text.nodeType === Node.TEXT_NODE ? (text as Text).data : '')?.[1];
      if (n !== undefined && !known.has(Number(n))) found.push(Number(n));
    }
    return found;
  };
  new MutationObserver((records) => {
    const fresh: number[] = [];
    for (const { type, target, addedNodes } of records)
      for (const node of type === 'characterData' ? [target] : addedNodes)
        for (const n of numbers(node)) {
          known.add(n);
          fresh.push(n);
        }
    if (fresh.length === 0) return;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const at = performance.timeOrigin + performance.now();
        for (const n of fresh) drawn.push([n, at]);
      };
      port2.postMessage(0);
    });
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/**
 * Milliseconds from each POST until its words were drawn in `page`, or newer ones of the same chat in their place. The
 * first message of each chat warms up hub and page, and does not count.
 */
async function measure(page: Page, job: LoadJob): Promise<number[]> {
  const load = await openLoad(job);
  const { begun } = await load.send();
  const newest = job.sends.length - chats;
  const all = (from: number, count: number) =>
    (globalThis as Watching).drawn.filter(([n]) => n >= from).length >= count;
  await page.waitForFunction(all, { polling: 100 }, newest, Math.min(chats, job.sends.length));
  const drawn = new Map(await page.evaluate(() => (globalThis as Watching).drawn));
  await load.close();
  const seen = (n: number): number => drawn.get(n) ?? seen(n + chats);
  return [...begun].map((at, n) => seen(n) - at).slice(chats);
}

/**
 * Message POST → durable → drawn in the panel: the hub's own panel page in a real browser, with `streams` open beside
 * and 200 messages a second going round the chats of its queue. The limit is a bare page that draws the same messages
 * from bare node:http. Needs the built hub.
 */
export async function benchDrawn({ streams = 1_000, messages = 1_600, rate = 200 } = {}): Promise<BenchRow[]> {
  const rig = await openRig({ asset: loadAssets(['dist/widget', 'dist/pages']) });
  const browser = await launchPlain();
  const raw = await bareChat();
  try {
    const { maria, hub, bare } = await crowdOf(rig, { streams, messages: chats + messages, rate }, chats);
    const timed = async (address: string, job: LoadJob, ready: string) => {
      const page = await browser.newPage();
      await page.evaluateOnNewDocument(observe);
      await page.goto(address);
      await page.waitForSelector(ready);
      const times = await measure(page, job);
      await page.close();
      return times;
    };
    const { watch: _, ...rawJob } = bare(raw.origin);
    const { watch: __, ...hubJob } = hub;
    const limit = await timed(`${raw.origin}/page`, { ...rawJob, rate }, 'body');
    for (const [name, value] of maria.cookies)
      await browser.setCookie({ name, value, domain: 'localhost', path: '/', secure: true });
    const times = await timed(`${rig.door.origin}/panel`, { ...hubJob, rate }, '.queue .rows li');
    const name = `message: POST to drawn in the panel, ${streams} streams open, ${rate}/s`;
    return [
      row(`${name}, p50`, 'ms', quantile(times, 0.5), quantile(limit, 0.5)),
      row(`${name}, p99`, 'ms', quantile(times, 0.99), quantile(limit, 0.99), 'under 100 ms', (value) => value < 100),
    ];
  } finally {
    await browser.close();
    raw.close();
    await rig.close();
  }
}

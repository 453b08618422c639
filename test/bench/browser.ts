import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer-core';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type RunningHub, runHub } from '../support/hub.ts';
import { drivePanel } from '../support/panel.ts';
import { peopleAt } from '../support/people-at.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { press, sees } from '../support/story.ts';
import { type BenchRow, quantile, row } from './row.ts';

type Watching = typeof globalThis & { usableMs?: number };

/** Notes when everything in `wanted` had been on the screen for a frame, in milliseconds since the page was asked for. */
function whenUsable(wanted: string[]): void {
  const look = () => {
    if (!wanted.every((selector) => document.querySelector(selector))) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => Object.assign(globalThis, { usableMs: performance.now() })));
  };
  const seen = new MutationObserver(look);
  seen.observe(document, { subtree: true, childList: true });
}

/** Milliseconds from asking for each page to its being usable, a new page each time. */
async function opened(open: () => Promise<Page>, address: string, wanted: string[], times: number): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    const page = await open();
    await page.bringToFront(); // a page behind another draws no frames
    await page.evaluateOnNewDocument(whenUsable, wanted);
    await page.goto(address);
    await page.waitForFunction(() => (globalThis as Watching).usableMs !== undefined, { polling: 20 });
    all.push((await page.evaluate(() => (globalThis as Watching).usableMs)) ?? Number.NaN);
    await page.close();
  }
  return all;
}

/** A page that is whole as it comes: the least a browser can take. */
async function stillPage() {
  const server = createServer((_, res) => {
    res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>still</title><p class="here">Hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** Pairs the panel with the hub as an owner does by hand. */
async function pair(chromium: Chromium, hub: RunningHub): Promise<void> {
  await (await drivePanel(await chromium.tab('options.html'))).saveHub(hub.origin);
  const desk = await chromium.browser.newPage();
  await desk.goto(hub.signIn);
  await press(desk, 'form [type=submit]');
  await sees(desk, 'Connections');
  const panel = await chromium.tab('sidepanel.html');
  const driven = await drivePanel(panel);
  const code = await driven.code();
  await desk.bringToFront();
  await desk.goto(`${hub.origin}/pair?code=${encodeURIComponent(code)}`);
  await press(desk, 'button[value=confirm]');
  await driven.sees('Your chats');
  await panel.close();
}

/**
 * The panel of the built extension from being opened to usable: twenty chats of the built hub in the queue, the newest
 * one open, and a field to reply in. Nothing of it is open before; the limit is a page without script.
 */
async function benchPanel(hub: RunningHub, times: number): Promise<BenchRow[]> {
  const still = await stillPage();
  const chromium = await launchChromium();
  try {
    const { visitor } = peopleAt(hub);
    for (let n = 0; n < 20; n++) await visitor({ name: 'Ada Brandt' }, `Is the blue Marlin still there? ${n}`);
    await pair(chromium, hub);
    const open = () => chromium.browser.newPage();
    const limit = await opened(open, still.origin, ['.here'], times);
    const wanted = ['.queue .rows li', '[role=log] li', '#text'];
    const panel = await opened(open, `chrome-extension://${chromium.id}/sidepanel.html`, wanted, times);
    const name = 'side panel: cold open to usable, 20 chats';
    return [row(name, 'ms', quantile(panel, 0.5), quantile(limit, 0.5), 'under 300 ms', (value) => value < 300)];
  } finally {
    await chromium.browser.close();
    still.close();
  }
}

interface TraceEvent {
  name: string;
  dur?: number;
  args?: { data?: { url?: string } };
}

/** The widget's script on the demo shop's page: how long the browser's main thread runs it, compiling included. */
async function benchWidget(hub: RunningHub, times: number): Promise<BenchRow[]> {
  const browser = await launchPlain();
  try {
    const all: number[] = [];
    for (let i = 0; i < times; i++) {
      const page = await browser.newPage();
      await page.tracing.start({ categories: ['devtools.timeline', 'v8.compile'] });
      await page.goto(`${hub.shop}/`, { waitUntil: 'load' });
      await page.waitForSelector('[data-askfirst]');
      const { traceEvents } = JSON.parse(Buffer.from((await page.tracing.stop()) ?? []).toString()) as {
        traceEvents: TraceEvent[];
      };
      const own = traceEvents.filter(
        ({ name, args }) => name === 'EvaluateScript' && args?.data?.url?.includes('/widget.js'),
      );
      if (own.length === 0) throw new Error('the trace does not show the script of the widget');
      all.push(own.reduce((sum, { dur = 0 }) => sum + dur, 0) / 1000);
      await page.close();
    }
    return [
      row("widget: its script on the brand's page", 'ms', quantile(all, 0.5), null, 'under 20 ms', (v) => v < 20),
    ];
  } finally {
    await browser.close();
  }
}

/** What a real browser takes to open the panel and to run the widget's script. Needs the built hub and extension. */
export async function benchBrowser({ times = 15 } = {}): Promise<BenchRow[]> {
  const hub = await runHub();
  try {
    return [...(await benchPanel(hub, times)), ...(await benchWidget(hub, times))];
  } finally {
    await hub.close();
  }
}

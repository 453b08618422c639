import { setTimeout } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { afterAll, expect, test } from 'vitest';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type FakeHub, fakeHub } from '../support/fake-hub.ts';
import { launchFirefox } from '../support/firefox.ts';
import { drivePanel } from '../support/panel.ts';
import { until } from '../support/story.ts';

const idleMs = Number(process.env.SOAK_MINUTES ?? 10) * 60_000;
const ends: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(ends.map((end) => end())));

type Ext = typeof globalThis & { browser?: Api; chrome?: Api };
type Api = { action: { getBadgeText(of: object): Promise<string> } };
const badge = (page: Page) =>
  page.evaluate(() => {
    const here = globalThis as Ext;
    return (here.browser ?? here.chrome)?.action.getBadgeText({});
  });

async function open(browser: Pick<Chromium, 'browser' | 'tab'>, hub: FakeHub) {
  ends.push(
    () => browser.browser.close(),
    () => hub.down(),
  );
  const options = await browser.tab('options.html');
  await (await drivePanel(options)).saveHub(hub.origin);
  const page = await browser.tab('sidepanel.html');
  const panel = await drivePanel(page);
  hub.confirm(await panel.code());
  await panel.seesIn('h1', 'Ada Brandt');
  return { options, page, panel };
}

test.for(['chromium', 'firefox'] as const)(
  'R75 %s: after idle minutes with every panel closed, the next message shows at the button within 30 seconds',
  { concurrent: true },
  async (name) => {
    const hub = await fakeHub();
    const ada = hub.state.visitor('Ada Brandt', 'Can you keep the Marlin until Saturday?');
    const browser = name === 'firefox' ? await launchFirefox() : await launchChromium();
    const { options, page } = await open(browser, hub);
    await page.close();
    // What drives Chromium keeps its worker awake: it is ended here, each time an alarm woke it, as the browser would.
    const worker = () => browser.browser.targets().find((t) => (t.type() as string) === 'service_worker');
    let ended = 0;
    for (const end = Date.now() + idleMs; Date.now() < end; await setTimeout(5_000)) {
      const awake = await worker()?.worker();
      await awake?.close();
      if (awake) ended++;
    }
    if (name === 'chromium') expect(ended).toBeGreaterThan(0);
    const before = await badge(options);
    hub.state.says(ada, 'Are you there?');
    await until(async () => (await badge(options)) !== before, 'another number at the button', 35_000);
    expect(await badge(options)).toBe('2');
  },
);

test('R75 after idle minutes with the panel open, it says live with a time that is true, and draws the next message at once', {
  concurrent: true,
}, async () => {
  const hub = await fakeHub();
  const ada = hub.state.visitor('Ada Brandt', 'Can you keep the Marlin until Saturday?');
  const { panel } = await open(await launchChromium(), hub);
  await setTimeout(idleMs);
  const shown = (await panel.textOf('.live')) ?? '';
  const minutes = [0, 1].map((ago) =>
    new Date(Date.now() - ago * 60_000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
  );
  expect(
    minutes.some((minute) => shown === `live, ${minute}`),
    shown,
  ).toBe(true);
  hub.state.says(ada, 'Are you there?');
  await panel.sees('Are you there?');
});

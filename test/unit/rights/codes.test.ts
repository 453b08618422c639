import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProofs } from '../hub/proof-stage.ts';
import { openPreferences } from '../hub/stage.ts';

let hub: Awaited<ReturnType<typeof openProofs>>;
beforeEach(async () => {
  hub = await openProofs();
});
afterEach(() => hub.stage.close());

test('R36 R42 a link mailed to an address that was corrected opens nothing: whoever reads there is not the person', async () => {
  const { stage, chat } = hub;
  const { code } = await hub.mailed();
  const { browser, page } = await openPreferences(stage, chat);
  const csrf = /name="csrf" value="([^"]+)"/.exec(await page())?.[1] ?? '';
  const correct = (value: string) => browser.submit('/privacy/harbor-motors/correct', { csrf, field: 'email', value });
  expect((await correct('ada@holm.example')).status).toBe(303);
  expect((await hub.prove(code)).status).toBe(410);
});

test('R37 a code of one brand opens nothing at another', async () => {
  const { stage, chat } = hub;
  await hub.secondBrand();
  const { browser, page } = await openPreferences(stage, chat);
  const csrf = /name="csrf" value="([^"]+)"/.exec(await page())?.[1] ?? '';
  const made = await browser.submit('/privacy/harbor-motors/correct', { csrf, field: 'name', value: 'Ada Holm' });
  const path = made.headers.get('location') ?? '';
  const status = async (of: string) => (await stage.door.client().get(of)).status;
  expect([await status(path), await status(path.replace('harbor-motors', 'harbor-boats'))]).toEqual([200, 404]);
});

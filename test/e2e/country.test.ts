import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { peopleAt } from '../support/people-at.ts';

let hub: RunningHub;
beforeAll(async () => {
  hub = await runHub({ settings: { ASKFIRST_PROXIES: '127.0.0.1' } });
});
afterAll(() => hub.close());

/** The preference page of somebody who chats from this address. */
async function pageFrom(address: string): Promise<string> {
  const people = peopleAt(hub);
  const ada = await people.visitor({}, undefined, { 'x-forwarded-for': address });
  const { code, action } = ((await ada.say('/api/chat/my-data', {})) as { body: { code: string; action: string } })
    .body;
  const browser = people.client();
  await browser.submit(action, { code });
  return (await browser.get('/privacy/harbor-motors')).text();
}

test.each([
  ['134.76.10.47', 'Germany'],
  ['2001:67c:2e8::1', 'Netherlands'],
])('R26 the built hub finds its country data: %s is in %s', async (address, country) => {
  expect(await pageFrom(address)).toContain(`network address (${country})`);
});

test('R16 the built hub chats with an address that names no country', async () => {
  const page = await pageFrom('10.0.0.7');
  expect(page).toContain('Where do you live?');
  expect(page).not.toContain('network address');
});

import fc from 'fast-check';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPeople } from '../../../server/people/seed.ts';
import type { Env } from '../../../server/routes/callers.ts';
import { pageAfterSignIn } from '../../../server/routes/console-page.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await frontDoor();
});
afterAll(() => door.close());

/** Where a sign-in leads whose browser holds this in the cookie of the wanted page. */
async function landsWith(place: string): Promise<string | null> {
  const maria = door.client();
  maria.cookies.set('__Host-askfirst-next', encodeURIComponent(place));
  const link = door.hub.deps.people.signIn.printedLink(demoPeople.maria.email);
  return (await maria.submit(link, { token: link.split('/').at(-1) ?? '' })).headers.get('location');
}

async function landsOn(wanted: string): Promise<string | null> {
  const maria = door.client();
  expect((await maria.get(wanted)).headers.get('location')).toBe('/sign-in');
  const link = door.hub.deps.people.signIn.printedLink(demoPeople.maria.email);
  const done = await maria.submit(link, { token: link.split('/').at(-1) ?? '' });
  return done.headers.get('location');
}

test('R54 signing in leads to the page that was wanted', async () => {
  expect(await landsOn('/pair?code=ABCD-EFGH')).toBe('/pair?code=ABCD-EFGH');
  expect(await landsOn('/console/ledger')).toBe('/console/ledger');
  expect(await landsOn('/console')).toBe('/console');
});

test('sec-O11 and to no other: a cookie that names another place counts for nothing', async () => {
  for (const place of [
    '//evil.example',
    '/\\evil',
    'https:evil',
    '/%2f%2fevil',
    'javascript:alert(1)',
    '/pair//evil.example',
    '/sign-out',
  ]) {
    expect(await landsWith(place)).toBe('/console');
  }
});

test('sec-O11 0 of 40 ways, and of many more, to write another place lead out of our own pages', async () => {
  const app = new Hono<Env>().get('/', (c) => c.redirect(pageAfterSignIn(c), 303));
  const heads = ['', '/', '//', '\\', '/\\', 'https:', 'https:/', 'javascript:', '%2f%2f', '\t/'];
  const tails = ['/evil.example', 'evil.example', '@evil.example', '.evil.example/console'];
  const part = fc.constantFrom(...heads, ...tails, '/console', '/pair', '?', '#', '/..', '%2e%2e', '%00', '\n', 'ä');
  const led = async (place: string) => {
    const res = await app.request('/', { headers: { cookie: `__Host-askfirst-next=${encodeURIComponent(place)}` } });
    return res.headers.get('location') ?? '';
  };
  const escapes: string[] = [];
  for (const head of heads)
    for (const tail of tails) if ((await led(head + tail)) !== '/console') escapes.push(head + tail);
  expect([heads.length * tails.length, escapes]).toEqual([40, []]);
  expect(await led('/console/ledger')).toBe('/console/ledger');
  const places = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(places, async (place) => {
      const to = new URL(await led(place), door.origin);
      expect([to.origin, to.pathname]).toEqual([
        door.origin,
        expect.stringMatching(/^\/(console|pair|panel)(\/[\w-]+)*$/),
      ]);
    }),
    { numRuns: 1_000 },
  );
});

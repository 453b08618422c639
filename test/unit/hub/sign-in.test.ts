import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPeople } from '../../../server/people/seed.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await frontDoor();
});
afterAll(() => door.close());

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
    const maria = door.client();
    maria.cookies.set('__Host-askfirst-next', encodeURIComponent(place));
    const link = door.hub.deps.people.signIn.printedLink(demoPeople.maria.email);
    const done = await maria.submit(link, { token: link.split('/').at(-1) ?? '' });
    expect(done.headers.get('location')).toBe('/console');
  }
});

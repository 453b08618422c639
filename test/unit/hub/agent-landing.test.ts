import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPeople } from '../../../server/people/seed.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await frontDoor();
});
afterAll(() => door.close());

/** Jens answers chats and manages nothing; signs in by the mailed link, and goes where it leads. */
async function jensSignsIn(wanted?: string) {
  const jens = door.client();
  if (wanted) await jens.get(wanted);
  const link = door.hub.deps.people.signIn.printedLink(demoPeople.jens.email);
  const done = await jens.submit(link, { token: link.split('/').at(-1) ?? '' });
  const place = done.headers.get('location') ?? '';
  const page = await jens.get(place);
  return { jens, place, status: page.status, html: await page.text() };
}
/** Own addresses that a page links to. */
const linksOf = (html: string) =>
  [...html.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].map(([, href]) => (href ?? '').replaceAll('&amp;', '&'));

test('R54 an agent who signs in by mail lands on a page of their own: how to get a panel, and the panel as a page', async () => {
  const { place, status, html } = await jensSignsIn();
  expect([place, status]).toEqual(['/console', 200]);
  expect(html).toContain('<h1>Answer chats</h1>');
  expect(html).toContain(`the hub’s address, type <span class="code">${door.origin}</span>`);
  expect(linksOf(html)).toEqual(expect.arrayContaining(['/pair', '/panel']));
});

test('R54 or on the page that sent them there, a pairing', async () => {
  const { place, status } = await jensSignsIn('/pair?code=ABCD-EFGH');
  expect([place, status]).toEqual(['/pair?code=ABCD-EFGH', 200]);
});

test('R54 nothing an agent is shown leads to a page that turns them away', async () => {
  const { jens } = await jensSignsIn();
  const seen = new Set(['/console']);
  for (const path of seen) {
    const page = await jens.get(path);
    expect(page.status, path).toBe(200);
    for (const next of linksOf(await page.text())) seen.add(next);
  }
  expect([...seen].sort()).toEqual(expect.arrayContaining(['/console', '/console/second-step', '/pair', '/panel']));

  const begun = await door.client().json<{ code: string }>('POST', '/api/pair/start', { browser: 'Chrome on Linux' });
  const paired = await jens.submit('/pair', {
    csrf: await door.csrfOf(jens),
    code: begun.body.code,
    answer: 'confirm',
  });
  const html = await paired.text();
  expect([paired.status, html]).toEqual([200, expect.stringContaining('<h1>Paired</h1>')]);
  for (const next of linksOf(html)) expect((await jens.get(next)).status, next).toBe(200);
});

test('R54 whoever manages the brand lands on its connections as before, and sees every entry', async () => {
  const maria = await door.owner();
  const html = await (await maria.get('/console')).text();
  expect(html).toContain('<h1>Connections</h1>');
  expect(linksOf(html)).toEqual(
    expect.arrayContaining(['/console/notice', '/console/ledger', '/console/agents', '/console/rules', '/panel']),
  );
});

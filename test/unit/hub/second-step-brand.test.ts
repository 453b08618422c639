import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoPeople } from '../../../server/people/seed.ts';
import { paths } from '../../../server/web/console/paths.ts';
import { panel } from './stage.ts';
import { csrfIn, openStepStage, type StepStage } from './step-stage.ts';

let door: StepStage;
beforeEach(async () => {
  door = await openStepStage();
});
afterEach(() => door.close());

test('BA1 BA5 BA8 sec-E09 a brand’s demand stops what has no second step: session, panel and both streams within 2 s', async () => {
  const { client: jens } = await door.link(demoPeople.jens);
  const bearer = await door.pairBy(jens);
  const { client: maria } = await door.link();
  await door.setUp(maria);
  const kept = await door.pairBy(maria);
  const [live, panelLive, mine] = [
    await door.watch(door.asCookie(jens)),
    await door.watch(bearer),
    await door.watch(kept),
  ];
  const csrf = await door.csrfAt(maria, '/console/agents');
  const from = performance.now();
  const asked = await maria.submit(paths.demandStep, { csrf, answer: 'everyone' });
  await Promise.all([live.ended, panelLive.ended]);
  expect(performance.now() - from).toBeLessThan(2000);
  expect(asked.headers.get('location')).toBe('/console/agents?done=demanded');
  expect(door.audit('second-step-demanded')).toHaveLength(1);
  expect((await maria.json('GET', '/api/panel/queue', undefined, bearer)).body).toMatchObject({
    type: '/problems/token-ended',
  });
  expect((await maria.json('GET', '/api/panel/queue', undefined, kept)).status).toBe(200);
  expect(mine.events.some((e) => e.event === 'gone')).toBe(false);
  mine.close();
  expect((await jens.get('/panel')).headers.get('location')).toBe('/second-step');
  expect((await jens.json('GET', '/api/panel/queue', undefined, panel)).body).toMatchObject({
    type: '/problems/second-step',
  });

  // Led to it, and to nothing else, until it is done; then on to what was wanted.
  const { client: later } = await door.link(demoPeople.jens);
  expect((await later.get('/pair?code=ABCD-EFGH')).headers.get('location')).toBe('/second-step');
  const led = await (await later.get('/second-step')).text();
  expect(led).toContain('Harbor Motors asks everyone for a second step');
  expect(led).not.toContain('href="/console');
  const { html } = await door.setUp(later, '/second-step');
  expect(html).toContain('href="/pair?code=ABCD-EFGH"');
  expect((await later.get('/panel')).status).toBe(200);
  expect((await later.json('GET', '/api/panel/queue', undefined, await door.pairBy(later))).status).toBe(200);
});

test('R54 the owner takes Jens’s lost second step away; he signs in by the link and is told nothing of a code', async () => {
  const { client: jens } = await door.link(demoPeople.jens);
  await door.setUp(jens);
  const live = await door.watch(door.asCookie(jens));
  const { client: maria } = await door.link();
  const agents = await (await maria.get('/console/agents')).text();
  const href = (/href="(\/console\/agents\/take-second-step[^"]+)"/.exec(agents)?.[1] ?? '').replaceAll('&amp;', '&');
  const ask = await (await maria.get(href)).text();
  expect(ask).toContain('Take away Jens’s second step?');
  expect(door.store.read.hot('select count(*) as n from "twoFactor"').get()).toEqual({ n: 1 });
  const member = /name="member" value="([^"]+)"/.exec(ask)?.[1] ?? '';
  expect((await maria.submit(paths.takeStep, { csrf: csrfIn(ask), member })).status).toBe(303);
  await live.ended;
  expect((await jens.get('/panel')).headers.get('location')).toBe('/sign-in');
  expect(door.audit('second-step-taken')).toHaveLength(1);
  expect((await (await door.link(demoPeople.jens)).client.get('/panel')).status).toBe(200);
  expect((await maria.submit(paths.takeStep, { csrf: csrfIn(ask), member })).status).toBe(403);
});

test('R54 agents and admins demand nothing; who has no second step cannot shut everybody, and themselves, out', async () => {
  const { client: jens } = await door.link(demoPeople.jens);
  const csrf = await door.csrfAt(jens, paths.ownStep);
  expect((await jens.submit(paths.demandStep, { csrf, answer: 'everyone' })).status).toBe(403);
  expect((await jens.get(`${paths.takeStep}?member=x`)).status).toBe(403);
  const { client: maria } = await door.link();
  const agents = await (await maria.get('/console/agents')).text();
  expect(agents).toContain('set up your own first');
  const mine = csrfIn(agents);
  expect((await maria.submit(paths.demandStep, { csrf: mine, answer: 'everyone' })).status).toBe(401);
  expect((await maria.submit(paths.demandStep, { csrf: mine, answer: 'perhaps' })).status).toBe(400);
  expect((await maria.get('/console')).status).toBe(200);
});

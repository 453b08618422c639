import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimShare } from '../../../server/egress/claim.ts';
import { type Answer, json, openRecorder } from '../../support/recorder.ts';
import { about, type Chat, count, openChat, openStage, type Stage } from './stage.ts';

let clock: number;
let stage: Stage;
let first: Chat;
beforeEach(async () => {
  clock = Date.parse('2026-11-22T12:00:00Z'); // far from midnight, where “today” ends
  stage = await openStage({ recorder: await openRecorder(), now: () => new Date(clock), egress: { totalMs: 400 } });
  first = await person('ada');
});
afterEach(() => stage.close());

/** Somebody who said yes to the e-mail. */
async function person(name: string): Promise<Chat> {
  const chat = await openChat(stage, { ...about, email: `${name}@brandt.example` });
  await chat.answer({ email: 'yes', name: 'yes' });
  return chat;
}
const upserts = () => stage.recorder.calls.filter((c) => c.path.endsWith('/batch/upsert')).length;
const upsert =
  (answer: Answer): Answer =>
  (request, res) =>
    request.path.endsWith('/upsert') && answer(request, res);
const busy = upsert((_, res) => json(res, 503, {}));
const well: Answer = () => false;
const page = async (path = `/console/connections/${stage.integration}`) =>
  (await (await stage.maria.get(path)).text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const states = () =>
  stage.door.store.read
    .hot('select state from share order by seq')
    .all()
    .map((r) => r.state);
const circuit = () => stage.door.store.read.hot('select * from circuit').get();
const alerts = () =>
  stage.door.store.read
    .hot('select break as n, kind from alert order by break, kind')
    .all()
    .map((r) => `${r.n} ${r.kind}`);
/** The hub's clock moves and its runner looks again, as its timer would. */
async function later(ms: number) {
  clock += ms;
  stage.door.hub.deps.runner.wake();
  await stage.door.hub.deps.runner.idle();
}

test('sec-O28 after three rounds of failures nothing is claimed any more: sends wait without a row, and the reason is shown', async () => {
  stage.recorder.answer(busy);
  await first.send();
  await later(5_000);
  expect(circuit()).toMatchObject({ failures: 2, is_open: 0 });
  await later(300_000);
  expect(circuit()).toMatchObject({ failures: 3, is_open: 1, open_until_ms: clock + 30_000 });
  const rows = count(stage.door, 'disclosure');
  const next = await person('bea');
  await next.send();
  expect(count(stage.door, 'disclosure')).toBe(rows);
  expect(states()).toEqual(['queued', 'queued']);
  expect(await next.lastShare()).toMatchObject({
    state: 'waiting',
    cause: 'HubSpot cannot be worked with just now; it is sent when that is over.',
  });
  expect(await page()).toContain('Has trouble');
  expect(await page()).toMatch(/HubSpot is busy\. Sends wait their turn\..*The next try is .*Two sends/);
});

test('sec-O28 half-open lets one probe through, however many wait; a good one closes the circuit for all', async () => {
  const others = [await person('bea'), await person('cid'), await person('dan')];
  stage.recorder.answer(busy);
  await first.send();
  await later(5_000);
  await later(300_000);
  expect(upserts()).toBe(3);
  for (const chat of others) await chat.press();
  await later(29_999);
  expect(upserts()).toBe(3);
  await later(1);
  expect(upserts()).toBe(4);
  expect(circuit()).toMatchObject({ failures: 4, open_until_ms: clock + 60_000 });
  stage.recorder.answer(well);
  await later(60_000);
  expect(states()).toEqual(['done', 'done', 'done', 'done']);
  expect(circuit()).toMatchObject({ failures: 0, is_open: 0, open_until_ms: 0, broken: null });
});

test('sec-O28 429 with Retry-After holds the whole connection for as long as told, and is no break', async () => {
  stage.recorder.answer(upsert((_, res) => json(res, 429, {}, { 'retry-after': '7' })));
  await first.send();
  const next = await person('bea');
  await next.send();
  expect(upserts()).toBe(1);
  stage.recorder.answer(well);
  await later(6_999);
  expect(upserts()).toBe(1);
  await later(1);
  expect(states()).toEqual(['done', 'done']);
  expect(alerts()).toEqual([]);
});

test('sec-O28 calls side by side that fail together are one round, and an answer that takes nothing ends the row', async () => {
  const others = [await person('bea'), await person('cid'), await person('dan'), await person('eve')];
  let held: (() => void)[] = [];
  stage.recorder.answer(upsert((_, res) => held.push(() => json(res, 503, {})) > 0));
  for (const chat of [first, ...others]) await chat.press();
  await expect.poll(() => held.length).toBe(5);
  for (const go of held) go();
  held = [];
  await stage.door.hub.deps.runner.idle();
  expect(circuit()).toMatchObject({ failures: 1, is_open: 0 });
  stage.recorder.answer(upsert((_, res) => json(res, 422, {})));
  await later(5_000);
  expect(circuit()).toMatchObject({ failures: 0 });
});

test('R7 a blip opens the circuit and is no break; one that lasts a minute is one, once, and so is the recovery', async () => {
  const others = [await person('bea'), await person('cid'), await person('dan')];
  stage.recorder.answer(busy);
  for (const chat of [first, ...others]) await chat.send();
  expect(circuit()).toMatchObject({ failures: 3, is_open: 1, broken: null });
  expect(alerts()).toEqual([]);
  await later(30_000);
  expect(alerts()).toEqual([]);
  await later(60_000);
  expect(alerts()).toEqual(['1 broken']);
  for (let n = 0; n < 5; n++) await later(600_000);
  expect(alerts()).toEqual(['1 broken']);
  expect(await page('/console')).toContain('Connections 1');
  stage.recorder.answer(well);
  await later(600_000);
  expect(alerts()).toEqual(['1 broken', '1 works']);
  expect(await page('/console')).not.toContain('Connections 1');
  for (const chat of [first, ...others]) expect(await chat.lastShare()).toMatchObject({ state: 'sent' });
});

test('R7 R12 a key turned down: one break, everything waits without a row, and goes once somebody reconnected', async () => {
  stage.recorder.answer((request, res) => request.path.includes('/crm/') && json(res, 401, {}));
  await first.send();
  expect(alerts()).toEqual(['1 broken']);
  expect(await page()).toContain('Needs you');
  const rows = count(stage.door, 'disclosure');
  const next = await person('bea');
  await next.send();
  await later(86_000_000 / 24);
  expect(count(stage.door, 'disclosure')).toBe(rows);
  expect(states()).toEqual(['queued', 'queued']);
  stage.recorder.answer(well);
  await stage.door.connect(stage.maria);
  await stage.door.hub.deps.runner.idle();
  expect(states()).toEqual(['done', 'done']);
  expect(alerts()).toEqual(['1 broken', '1 works']);
});

test('sec-O28 the claim itself refuses while the key is turned down or the circuit open, whoever asks for it', async () => {
  const { store, hub } = stage.door;
  const claim = (id: string) => store.write((tx) => claimShare(tx, hub.deps, id));
  const set = (trouble: string | null, until: number) =>
    store.write((tx) => {
      tx.hot('update integration set trouble = ? where 1 = 1').run(trouble);
      tx.hot(
        `insert into circuit select id, brand_id, 3, 0, 1, 1, ?, 0, null from integration where true
         on conflict do update set open_until_ms = excluded.open_until_ms`,
      ).run(until);
    });
  await set('needs_reconnect', 0);
  const { body } = await first.press();
  expect(await claim(body.share)).toBeUndefined();
  await set(null, clock + 1);
  expect(await claim(body.share)).toBeUndefined();
  expect([states(), count(stage.door, 'disclosure')]).toEqual([['queued'], 0]);
  await set(null, clock);
  expect((await claim(body.share))?.allowed).toBe(true);
});

test('R5 R7 reconnected with nothing waiting: not called well before a call went well', async () => {
  stage.recorder.answer((request, res) => request.path.includes('/crm/') && json(res, 401, {}));
  await first.send();
  await stage.door.store.write((tx) => tx.hot("update share set state = 'dropped' where 1 = ?").run(1));
  stage.recorder.answer(well);
  await stage.door.connect(stage.maria);
  await stage.door.hub.deps.runner.idle();
  expect(await page()).toContain('Has trouble');
  expect(await page()).toContain('Reconnected. The next send shows whether HubSpot works again.');
  expect(await page('/console')).toContain('Connections 1');
  await (await person('bea')).send();
  expect(await page()).toContain('Every call was answered.');
  expect(alerts()).toEqual(['1 broken', '1 works']);
});

test('R5 the page tells from when on the key is renewed', async () => {
  expect(await page()).toMatch(/Key The key is renewed from today, \d\d:\d\d on/);
});

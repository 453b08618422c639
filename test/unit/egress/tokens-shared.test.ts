import { expect, test } from 'vitest';
import { leaseMs } from '../../../server/egress/refresh-lease.ts';
import { createTokenStore } from '../../../server/egress/token-store.ts';
import type { EvilAnswer } from '../../support/evil.ts';
import {
  brand,
  codeOf,
  fresh,
  handleOn,
  hub,
  id,
  MARK,
  processOf,
  refreshOf,
  scene,
  storeFile,
  troubleOf,
} from './tokens-rig.ts';

/** Several processes over one store: `others` begin as soon as a test asks for them. */
async function processes(answer: EvilAnswer) {
  const s = await scene(answer);
  const next = (more?: { sole?: boolean }) => processOf(s, s.evil.origin, [s.evil.host], more);
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  return { ...s, next };
}
const leaseOf = (s: Awaited<ReturnType<typeof processes>>) => s.store.read.hot('select * from token_refresh').get();
/** A server that answers the n-th token call when told to. */
function held() {
  const gates: ((answer: unknown, status?: number) => void)[] = [];
  const answer: EvilAnswer = (_, reply) => void gates.push((body, status = 200) => reply.json(status, body as object));
  return { gates, answer };
}

test('R3 OA13 a hundred calls each in two processes, one file, two handles: one refresh, all of them served', async () => {
  const path = storeFile();
  const made = await hub(path);
  const s = await scene((_, reply) => setImmediate(() => reply.json(200, fresh(2))));
  const one = processOf(made, s.evil.origin, [s.evil.host]);
  const two = processOf({ ...made, store: handleOn(path) }, s.evil.origin, [s.evil.host]);
  await one.tokens.put(brand, id, one.set());
  one.clock.ms = 1_800_000;
  const all = [one, two].flatMap((p) => Array.from({ length: 100 }, () => p.tokens.access(brand, id)));
  expect(new Set(await Promise.all(all))).toEqual(new Set([`${MARK}-2`]));
  expect(s.evil.requests.length).toBe(1);
  // Both saw it arrive, so both know its age: nobody asks again before it is over.
  for (const p of [one, two]) expect(await p.tokens.access(brand, id)).toBe(`${MARK}-2`);
  two.clock.ms = 1_700_000;
  expect(await two.tokens.access(brand, id)).toBe(`${MARK}-2`);
  expect(s.evil.requests.length).toBe(1);
  two.clock.ms = 1_745_000;
  expect(await two.tokens.access(brand, id)).toBe(`${MARK}-2`); // renewed: this server always says the same
  expect(s.evil.requests.length).toBe(2);
});

test('R3 OA13 the lease is one row: compared before it is taken, gone after success, no transaction held over the call', async () => {
  const { gates, answer } = held();
  const s = await processes(answer);
  const running = s.tokens.access(brand, id);
  await expect.poll(() => gates.length).toBe(1);
  expect(leaseOf(s)).toMatchObject({ owner: s.oauth.clock, lost: 1, brand_id: brand });
  await s.store.write((tx) => tx.hot("update brand set name = 'written meanwhile' where id = ?").run(brand));
  gates[0]?.(fresh(2));
  await running;
  expect(leaseOf(s)).toBeUndefined();
});

test('R3 a waiter of another process fails fast when the refresh fails, and nobody asks during the cool-down', async () => {
  const { gates, answer } = held();
  const s = await processes(answer);
  const two = s.next();
  const first = codeOf(s.tokens);
  await expect.poll(() => gates.length).toBe(1);
  const second = two.tokens.access(brand, id).catch((e: unknown) => e);
  await expect.poll(() => two.waits.looks).toBeGreaterThan(0);
  gates[0]?.({}, 503);
  expect(await first).toBe('later');
  expect(await second).toMatchObject({ code: 'later' });
  for (let i = 0; i < 20; i++) expect(await codeOf(two.tokens)).toBe('later');
  expect(s.evil.requests.length).toBe(1);
});

test('OA13 when the holder dies the next takes over, after its lease and not before, wherever wall clocks stand (sec-R08)', async () => {
  const { gates, answer } = held();
  const s = await processes(answer);
  void codeOf(s.tokens); // this process never comes back
  await expect.poll(() => gates.length).toBe(1);
  const two = s.next();
  two.clock.wallMs += 365 * 86_400_000;
  const waiting = two.tokens.access(brand, id);
  await expect.poll(() => two.waits.looks).toBeGreaterThan(0);
  two.clock.ms = leaseMs - 1;
  const looks = two.waits.looks;
  await expect.poll(() => two.waits.looks).toBeGreaterThan(looks + 2);
  expect(s.evil.requests.length).toBe(1);
  two.clock.ms = leaseMs;
  await expect.poll(() => gates.length).toBe(2);
  gates[1]?.(fresh(2));
  expect(await waiting).toBe(`${MARK}-2`);
  expect(two.lines.map((l) => l.message)).toEqual(['a token refresh was cut off']);
});

test('OA13 a hub that is alone on its data waits for no dead holder: the next start asks at once', async () => {
  const { gates, answer } = held();
  const s = await processes(answer);
  void codeOf(s.tokens);
  await expect.poll(() => gates.length).toBe(1);
  const next = s.next({ sole: true });
  const got = next.tokens.access(brand, id);
  await expect.poll(() => gates.length).toBe(2);
  gates[1]?.(fresh(2));
  expect(await got).toBe(`${MARK}-2`);
  expect(next.waits.looks).toBe(0);
});

test('R3 OA14 a cool-down outlives a restart, for as long as the server asked, and a clock that is set cannot prolong it', async () => {
  const s = await processes((_, reply) => reply.json(429, {}, { 'retry-after': '70' }));
  expect(await codeOf(s.tokens)).toBe('later');
  const next = s.next({ sole: true });
  next.clock.wallMs += 1_800_000 + 10_000; // ten seconds later, by the wall
  expect(await next.tokens.access(brand, id).catch((e: unknown) => e)).toMatchObject({
    code: 'later',
    retryAfterMs: 60_000,
  });
  const yesterday = s.next({ sole: true });
  yesterday.clock.wallMs -= 86_400_000;
  const said = await yesterday.tokens.access(brand, id).catch((e: unknown) => e);
  expect(said).toMatchObject({ code: 'later', retryAfterMs: 70_000 });
  expect(s.evil.requests.length).toBe(1);
  yesterday.clock.ms = 70_000;
  s.evil.answer((_, reply) => reply.json(200, fresh(2)));
  expect(await yesterday.tokens.access(brand, id)).toBe(`${MARK}-2`);
});

test('R4 OA14 killed again and again in the middle of a refresh: each try waits longer, and the terminal hears of it', async () => {
  const { gates, answer } = held();
  const s = await processes(answer);
  void codeOf(s.tokens);
  await expect.poll(() => gates.length).toBe(1);
  const waits: unknown[] = [];
  let wallMs = s.clock.wallMs + s.clock.ms;
  for (let kill = 1; kill <= 4; kill++) {
    const next = s.next({ sole: true });
    next.clock.wallMs = wallMs;
    if (kill > 1) {
      const error = (await next.tokens.access(brand, id).catch((e: unknown) => e)) as { retryAfterMs: number };
      waits.push(error.retryAfterMs);
      next.clock.ms += error.retryAfterMs;
    }
    void codeOf(next.tokens);
    await expect.poll(() => gates.length).toBe(kill + 1);
    expect(next.lines).toEqual([{ integration: id, lost: kill, message: 'a token refresh was cut off' }]);
    wallMs += next.clock.ms;
  }
  expect(waits).toEqual([1_000, 2_000, 4_000]);
  expect(s.evil.requests.map(refreshOf)).toEqual(Array.from({ length: 5 }, () => `${MARK}-r1`));
});

test('R4 OA14 killed while the answer was on its way: the old token is tried once more, and then a person is asked', async () => {
  const { gates, answer } = held();
  const s = await processes(answer);
  void codeOf(s.tokens);
  await expect.poll(() => gates.length).toBe(1);
  s.evil.answer((_, reply) => reply.json(400, { error: 'invalid_grant' }));
  for (let start = 0; start < 4; start++) expect(await codeOf(s.next({ sole: true }).tokens)).toBe('needs_reconnect');
  expect(s.evil.requests.length).toBe(2);
  expect(troubleOf(s.store)).toBe('needs_reconnect');
});

test('R4 OA14 killed in the second try after a refusal: the next start tries once, a second later, and no more', async () => {
  const { gates, answer } = held();
  const s = await processes((request, reply) =>
    s.evil.requests.length === 1 ? reply.json(400, { error: 'invalid_grant' }) : answer(request, reply),
  );
  void codeOf(s.tokens);
  await expect.poll(() => gates.length).toBe(1);
  s.evil.answer((_, reply) => reply.json(400, { error: 'invalid_grant' }));
  const next = s.next({ sole: true });
  next.clock.wallMs += s.clock.ms;
  expect(await next.tokens.access(brand, id).catch((e: unknown) => e)).toMatchObject({ retryAfterMs: 1_000 });
  next.clock.ms = 1_000;
  expect(await codeOf(next.tokens)).toBe('needs_reconnect');
  expect(s.evil.requests.length).toBe(3);
  expect(await codeOf(s.next({ sole: true }).tokens)).toBe('needs_reconnect');
  expect(s.evil.requests.length).toBe(3);
});

test('a holder that was paused over its lease and still gets an answer stores it; what it says of a lost lease counts no more', async () => {
  const { gates, answer } = held();
  const s = await processes(answer);
  const slow = codeOf(s.tokens);
  await expect.poll(() => gates.length).toBe(1);
  const two = s.next({ sole: true });
  const second = codeOf(two.tokens);
  await expect.poll(() => gates.length).toBe(2);
  const row = leaseOf(s);
  gates[0]?.({}, 503);
  expect(await slow).toBe('later');
  expect(leaseOf(s)).toEqual(row);
  gates[1]?.(fresh(2));
  expect(await second).toBe(`${MARK}-2`);
});

test('DB4 the lease of one brand is no other’s, and a disconnect takes it along', async () => {
  const { gates, answer } = held();
  const s = await processes(answer);
  const running = codeOf(s.tokens);
  await expect.poll(() => gates.length).toBe(1);
  const { vault, store } = s;
  const sets = createTokenStore({ store, vault, now: () => 0 });
  await store.write((tx) => sets.takeOut(tx, 'other', id));
  expect(leaseOf(s)).toBeDefined();
  await store.write((tx) => s.tokens.takeOut(tx, brand, id));
  expect(leaseOf(s)).toBeUndefined();
  gates[0]?.({}, 503);
  expect(await running).toBe('not_connected');
});

import { expect, test } from 'vitest';
import { brand, codeOf, fresh, id, MARK, processOf, scene, troubleOf } from './tokens-rig.ts';

/** A connection whose partner gives no refresh token: an hour, and then a person. */
async function withoutRefresh(more: object = {}) {
  const s = await scene((_, reply) => reply.json(200, fresh(2)));
  const { refresh: _, ...set } = s.set({ expiresInSeconds: 3600, ...more });
  await s.tokens.put(brand, id, set);
  return { ...s, next: () => processOf(s, s.evil.origin, [s.evil.host], { sole: true }) };
}

test('R4 a token without a refresh token ends when the server said, by the clock it was received on', async () => {
  const s = await withoutRefresh();
  s.clock.ms = 3_599_999;
  s.clock.wallMs += 365 * 86_400_000; // whatever the wall says (OA4)
  expect(await codeOf(s.tokens)).toBe(`${MARK}-1`);
  s.clock.ms = 3_600_000;
  expect(await codeOf(s.tokens)).toBe('needs_reconnect');
  expect(troubleOf(s.store)).toBe('needs_reconnect');
  expect(s.lines).toEqual([{ integration: id, code: 'expired', message: 'connection needs reconnecting' }]);
  expect(s.evil.requests.length).toBe(0);
});

test('R4 over a restart it goes by the wall clock, which can shorten its life and never lengthen it', async () => {
  const s = await withoutRefresh();
  const young = s.next();
  young.clock.wallMs += 3_000_000;
  expect(await codeOf(young.tokens)).toBe(`${MARK}-1`);
  young.clock.ms = 599_999;
  expect(await codeOf(young.tokens)).toBe(`${MARK}-1`);
  const yesterday = s.next();
  yesterday.clock.wallMs -= 86_400_000;
  expect(await codeOf(yesterday.tokens)).toBe(`${MARK}-1`);
  yesterday.clock.ms = 3_599_999;
  expect(await codeOf(yesterday.tokens)).toBe(`${MARK}-1`);
  yesterday.clock.ms = 3_600_000;
  expect(await codeOf(yesterday.tokens)).toBe('needs_reconnect');
});

test('R4 one that ended while the hub was off is not tried', async () => {
  const s = await withoutRefresh();
  const late = s.next();
  late.clock.wallMs += 3_600_000;
  expect(await codeOf(late.tokens)).toBe('needs_reconnect');
});

test('R4 one whose life was never stated is good until the partner refuses it, over a restart too', async () => {
  const s = await withoutRefresh();
  const { refresh: _, expiresInSeconds: __, ...set } = s.set();
  await s.tokens.put(brand, id, set);
  const next = s.next();
  next.clock.wallMs += 365 * 86_400_000;
  next.clock.ms = 365 * 86_400_000;
  expect(await codeOf(next.tokens)).toBe(`${MARK}-1`);
  expect(await codeOf(next.tokens, `${MARK}-1`)).toBe('needs_reconnect');
});

test('OA4 a set that another process stored before this one ever looked is of unknown age: renewed at first use', async () => {
  const s = await scene((_, reply) => reply.json(200, fresh(2)));
  await s.tokens.put(brand, id, s.set());
  expect(await codeOf(s.tokens)).toBe(`${MARK}-1`);
  const two = processOf(s, s.evil.origin, [s.evil.host]);
  expect(await codeOf(two.tokens)).toBe(`${MARK}-2`);
  expect(s.evil.requests.length).toBe(1);
  // The first process held the set before, so it knows this one is not older than its last look.
  expect(await codeOf(s.tokens)).toBe(`${MARK}-2`);
  expect(s.evil.requests.length).toBe(1);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCallList } from '../../../server/egress/call-list.ts';
import { prepare } from '../../../server/egress/partner.ts';
import { vendorFacts } from '../../support/honest-as.ts';
import { post, scene, TOKEN } from './partner-rig.ts';

test('a call carries token, agent and body to the base of the sandbox, fenced', async () => {
  const s = await scene((_, reply) => reply.json(201, { id: '7' }));
  expect(await s.call(post)).toEqual({ kind: 'sent', status: 201, body: { id: '7' } });
  expect(s.ticks).toEqual(['fence', 'written']);
  expect(s.evil.requests[0]).toMatchObject({
    method: 'POST',
    path: '/vendor/contacts',
    headers: { authorization: `Bearer ${TOKEN}`, 'user-agent': 'askfirst/0.1.0', 'content-type': 'application/json' },
    body: '{"email":"ada@harbor.example"}',
  });
});

describe('EG3 control 5', () => {
  const off = [
    { method: 'POST', path: '/exports' },
    { method: 'DELETE', path: '/contacts' },
    { method: 'post', path: '/contacts' },
    { method: 'POST', path: '/contacts/7' },
    { method: 'PUT', path: '/contacts/7/8' },
    { method: 'PUT', path: '/contacts/' },
    { method: 'PUT', path: '/contacts/..' },
    { method: 'PUT', path: '/contacts/%2e%2e' },
    { method: 'PUT', path: '/contacts/.%2E' },
    { method: 'PUT', path: '/contacts/a%2fb' },
    { method: 'PUT', path: '/contacts/a%5Cb' },
    { method: 'PUT', path: '/contacts/a%252fb' },
    { method: 'PUT', path: '/contacts/a\\b' },
    { method: 'PUT', path: '/contacts/a b' },
    { method: 'PUT', path: '/contacts/a#b' },
    { method: 'PUT', path: '/contacts/a?b=1' },
    { method: 'PUT', path: '/contacts/%zz' },
    { method: 'PUT', path: '/contacts/é' },
    { method: 'POST', path: '//evil.example/contacts' },
    { method: 'POST', path: 'contacts' },
    { method: 'POST', path: '@evil.example/contacts' },
    { method: 'POST', path: '.evil.example/contacts' },
    { method: 'POST', path: ':80/contacts' },
    { method: 'POST', path: 'https://evil.example/contacts' },
    { method: 'POST', path: '/contacts\r\nx: y' },
    { method: 'GET', path: '/search?q=1&all=1' },
    { method: 'GET', path: '/search?q=1#x' },
  ];
  test.each(off)('$method $path is off the list: refused before token, DNS and socket', async (request) => {
    const s = await scene(undefined, { token: () => expect.unreachable() });
    expect(await s.call(request)).toEqual({ kind: 'failed', why: 'off-list' });
    expect([s.evil.connections(), s.asked, s.ticks]).toEqual([0, [], []]);
  });

  test('what stands in the list goes, ids and declared queries included', async () => {
    const s = await scene();
    for (const path of ['/search', '/search?q=a%20b'])
      expect((await s.call({ method: 'GET', path })).kind).toBe('sent');
    expect((await s.call({ method: 'PUT', path: '/contacts/a%40b', body: {} })).kind).toBe('sent');
    expect(s.evil.requests.map((r) => r.path)).toEqual([
      '/vendor/search',
      '/vendor/search?q=a%20b',
      '/vendor/contacts/a%40b',
    ]);
  });

  test('property: whatever path is allowed stays under its base on its host', () => {
    const onList = createCallList(vendorFacts().calls);
    const bits = fc.constantFrom(
      '/',
      '..',
      '.',
      '%2e',
      '%2f',
      'contacts',
      '@',
      ':',
      '\\',
      '?',
      '#',
      '%',
      'a',
      '//',
      'q=',
      ';',
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 8 }), fc.constantFrom('POST', 'PUT', 'GET'), (parts, method) => {
        const path = `/contacts/${parts.join('')}`;
        if (!onList(method, path)) return;
        const url = new URL(`https://api.vendor.example/v1${path}`);
        expect([url.origin, url.pathname + url.search]).toEqual(['https://api.vendor.example', `/v1${path}`]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a list that cannot be read is a mistake of the adapter', () => {
    for (const line of ['GET contacts', 'FETCH /x', 'GET  /x', '/x'])
      expect(() => createCallList([line])).toThrow('call list');
  });

  test('a sandbox connection without a base never reaches the real partner', async () => {
    const s = await scene(undefined, { origins: new Map() });
    expect(await s.call(post)).toEqual({ kind: 'failed', why: 'off-list' });
    expect(await prepare(s.deps)).toBe(false);
    expect(s.asked).toEqual([]);
  });

  test('a real connection ignores the table of loopback bases', async () => {
    const s = await scene(undefined, { connection: { sandbox: false } });
    expect(await s.call(post)).toEqual({ kind: 'failed', why: 'refused' });
    expect([s.asked, s.evil.connections()]).toEqual([['api.vendor.example'], 0]);
  });
});

test('GATE-e1.3 a denied value stops the call with zero bytes and names the field', async () => {
  const s = await scene();
  const result = await s.call({ ...post, body: { note: 'call +45 12 34 56 78 or +4512345678' } });
  expect(result).toEqual({ kind: 'aborted', why: 'leak', field: 'phone' });
  expect([s.evil.connections(), s.ticks]).toEqual([0, []]);
});

test('GATE-9 a ticket that stops leaves zero bytes and says why, before the write or in its tick', async () => {
  const stopped = new Error('epoch_changed');
  const stop = () => {
    throw stopped;
  };
  const expected = { kind: 'aborted', why: 'ticket', reason: stopped };
  const inTick = await scene(undefined, { ticket: { fence: stop, written: () => expect.unreachable() } });
  expect(await inTick.call(post)).toEqual(expected);
  expect(inTick.evil.bytes().length).toBe(0);
  const before = await scene(undefined, { ticket: { fence: () => {}, written: () => {}, ready: async () => stop() } });
  expect(await before.call(post)).toEqual(expected);
  expect(before.evil.connections()).toBe(0);
});

test('GATE-52 a second request after the ticket stopped is never written; the first stands', async () => {
  let stopped = false;
  const ticket = {
    fence: () => {
      if (stopped) throw new Error('stopped');
    },
    written: () => {},
  };
  const s = await scene(undefined, { ticket });
  expect((await s.call(post)).kind).toBe('sent');
  stopped = true;
  const bytes = s.evil.bytes().length;
  expect((await s.call(post)).kind).toBe('aborted');
  expect([s.evil.requests.length, s.evil.bytes().length]).toEqual([1, bytes]);
});

test('PARTNERS-3 each request waits its turn before its lease, and nothing is written before', async () => {
  const order: string[] = [];
  let go: () => void = () => {};
  const turn = () =>
    new Promise<void>((resolve) => {
      order.push('turn');
      go = resolve;
    });
  const s = await scene((_, reply) => reply.json(200, {}), {
    turn,
    ticket: {
      fence() {},
      written() {},
      async ready() {
        order.push('lease');
      },
    },
  });
  const called = s.call(post);
  await expect.poll(() => order).toEqual(['turn']);
  expect(s.evil.requests).toEqual([]);
  go();
  expect((await called).kind).toBe('sent');
  expect(order).toEqual(['turn', 'lease']);
});

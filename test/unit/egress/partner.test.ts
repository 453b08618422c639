import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createCallList } from '../../../server/egress/call-list.ts';
import { createHttp, type HttpDeps } from '../../../server/egress/http.ts';
import { createPartnerCall, type PartnerCallDeps, prepare } from '../../../server/egress/partner.ts';
import { TokenError } from '../../../server/egress/token-error.ts';
import { type EvilAnswer, openEvil } from '../../support/evil.ts';
import { vendorFacts } from '../../support/honest-as.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const TOKEN = 'LIVE-TOKEN-9e9e';
const post = { method: 'POST', path: '/contacts', body: { email: 'ada@harbor.example' } };

async function scene(answer?: EvilAnswer, more: Partial<PartnerCallDeps> = {}, httpMore: Partial<HttpDeps> = {}) {
  const evil = await openEvil(answer);
  open.push(evil.close);
  const asked: string[] = [];
  const resolve: HttpDeps['resolve'] = (host, done) => {
    asked.push(host);
    done(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  const http = createHttp({ allow: [evil.host], monotonic: () => performance.now(), resolve, ...httpMore });
  open.push(http.close);
  const ticks: string[] = [];
  const deps: PartnerCallDeps = {
    http,
    facts: vendorFacts(),
    connection: { sandbox: true },
    origins: new Map([['https://api.vendor.example', `${evil.origin}/vendor/`]]),
    token: async () => TOKEN,
    ticket: { fence: () => void ticks.push('fence'), written: () => void ticks.push('written') },
    leak: { denied: { phone: '+4512345678' }, allowed: { email: 'ada@harbor.example' }, constants: [] },
    ...more,
  };
  return { evil, deps, ticks, asked, ...createPartnerCall(deps) };
}

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

describe('the partner answers', () => {
  const cases: [string, EvilAnswer, object][] = [
    [
      '429 with a wait',
      (_, r) => r.json(429, {}, { 'retry-after': '7' }),
      { kind: 'sent', status: 429, retryAfterMs: 7_000 },
    ],
    [
      '429 with a wait of years',
      (_, r) => r.json(429, {}, { 'retry-after': '99999999' }),
      { retryAfterMs: 86_400_000 },
    ],
    [
      '429 with nonsense',
      (_, r) => r.json(429, {}, { 'retry-after': 'soon' }),
      { kind: 'sent', status: 429, body: {} },
    ],
    [
      '500 as HTML',
      (_, r) => r.text(500, 'text/html', '<p>secret</p>'),
      { kind: 'sent', status: 500, body: undefined, trouble: 'not-json' },
    ],
    ['200 as HTML', (_, r) => r.text(200, 'text/html', '<p>'), { kind: 'sent', status: 200, trouble: 'not-json' }],
    [
      '200 with half a JSON',
      (_, r) => r.text(200, 'application/json', '{"a":'),
      { trouble: 'not-json', body: undefined },
    ],
    [
      '200 that is not UTF-8',
      (_, r) => r.raw(Buffer.from('HTTP/1.1 200 x\r\ncontent-length: 3\r\n\r\n"\xff"', 'latin1')),
      { status: 200, trouble: 'not-json', body: undefined },
    ],
    [
      '64 levels',
      (_, r) => r.text(200, 'application/json', '['.repeat(64) + ']'.repeat(64)),
      { kind: 'sent', body: expect.any(Array) },
    ],
    [
      '65 levels',
      (_, r) => r.text(200, 'application/json', '['.repeat(65) + ']'.repeat(65)),
      { trouble: 'too-deep', body: undefined },
    ],
    [
      'brackets in a text',
      (_, r) => r.json(200, { a: `\\"${'['.repeat(500)}` }),
      { body: { a: `\\"${'['.repeat(500)}` } },
    ],
    ['204 and nothing', (_, r) => r.raw('HTTP/1.1 204 x\r\n\r\n'), { kind: 'sent', status: 204, body: undefined }],
    [
      'a redirect',
      (_, r) => r.text(307, 'text/plain', '', { location: 'http://127.0.0.1/' }),
      { kind: 'sent', status: 307 },
    ],
    ['by hanging up', (_, r) => r.hangUp(), { kind: 'unknown', why: 'closed' }],
    ['nothing at all', () => {}, { kind: 'unknown', why: 'timeout' }],
    ['byte by byte', (_, r) => r.drip(20), { kind: 'sent', status: 200, body: undefined, trouble: 'timeout' }],
  ];
  test.each(cases)('%s', async (_, answer, expected) => {
    const s = await scene(answer, {}, { totalMs: 300 });
    const result = await s.call(post);
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(s.evil.requests.length).toBe(1);
  });
});

describe('401', () => {
  const bearer = (request: { headers: Record<string, string> }) => request.headers.authorization?.slice(7);
  const renewing = async (refused?: string) => (refused === undefined ? 'old-token' : 'new-token');

  test('an answered 401 renews the token once and tries once more', async () => {
    const s = await scene((r, reply) => reply.json(bearer(r) === 'new-token' ? 200 : 401, {}), { token: renewing });
    expect(await s.call(post)).toMatchObject({ kind: 'sent', status: 200 });
    expect(s.evil.requests.map(bearer)).toEqual(['old-token', 'new-token']);
    expect(s.ticks).toEqual(['fence', 'written', 'fence', 'written']);
  });
  test('a partner that always says 401 is asked twice and no more', async () => {
    const s = await scene((_, reply) => reply.json(401, {}), { token: renewing });
    expect(await s.call(post)).toMatchObject({ kind: 'sent', status: 401 });
    expect(s.evil.requests.length).toBe(2);
  });
  test('no other token, no second try', async () => {
    for (const token of [
      async () => TOKEN,
      async (refused?: string) => (refused ? Promise.reject(new TokenError('later', 1)) : TOKEN),
    ]) {
      const s = await scene((_, reply) => reply.json(401, {}), { token });
      expect(await s.call(post)).toMatchObject({ kind: 'sent', status: 401 });
      expect(s.evil.requests.length).toBe(1);
    }
  });
  test('the second try needs a ticket of its own', async () => {
    let stopped = false;
    const ticket = {
      fence: () => void (stopped && expect.unreachable()),
      written: () => {},
      ready: async () => {
        if (stopped) throw new Error('stopped');
      },
    };
    const s = await scene(
      (_, reply) => {
        stopped = true;
        reply.json(401, {});
      },
      { token: renewing, ticket },
    );
    expect(await s.call(post)).toMatchObject({ kind: 'sent', status: 401 });
    expect(s.evil.requests.length).toBe(1);
  });
  test('no token, no call: a person must reconnect, or only time is needed', async () => {
    const cases: [unknown, object][] = [
      [new TokenError('needs_reconnect'), { kind: 'failed', why: 'token' }],
      [new TokenError('later', 7_000), { kind: 'failed', why: 'token-later', retryAfterMs: 7_000 }],
      [new Error('the store is gone'), { kind: 'failed', why: 'token-later' }],
    ];
    for (const [error, expected] of cases) {
      const s = await scene(undefined, { token: () => Promise.reject(error) });
      expect(await s.call(post)).toMatchObject(expected);
      expect(s.evil.connections()).toBe(0);
    }
  });
});

test('GATE-e2.1 prepare readies token and connection without a byte', async () => {
  const s = await scene();
  expect(await prepare(s.deps)).toBe(true);
  expect([s.evil.connections(), s.evil.bytes().length, s.ticks]).toEqual([1, 0, []]);
});

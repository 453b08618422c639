import { describe, expect, test } from 'vitest';
import { prepare } from '../../../server/egress/partner.ts';
import { TokenError } from '../../../server/egress/token-error.ts';
import type { EvilAnswer } from '../../support/evil.ts';
import { post, scene, TOKEN } from './partner-rig.ts';

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
  const renewing = async (refused?: string) => ({ access: refused === undefined ? 'old-token' : 'new-token' });

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
    const refusing = (e: Error) => async (refused?: string) => (refused ? Promise.reject(e) : { access: TOKEN });
    const cases = [
      [async () => ({ access: TOKEN }), { kind: 'sent', status: 401 }],
      // a key that only waits is no dead key (OA14)
      [refusing(new TokenError('later', 1)), { kind: 'failed', why: 'token-later', retryAfterMs: 1 }],
      [refusing(new TokenError('needs_reconnect')), { kind: 'failed', why: 'token' }],
    ] as const;
    for (const [token, result] of cases) {
      const s = await scene((_, reply) => reply.json(401, {}), { token });
      expect(await s.call(post)).toEqual(expect.objectContaining(result));
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
    expect(await s.call(post)).toMatchObject({ kind: 'aborted', why: 'ticket' });
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

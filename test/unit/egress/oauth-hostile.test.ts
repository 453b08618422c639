import { expect, test } from 'vitest';
import { createHttp } from '../../../server/egress/http.ts';
import { createOauth } from '../../../server/egress/oauth.ts';
import { type EvilAnswer, openEvil } from '../../support/evil.ts';
import { redirectUri, vendorFacts } from '../../support/honest-as.ts';
import { codeOf, good, open, partner, scene } from './oauth-rig.ts';

test('sec-O28 each kind of trouble has its own word, and 429 its wait', async () => {
  const cases: [EvilAnswer, object][] = [
    [(_, r) => r.json(429, {}, { 'retry-after': '7' }), { code: 'rate_limited', status: 429, retryAfterMs: 7_000 }],
    [
      (_, r) =>
        r.text(503, 'text/html', 'x', {
          'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT',
          date: 'Sun, 22 Nov 2026 12:00:00 GMT',
        }),
      { code: 'unavailable', status: 503, retryAfterMs: 30_000 },
    ],
    [(_, r) => r.text(200, 'text/html', '<p>'), { code: 'bad_answer', status: 200 }],
    [(_, r) => r.text(200, 'application/json', ''), { code: 'bad_answer' }],
    [(_, r) => r.text(200, 'application/json', '{'), { code: 'bad_answer' }],
    [(_, r) => r.hangUp(), { code: 'no_answer' }],
  ];
  for (const [answer, expected] of cases) expect(await (await scene(answer)).connect()).toMatchObject(expected);
});

test('sec-O30 a token endpoint that drips or says nothing is cut', async () => {
  for (const answer of [(() => {}) as EvilAnswer, ((_, r) => r.drip(20)) as EvilAnswer]) {
    const start = performance.now();
    expect(codeOf(await (await scene(answer, 200)).connect())).toBe('no_answer');
    expect(performance.now() - start).toBeLessThan(3_000);
  }
});

test('sec-O31 a body over 1 MiB, a token over 16 kB, deep JSON and a gzip body are refused', async () => {
  const big = (bytes: number) => ({ ...good, access_token: 'a'.repeat(bytes) });
  const deep = `{"access_token":"a","token_type":"bearer","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
  const cases: [EvilAnswer, string][] = [
    [(_, r) => r.json(200, big(5 << 20)), 'bad_answer'],
    [(_, r) => r.json(200, big(16_385)), 'token_too_large'],
    [(_, r) => r.json(200, { ...good, refresh_token: 'a'.repeat(16_385) }), 'token_too_large'],
    [(_, r) => r.text(200, 'application/json', deep), 'bad_answer'],
    [(_, r) => r.text(200, 'application/json', '\x1f\x8b\x08', { 'content-encoding': 'gzip' }), 'bad_answer'],
  ];
  for (const [answer, code] of cases) expect(codeOf(await (await scene(answer)).connect())).toBe(code);
  expect(await (await scene((_, r) => r.json(200, big(16_384)))).connect()).toMatchObject({ expiresInSeconds: 1800 });
});

test('sec-O32 a token endpoint that redirects inside is refused; nothing is asked there', async () => {
  const inside = await openEvil();
  open.push(inside.close);
  for (const status of [302, 307]) {
    const s = await scene((_, r) => r.text(status, 'text/plain', '', { location: `${inside.origin}/token` }));
    expect(await s.connect()).toMatchObject({ code: 'bad_answer', status });
  }
  expect(inside.connections()).toBe(0);
});

test('sec-O32 an endpoint outside the manifest, over http, or without a sandbox base is refused before anything is sent', async () => {
  for (const token of [
    'https://evil.example/token',
    'http://as.vendor.example/token',
    'https://a@as.vendor.example/token',
    'x',
  ]) {
    const s = await scene((_, r) => r.json(200, good), undefined, { token });
    expect(codeOf(await s.connect())).toBe('endpoint_refused');
    expect(s.evil.connections()).toBe(0);
  }
  const http = createHttp({ allow: [], monotonic: () => 0 });
  open.push(http.close);
  const bare = createOauth({ http, origins: new Map(), monotonic: () => 0 });
  const who = partner();
  expect(codeOf(await bare.begin(who, { redirectUri }).catch((e: unknown) => e))).toBe('endpoint_refused');
  expect((await bare.begin({ ...who, sandbox: false }, { redirectUri })).url).toMatch(
    /^https:\/\/as\.vendor\.example\/auth\?/,
  );
  const away = { ...vendorFacts({ authorize: 'https://evil.example/auth' }) };
  const got = await bare.begin({ ...who, sandbox: false, facts: away }, { redirectUri }).catch((e: unknown) => e);
  expect(codeOf(got)).toBe('endpoint_refused');
});

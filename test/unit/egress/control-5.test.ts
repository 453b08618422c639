import { expect, test } from 'vitest';
import { vendorFacts } from '../../support/honest-as.ts';
import { post, scene } from './partner-rig.ts';

/** A partner that is reached by name, so that DNS is asked wherever a call gets that far. */
async function named() {
  const resolved: string[] = [];
  let tokens = 0;
  const first = await scene((_, reply) => reply.json(200, {}));
  const port = new URL(first.evil.origin).port;
  const s = await scene(
    undefined,
    {
      facts: vendorFacts(),
      origins: new Map([['https://api.vendor.example', `http://partner.test:${port}/vendor/`]]),
      token: async () => ({ access: `LIVE-${++tokens}` }),
    },
    {
      allow: [`partner.test:${port}`],
      resolve(host, done) {
        resolved.push(host);
        done(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    },
  );
  return { ...s, arrived: first.evil.requests, resolved, tokens: () => tokens };
}

test('control 5 sec-H10 sec-O32 a call off the list is refused before key, DNS and socket', async () => {
  const s = await named();
  for (const request of [
    { method: 'GET', path: '/export/all' },
    { method: 'DELETE', path: '/contacts' },
    { method: 'POST', path: '/contacts/../export' },
    { method: 'POST', path: '/contacts?everything=1' },
    { method: 'POST', path: '//elsewhere.example/contacts' },
  ])
    expect(await s.call(request), request.path).toEqual({ kind: 'failed', why: 'off-list' });
  expect([s.resolved, s.tokens(), s.arrived.length]).toEqual([[], 0, 0]);
  // the same way, with a call that is on it
  expect(await s.call(post)).toMatchObject({ kind: 'sent', status: 200 });
  expect([s.resolved, s.tokens(), s.arrived.length]).toEqual([['partner.test'], 1, 1]);
});

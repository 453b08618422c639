import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Resolve } from '../../../server/egress/guard.ts';
import { createHttp, type Http } from '../../../server/egress/http.ts';
import { createOauth } from '../../../server/egress/oauth.ts';
import type { TokenSet } from '../../../server/egress/oauth-tokens.ts';
import { createPartnerCall } from '../../../server/egress/partner.ts';
import { type Evil, openEvil } from '../../support/evil.ts';
import { testClient, vendorFacts } from '../../support/honest-as.ts';
import { names, watchSockets } from '../../support/ssrf.ts';

let canary: Evil;
let partner: Evil;
const open: Http[] = [];
beforeEach(async () => {
  canary = await openEvil();
  partner = await openEvil();
});
afterEach(async () => {
  for (const http of open.splice(0)) await http.close();
  await canary.close();
  await partner.close();
});

const monotonic = () => performance.now();
function egress(resolve: Resolve, allow: string[] = []): Http {
  const http = createHttp({ allow, monotonic, resolve, totalMs: 2_000 });
  open.push(http);
  return http;
}
const tokens = { access: 'a', refresh: 'r', scopes: [], asked: [], missing: [], account: {} } as unknown as TokenSet;

describe('sec-H11', () => {
  test('sec-H11 public at first, loopback when asked again: asked once a connect, and gone to the answer that was checked', async () => {
    const dns = names(['203.0.113.7'], ['127.0.0.1']);
    const http = egress(dns);
    const sockets = watchSockets();
    const ask = () =>
      http.dispatch({
        origin: `https://rebinding.example:${canary.port}`,
        method: 'POST',
        path: '/',
        headers: {},
        body: '{}',
      });
    try {
      expect(await ask()).toEqual({ kind: 'failed', why: 'connect' });
      expect([dns.asked.length, sockets.went]).toEqual([1, ['203.0.113.7']]);
      expect(await ask()).toEqual({ kind: 'failed', why: 'refused' });
      expect([dns.asked.length, sockets.went, canary.connections()]).toEqual([2, ['203.0.113.7'], 0]);
    } finally {
      sockets.stop();
    }
  });

  test.each([301, 302, 303, 307, 308])(
    'sec-H11 a %i to the inside, from an API or a token endpoint: not followed',
    async (status) => {
      partner.answer((_, reply) => reply.text(status, 'text/plain', '', { location: `${canary.origin}/inside` }));
      const http = egress(names(), [partner.host, canary.host]); // even where the target itself might be reached
      const origins = new Map(['api', 'as'].map((name) => [`https://${name}.vendor.example`, partner.origin]));
      const facts = vendorFacts();
      const { call } = createPartnerCall({
        http,
        facts,
        connection: { sandbox: true },
        origins,
        token: async () => ({ access: 'LIVE' }),
        ticket: { fence: () => {}, written: () => {} },
        leak: { denied: {}, allowed: {}, constants: [] },
      });
      expect(await call({ method: 'POST', path: '/contacts', body: {} })).toMatchObject({ kind: 'sent', status });
      const oauth = createOauth({ http, origins, monotonic });
      for (const act of ['refresh', 'revoke', 'account'] as const)
        await expect(oauth[act]({ facts, sandbox: true, client: testClient }, tokens)).rejects.toMatchObject({
          code: 'bad_answer',
        });
      expect([partner.requests.length, canary.connections()]).toEqual([4, 0]);
    },
  );

  test('sec-H11 a real process with every proxy variable set: the partner is called, the proxy is not', async () => {
    const proxy = canary.origin;
    const code = `
      import { createHttp } from './server/egress/http.ts';
      const http = createHttp({ allow: ['${partner.host}'], monotonic: () => performance.now() });
      const sent = await http.dispatch({ origin: '${partner.origin}', method: 'POST', path: '/', headers: {}, body: '{}' });
      const refused = await http.dispatch({ origin: 'https://127.0.0.1:${canary.port}', method: 'GET', path: '/', headers: {} });
      console.log(JSON.stringify([sent.kind, refused.why]));
      await http.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      env: {
        PATH: process.env.PATH ?? '',
        ...Object.fromEntries(
          ['http_proxy', 'https_proxy', 'all_proxy', 'ws_proxy', 'npm_config_proxy', 'npm_config_https_proxy'].flatMap(
            (name) => [
              [name, proxy],
              [name.toUpperCase(), proxy],
            ],
          ),
        ),
        NO_PROXY: '',
        NODE_USE_ENV_PROXY: '1',
        GLOBAL_AGENT_HTTP_PROXY: proxy,
      },
    });
    let printed = '';
    let trouble = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      trouble += chunk;
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(printed.trim(), trouble).toBe('["sent","refused"]');
    expect([partner.requests.length, canary.connections()]).toEqual([1, 0]);
  });
});

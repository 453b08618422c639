import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnyAdapter, OauthFacts } from '#sdk';
import { hubspot, openid } from '../../../integrations/index.ts';
import { checkApp } from '../../../server/commands/doctor-partners.ts';
import { createHttp, type Http } from '../../../server/egress/http.ts';
import { doctorHeader, doctorPath, doctorProof } from '../../../server/routes/doctor.ts';
import { deriveKey } from '../../../server/store/seal.ts';
import { frontDoor } from '../../support/front-door.ts';

let server: Server;
let http: Http;
let base: string;
let asked: { method: string | undefined; path: string | undefined; headers: string }[];
let answer: RequestListener;
const now = () => new Date('2026-11-22T14:00:00Z');
beforeEach(async () => {
  asked = [];
  answer = (_req, res) => void res.writeHead(400, { date: now().toUTCString() }).end();
  server = createServer((req, res) => {
    asked.push({ method: req.method, path: req.url, headers: JSON.stringify(req.headers) });
    answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  base = `http://${host}`;
  http = createHttp({ allow: [host], monotonic: () => performance.now(), totalMs: 2_000 });
});
afterEach(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const crm = (auth: Record<string, string> = {}): AnyAdapter => ({
  ...hubspot,
  facts: {
    ...hubspot.facts,
    auth: { ...(hubspot.facts as OauthFacts).auth, authorize: `${base}/authorize`, token: `${base}/token`, ...auth },
  },
});
const provider = (): AnyAdapter => ({
  ...openid,
  facts: { ...openid.facts, name: 'Harbor ID', auth: { ...openid.facts.auth, issuer: `${base}/` } },
});
const client = () => ({ id: 'the-app', secret: 'a-secret-of-the-app' });
const check = async (adapter: AnyAdapter, more: Partial<Parameters<typeof checkApp>[0]> = {}) =>
  checkApp({ http, env: { client }, raw: {}, origin: 'https://hub.example.org', now, ...more }, adapter);

describe('R87 npm run doctor: each OAuth app', () => {
  test('one that is set and answers: the redirect address to copy, and nothing of ours in the request', async () => {
    expect(await check(crm())).toEqual({
      findings: [
        { mark: 'ok', name: 'HubSpot', says: expect.stringContaining('127.0.0.1') },
        {
          mark: 'ok',
          name: 'HubSpot callback',
          says: 'Register this redirect address there: https://hub.example.org/oauth/callback/hubspot',
        },
      ],
      clock: { whose: new URL(base).host, ahead: 0 },
    });
    expect(asked.map((a) => `${a.method} ${a.path}`)).toEqual(['GET /authorize']);
    for (const own of ['the-app', 'a-secret', 'hub.example.org']) expect(JSON.stringify(asked)).not.toContain(own);
  });

  test('a provider of sign-ins is asked for its metadata, which must be there', async () => {
    expect((await check(provider())).findings[0]?.mark).toBe('fix');
    answer = (_req, res) => void res.writeHead(200).end('{}');
    expect((await check(provider())).findings.map((f) => f.mark)).toEqual(['ok', 'ok']);
    expect(asked.at(-1)?.path).toBe('/.well-known/openid-configuration');
  });

  test.each<[string, () => Promise<{ findings: { mark: string; says: string }[] }>, RegExp]>([
    ['it breaks', () => check(crm({ authorize: `${base}/broken` })), /answered 500/],
    ['nobody answers', () => check(crm({ authorize: 'http://127.0.0.1:1/authorize' })), /is an address inside/],
    ['its token endpoint is gone', () => check(crm({ token: 'http://127.0.0.1:1/token' })), /does not answer/],
    ['it hangs up', () => check(crm({ authorize: `${base}/gone` })), /does not answer/],
    ['no public address', () => check(crm(), { origin: undefined }), /set ASKFIRST_ORIGIN/],
    [
      'a secret alone',
      () => check(crm(), { env: { client: () => undefined }, raw: { ASKFIRST_HUBSPOT_CLIENT_SECRET: 'x' } }),
      /CLIENT_ID is missing/,
    ],
  ])('%s', async (_, run, says) => {
    answer = (req, res) => {
      if (req.url === '/gone') req.socket.destroy();
      else res.writeHead(req.url === '/broken' ? 500 : 400).end();
    };
    const { findings } = await run();
    expect(findings.filter((f) => f.mark === 'fix').map((f) => f.says)).toEqual([expect.stringMatching(says)]);
  });
});

test('HO4 how a request arrived is told to the holder of the hub’s key alone, for an hour', async () => {
  const door = await frontDoor({ now });
  try {
    const key = door.hub.deps.doctorKey;
    const ask = async (proof: string) => {
      const res = await fetch(`${door.origin}${doctorPath}`, {
        headers: { [doctorHeader]: proof, 'x-forwarded-for': '1.2.3.4' },
      });
      return { status: res.status, body: await res.json() };
    };
    const at = now().getTime();
    expect(await ask(doctorProof(key, at))).toEqual({
      status: 200,
      body: { peer: '127.0.0.1', trusted: false, forwarded: true, client: '127.0.0.1' },
    });
    expect((await ask(doctorProof(key, at - 59 * 60_000))).status).toBe(200);
    const bad = [
      doctorProof(key, at - 61 * 60_000),
      doctorProof(key, at + 61 * 60_000),
      doctorProof(deriveKey(key, 'other'), at),
      `${at}.`,
      '',
      `NaN.${doctorProof(key, at).split('.')[1]}`,
    ];
    for (const proof of bad)
      expect(await ask(proof)).toMatchObject({ status: 404, body: { type: '/problems/not-found' } });
  } finally {
    await door.close();
  }
});

import { afterEach, expect, test } from 'vitest';
import { facts } from '../../../integrations/hubspot/facts.ts';
import { createHttp } from '../../../server/egress/http.ts';
import { createOauth } from '../../../server/egress/oauth.ts';
import { createPartnerCall } from '../../../server/egress/partner.ts';
import { startSandbox, visitor } from '../demo/sandbox-rig.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
const redirectUri = 'http://localhost:8787/connect/callback';

test("R6 HubSpot's facts against the sandbox: connect, account, a sent contact, refresh, revoke", async () => {
  const sandbox = await startSandbox();
  open.push(sandbox.stop);
  const host = new URL(sandbox.base).host;
  const http = createHttp({ allow: [host], monotonic: () => performance.now() });
  open.push(http.close);
  const mount = `${sandbox.base}/sandbox/hubspot`;
  const origins = new Map([
    ['https://app.hubspot.com', mount],
    ['https://api.hubapi.com', mount],
  ]);
  const oauth = createOauth({ http, origins, monotonic: () => performance.now() });
  const who = { facts, sandbox: true, client: { id: 'askfirst-demo', secret: 'a-secret-of-the-demo' } };

  const begun = await oauth.begin(who, { redirectUri });
  expect(begun.url.startsWith(`${mount}/oauth/authorize?`)).toBe(true);
  const person = visitor(sandbox.base);
  const back = await person.decide(await person.start(Object.fromEntries(new URL(begun.url).searchParams)), 'allow');
  const transaction = { stateHash: begun.stateHash, verifier: begun.verifier, scopes: facts.auth.scopes };
  const tokens = await oauth.finish(who, { params: back.searchParams, redirectUri, transaction });
  expect(tokens).toMatchObject({ scopes: facts.auth.scopes, missing: [], account: { id: '4810000' } });
  expect(await oauth.account(who, tokens)).toEqual({ id: '4810000', name: 'harbor-motors-sandbox.example' });

  const { call } = createPartnerCall({
    http,
    facts,
    connection: { sandbox: true },
    origins,
    token: async () => tokens,
    ticket: { fence: () => {}, written: () => {} },
    leak: { denied: { phone: '+4512345678' }, allowed: { email: 'ada.brandt@shop.example' }, constants: [] },
  });
  const properties = { email: 'ada.brandt@shop.example' };
  const body = { inputs: [{ id: properties.email, idProperty: 'email', properties }] };
  const sent = await call({ method: 'POST', path: '/crm/v3/objects/contacts/batch/upsert', body });
  expect(sent).toMatchObject({ kind: 'sent', status: 200, body: { results: [{ new: true }] } });

  const next = await oauth.refresh(who, tokens);
  expect(next.access).not.toBe(tokens.access);
  await oauth.revoke(who, next);
  await expect(oauth.refresh(who, next)).rejects.toMatchObject({ code: 'invalid_grant' });
});

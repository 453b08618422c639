import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { startSandbox, visitor } from './sandbox-rig.ts';

type Running = Awaited<ReturnType<typeof startSandbox>>;
const running: Running[] = [];
const start = async (options: Parameters<typeof startSandbox>[0] = {}) => {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
};
afterEach(async () => {
  vi.useRealTimers();
  for (const one of running.splice(0)) await one.stop();
});
const search = { filterGroups: [], limit: 10, after: '', sorts: [], properties: ['email'] };
const probe = (hub: ReturnType<typeof visitor>, token: string) =>
  hub.call(token, 'POST', '/crm/v3/objects/contacts/search', search).then((answer) => answer.status);

test('R15 a connection by code and PKCE works, with HubSpot’s answer and no notice of the library', async () => {
  const spies = (['warn', 'info', 'error'] as const).map((name) => vi.spyOn(console, name));
  const hub = visitor((await start()).base);
  const callback = await hub.decide(await hub.start(), 'allow');
  expect([...callback.searchParams.keys()].sort()).toEqual(['code', 'state']);
  const answer = await hub.exchange(callback);
  expect(answer).toMatchObject({ expires_in: 1800, hub_id: 4810000, token_use: 'access_token' });
  expect(answer.scopes).toEqual(['oauth', 'crm.objects.contacts.read', 'crm.objects.contacts.write']);
  expect(answer.refresh_token).toMatch(/.{20}/);
  expect(answer).not.toHaveProperty('scope');
  expect(await probe(hub, answer.access_token)).toBe(200);
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});

test('R15 loading and making the partners prints nothing', async () => {
  const made = new URL('../../../server/demo/sandbox-partners.ts', import.meta.url).href;
  const script = `const { createSandboxPartners } = await import('${made}');
    const client = { id: 'a', secret: 'b', redirectUri: 'http://localhost/c' };
    createSandboxPartners({ base: 'http://127.0.0.1:1', now: () => new Date(), ids: () => '',
      partners: [{ id: 'p', name: 'P', client, scopes: ['oauth'] }] }).close();
    console.log('made');`;
  const run = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(run).toEqual({ stdout: 'made\n', stderr: '' });
});

test('R15 the page says that it is a sandbox and asks which account, each time anew', async () => {
  const hub = visitor((await start()).base);
  const first = await hub.start();
  const text = await first.clone().text();
  for (const words of ['runs on this machine', 'Harbor Motors sandbox, hub 4810000', 'Other company sandbox', 'Deny'])
    expect(text).toContain(words);
  await hub.exchange(await hub.decide(first, 'allow'));
  const again = await hub.start();
  expect(await again.clone().text()).toContain('Which account?');
  expect(await hub.exchange(await hub.decide(again, 'allow', '4820000'))).toMatchObject({ hub_id: 4820000 });
});

test('R15 Deny brings the person back with access_denied and no code', async () => {
  const hub = visitor((await start()).base);
  const callback = await hub.decide(await hub.start(), 'deny');
  expect(callback.searchParams.get('error')).toBe('access_denied');
  expect(callback.searchParams.has('code')).toBe(false);
});

test('R15 an unregistered redirect address, a missing PKCE challenge and plain PKCE are refused', async () => {
  const { base } = await start();
  const wrong = await visitor(base, 'hubspot', { redirectUri: 'http://localhost:8787/elsewhere' }).start();
  expect(wrong.status).toBe(400);
  expect(wrong.headers.get('location')).toBeNull();
  for (const extra of [
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge_method: 'plain' },
  ]) {
    const answer = await visitor(base).start(extra);
    expect(new URL(answer.headers.get('location') ?? 'none:').searchParams.get('error')).toBe('invalid_request');
  }
});

test('R15 a wrong client secret and a foreign code verifier get no token', async () => {
  const { base } = await start();
  const hub = visitor(base);
  const callback = await hub.decide(await hub.start(), 'allow');
  callback.searchParams.delete('state');
  const body = (over: Record<string, string>) =>
    new URLSearchParams({
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: 'http://localhost:8787/connect/callback',
      client_id: 'askfirst-demo',
      client_secret: 'a-secret-of-the-demo',
      code_verifier: 'v'.repeat(43),
      ...over,
    });
  const post = (form: URLSearchParams) => fetch(`${hub.mount}/oauth/2026-03/token`, { method: 'POST', body: form });
  const secret = await post(body({ client_secret: 'wrong' }));
  expect(secret.status).toBe(401);
  const verifier = await post(body({}));
  expect(verifier.status).toBe(400);
  expect(await verifier.json()).toMatchObject({
    error: 'invalid_grant',
    category: expect.any(String),
    correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test('R15 a code used twice ends what the first use gave', async () => {
  const hub = visitor((await start()).base);
  const callback = await hub.decide(await hub.start(), 'allow');
  const tokens = await hub.exchange(callback);
  expect(await probe(hub, tokens.access_token)).toBe(200);
  await expect(hub.exchange(callback)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await probe(hub, tokens.access_token)).toBe(401);
  await expect(hub.refresh(tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
});

test('R15 a refresh gives a new pair; the old refresh token used again ends the grant', async () => {
  const hub = visitor((await start()).base);
  const first = await hub.connect();
  const second = await hub.refresh(first.refresh_token ?? '');
  expect(second).toMatchObject({ hub_id: 4810000, expires_in: 1800 });
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect(await probe(hub, second.access_token)).toBe(200);
  await expect(hub.refresh(first.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await probe(hub, second.access_token)).toBe(401);
});

test('R8 revoking the refresh token shuts the CRM with a HubSpot-shaped 401', async () => {
  const hub = visitor((await start()).base);
  const tokens = await hub.connect();
  await hub.revoke(tokens.refresh_token ?? '');
  const answer = await hub.call(tokens.access_token, 'GET', '/crm/v3/objects/contacts/1');
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ category: 'INVALID_AUTHENTICATION', message: expect.any(String) });
  await expect(hub.refresh(tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
});

test('R15 an access token ends after 30 minutes', async () => {
  const hub = visitor((await start()).base);
  const tokens = await hub.connect();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 29 * 60_000 });
  expect(await probe(hub, tokens.access_token)).toBe(200);
  vi.setSystemTime(Date.now() + 2 * 60_000);
  expect(await probe(hub, tokens.access_token)).toBe(401);
  const fresh = await hub.refresh(tokens.refresh_token ?? '');
  expect(await probe(hub, fresh.access_token)).toBe(200);
});

test('R15 introspection names the account, to the registered client only', async () => {
  const hub = visitor((await start()).base);
  const tokens = await hub.connect('4820000');
  const ask = (token: string, client_secret = 'a-secret-of-the-demo') =>
    fetch(`${hub.mount}/oauth/2026-03/token/introspect`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'askfirst-demo', client_secret, token }),
    });
  expect(await (await ask(tokens.access_token)).json()).toMatchObject({
    active: true,
    hub_id: 4820000,
    hub_domain: 'other-company-sandbox.example',
    token_use: 'access_token',
  });
  expect(await (await ask(tokens.refresh_token ?? '')).json()).toMatchObject({ token_use: 'refresh_token' });
  expect((await ask(tokens.access_token, 'wrong')).status).toBe(401);
  expect((await ask('no-such-token')).status).toBe(400);
});

test('R15 connections and records survive a restart on the same file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  try {
    const storeFile = join(folder, 'sandbox.db');
    const first = await start({ storeFile });
    const before = visitor(first.base);
    const tokens = await before.connect();
    const inputs = [{ id: 'ada.brandt@example.com', idProperty: 'email', properties: { firstname: 'Ada' } }];
    await before.call(tokens.access_token, 'POST', '/crm/v3/objects/contacts/batch/upsert', { inputs });
    const open = await before.start();
    await running.splice(0)[0]?.stop();

    await start({ storeFile, port: first.port });
    // the first try may still meet a connection of the old server in the client's pool
    await vi.waitFor(() => fetch(before.mount));
    expect(
      await (await before.call(tokens.access_token, 'POST', '/crm/v3/objects/contacts/search', search)).json(),
    ).toMatchObject({ total: 1 });
    expect(await before.refresh(tokens.refresh_token ?? '')).toMatchObject({ hub_id: 4810000 });
    expect(await before.exchange(await before.decide(open, 'allow'))).toMatchObject({ hub_id: 4810000 });
  } finally {
    for (const one of running.splice(0)) await one.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

import { expect, test } from 'vitest';
import { newProofKey } from '../../../server/egress/dpop.ts';
import { createPartnerCall } from '../../../server/egress/partner.ts';
import { openHonestAs, redirectUri, testClient, vendorFacts, vendorOrigins } from '../../support/honest-as.ts';
import { brand, fresh, hub, id, MARK, open, processOf, scene } from './tokens-rig.ts';

const bound = () => vendorFacts({ scopes: ['openid', 'contacts.read', 'contacts.write'], dpop: true });

test('control 4 R3 a connection with bound tokens: key sealed with them, calls proven, refreshed with rotation, also after a restart', async () => {
  const server = await openHonestAs('body', { dpop: 'nonce' });
  open.push(server.close);
  const made = await hub();
  const s = processOf(made, server.origin, [server.host], { facts: bound() });
  const partner = { facts: bound(), sandbox: true, client: testClient };
  const begun = await s.oauth.begin(partner, { redirectUri });
  const params = await server.visit(begun.url);
  const transaction = { ...begun, scopes: bound().auth.scopes };
  const set = await s.oauth.finish(partner, { params, redirectUri, transaction });
  await s.tokens.put(brand, id, set);
  const stored = JSON.stringify(made.store.read.hot('select * from vault').all());
  for (const secret of [set.access, set.refresh, set.dpop?.d]) expect(stored).not.toContain(secret);

  const me = (of: typeof s) =>
    createPartnerCall({
      http: of.http,
      facts: { ...bound(), api: 'https://as.vendor.example', calls: ['GET /me'] },
      connection: { sandbox: true },
      origins: vendorOrigins(server.origin),
      token: (refused) => of.tokens.credential(brand, id, refused),
      ticket: { fence: () => {}, written: () => {} },
      leak: { denied: {}, allowed: {}, constants: [] },
    }).call({ method: 'GET', path: '/me' });
  expect(await me(s)).toMatchObject({ kind: 'sent', status: 200 });
  s.clock.ms += 1_800_000;
  expect(await me(s)).toMatchObject({ kind: 'sent', status: 200 });
  const again = processOf(made, server.origin, [server.host], { facts: bound() });
  expect(await me(again)).toMatchObject({ kind: 'sent', status: 200 });
  expect(server.hits('/token')).toBeGreaterThanOrEqual(3);
});

test('control 4 connected again while a token is handed out: it is never paired with the key of the other grant', async () => {
  const s = await scene((_, reply) => reply.json(200, { ...fresh(2), token_type: 'DPoP' }), bound());
  const [first, second] = [newProofKey(), newProofKey()];
  await s.tokens.put(brand, id, s.set({ dpop: first }));
  s.clock.ms = 1_800_000;
  s.evil.answer((_, reply) => {
    // the partner's answer comes when somebody has connected anew already
    void s.tokens
      .put(brand, id, s.set({ access: `${MARK}-9`, dpop: second }))
      .then(() => reply.json(200, { ...fresh(2), token_type: 'DPoP' }));
  });
  const held = await s.tokens.credential(brand, id);
  expect(held.access).toBe(`${MARK}-9`);
  const proof = await held.prover?.sign({ method: 'GET', url: 'https://api.vendor.example/', access: held.access });
  const header = JSON.parse(Buffer.from(proof?.split('.')[0] ?? '', 'base64url').toString()) as { jwk: { x: string } };
  expect(header.jwk.x).toBe(second.x);
  expect(header.jwk).not.toHaveProperty('d');
});

test('PARTNERS-7.4 the place of the account is kept with its tokens, through a refresh that does not say it', async () => {
  const facts = vendorFacts({ apiFrom: { member: 'api_domain', hosts: ['*.vendor.example'] } });
  const s = await scene((_, reply) => reply.json(200, fresh(2)), facts);
  await s.tokens.put(brand, id, s.set({ api: 'https://acme.vendor.example' }));
  expect(await s.tokens.credential(brand, id)).toEqual({
    access: `${MARK}-1`,
    prover: undefined,
    api: 'https://acme.vendor.example',
  });
  s.clock.ms = 1_800_000;
  expect(await s.tokens.credential(brand, id)).toMatchObject({
    access: `${MARK}-2`,
    api: 'https://acme.vendor.example',
  });
});

test('R9 OA11 what the partner gives is written beside the connection, and a change is told once', async () => {
  const s = await scene((_, reply) => reply.json(200, fresh(2, { scope: 'contacts.read' })));
  const known = () => s.store.read.hot('select scopes_json from integration').get()?.scopes_json;
  expect(known()).toBeNull();
  await s.tokens.put(brand, id, s.set());
  expect(known()).toBe('["contacts.read","contacts.write"]');
  s.clock.ms = 1_800_000;
  await s.tokens.access(brand, id);
  expect([known(), s.regranted]).toEqual(['["contacts.read"]', [[brand, id]]]);
  s.evil.answer((_, reply) => reply.json(200, fresh(3)));
  s.clock.ms = 3_600_000;
  await s.tokens.access(brand, id);
  expect(s.regranted).toHaveLength(1); // an answer without scopes says: as before (RFC 6749 5.1)
});

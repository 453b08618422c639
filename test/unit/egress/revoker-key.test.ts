import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { changeHubKey } from '../../../server/egress/key-change.ts';
import { createRevoker } from '../../../server/egress/revoker.ts';
import { testClient, vendorFacts } from '../../support/honest-as.ts';
import { brand, id, MARK, scene } from './tokens-rig.ts';

test('R88 R8 a copy that waits for its revocation is sealed anew when the hub key changes, and still revokes', async () => {
  const s = await scene((_, reply) => reply.text(200, 'text/plain', ''));
  const revoker = createRevoker({
    store: s.store,
    vault: s.vault,
    oauth: s.oauth,
    facts: () => vendorFacts(),
    clients: () => testClient,
    hosts: () => vendorFacts().hosts,
    holdsGrant: () => false,
    alarm() {},
    now: () => new Date(),
    ids: randomUUID,
    random: () => 1,
    log: { warn() {} },
    changed() {},
  });
  const place = { brandId: brand, integrationId: id, provider: 'vendor', sandbox: true };
  await s.store.write((tx) => revoker.bury(tx, place, s.set()));
  const sealed = () => s.store.read.hot('select sealed from revocation').get()?.sealed as string;
  const before = sealed();
  s.vault.turnTo(randomBytes(32));
  await changeHubKey({ store: s.store, vault: s.vault, finish() {}, now: () => 0 });
  s.vault.forgetOlder();
  expect(sealed().split('.')[1]).not.toBe(before.split('.')[1]); // another data key
  revoker.wake();
  await revoker.idle();
  revoker.stop();
  expect(s.evil.requests.map((r) => new URLSearchParams(r.body).get('token'))).toEqual([`${MARK}-r1`]);
  expect(s.store.read.hot('select state, sealed from revocation').get()).toMatchObject({
    state: 'revoked',
    sealed: null,
  });
});

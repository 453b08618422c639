import { afterEach, expect, test } from 'vitest';
import { isOidc } from '#sdk';
import { facts } from '../../../integrations/openid/facts.ts';
import { createHttp } from '../../../server/egress/http.ts';
import { createOpenid } from '../../../server/egress/openid.ts';
import { type EvilProvider, openEvilProvider } from '../../support/evil-provider.ts';
import { codeOf } from './oauth-rig.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
const redirectUri = 'http://127.0.0.1:1/oauth/callback/openid';
const strangers = { aud: ['askfirst-openid', 'stranger'] };

/** One sign-in at a provider whose tokens may, or may not, name others beside us. */
async function signIn(sharedAudience: boolean, claims: EvilProvider['plan']['claims']): Promise<unknown> {
  const provider = await openEvilProvider(() => Math.floor(Date.now() / 1000));
  open.push(provider.close);
  provider.plan.claims = claims;
  const http = createHttp({ allow: [provider.host], monotonic: () => performance.now() });
  open.push(http.close);
  const issuer = 'https://id.example';
  const openid = createOpenid({
    http,
    origins: new Map([[issuer, provider.origin]]),
    monotonic: () => performance.now(),
    now: () => new Date(),
  });
  if (!isOidc(facts)) throw new Error('another way');
  const auth = { ...facts.auth, issuer, sharedAudience };
  const partner = {
    facts: { ...facts, hosts: ['id.example'], auth },
    sandbox: true,
    client: { id: 'askfirst-openid', secret: 's' },
  };
  const { url, ...secrets } = await openid.begin(partner, redirectUri);
  return openid.finish(partner, { params: provider.visit(url), redirectUri, secrets }).catch((e: unknown) => codeOf(e));
}

test('sec-O19 OA12 others in the audience with azp = us: taken where the facts say so, and only there', async () => {
  expect(await signIn(true, { ...strangers, azp: 'askfirst-openid' })).toMatchObject({ name: 'Ada Brandt' });
  expect(await signIn(false, { ...strangers, azp: 'askfirst-openid' })).toBe('id_token_refused');
});

test('sec-O19 OA12 others in the audience without azp, with a stranger’s, or without us: never', async () => {
  for (const claims of [
    strangers,
    { ...strangers, azp: 'stranger' },
    { aud: ['stranger', 'other'], azp: 'askfirst-openid' },
    { aud: 'askfirst-openid', azp: 'stranger' },
  ])
    expect([claims, await signIn(true, claims)]).toEqual([claims, 'id_token_refused']);
});

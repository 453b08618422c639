import { afterEach } from 'vitest';
import type { OauthFacts } from '#sdk';
import { createHttp } from '../../../server/egress/http.ts';
import { createOauth, type Oauth, type OauthPartner } from '../../../server/egress/oauth.ts';
import { OauthError } from '../../../server/egress/oauth-error.ts';
import { type Evil, type EvilAnswer, openEvil } from '../../support/evil.ts';
import { redirectUri, testClient, vendorFacts, vendorOrigins } from '../../support/honest-as.ts';

export const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

export function oauthAt(origin: string, allow: string[], totalMs = 10_000): Oauth {
  const http = createHttp({ allow, monotonic: () => performance.now(), totalMs });
  open.push(http.close);
  return createOauth({ http, origins: vendorOrigins(origin), monotonic: () => performance.now() });
}
export const partner = (auth: Partial<OauthFacts['auth']> = {}): OauthPartner => ({
  facts: vendorFacts(auth),
  sandbox: true,
  client: testClient,
});
export const MARK = 'LIVE-TOKEN-5f2c';
export const good = { access_token: MARK, refresh_token: `${MARK}-r`, token_type: 'bearer', expires_in: 1800 };

interface Scene {
  evil: Evil;
  oauth: Oauth;
  /** Runs a whole connect in which the server sends `params` back; `state` is put in when left out. */
  connect(params?: (state: string) => string): Promise<unknown>;
}
export async function scene(
  answer: EvilAnswer,
  totalMs?: number,
  auth: Partial<OauthFacts['auth']> = {},
): Promise<Scene> {
  const evil = await openEvil(answer);
  open.push(evil.close);
  const oauth = oauthAt(evil.origin, [evil.host], totalMs);
  return {
    evil,
    oauth,
    async connect(params = (state) => `code=c&state=${state}`) {
      const who = partner(auth);
      const run = async () => {
        const begun = await oauth.begin(who, { redirectUri });
        const transaction = { ...begun, scopes: who.facts.auth.scopes };
        return oauth.finish(who, { params: new URLSearchParams(params(begun.state)), redirectUri, transaction });
      };
      return run().catch((e: unknown) => e);
    },
  };
}
export const codeOf = (e: unknown) => (e instanceof OauthError ? e.code : e);

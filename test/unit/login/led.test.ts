import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EvilProvider, openEvilProvider } from '../../support/evil-provider.ts';
import type { FrontDoor } from '../../support/front-door.ts';
import { count } from '../hub/stage.ts';
import { begun } from './door.ts';
import { type EvilDoor, openEvilDoor } from './evil-door.ts';

let scene: EvilDoor;
let door: FrontDoor;
let provider: EvilProvider;
let integration: string;
beforeEach(async () => {
  scene = await openEvilDoor();
  ({ door, provider, integration } = scene);
});
afterEach(() => scene.close());

describe('R21 a provider that leads inside, or says it will name itself', () => {
  test.each(['/.well-known/', '/jwks', '/token', '/me'])(
    'sec-O32 %s answers 302 and 307: nothing is asked there',
    async (path) => {
      const inside = await openEvilProvider(scene.seconds);
      const honest = provider.respond; // the whole answer stands in the body: only the status says it is none
      const location = (at: string) => ({ location: inside.origin + at });
      scene.pass(6 * 60_000); // so that metadata and keys are read again
      for (const status of [302, 307]) {
        provider.answer((request, reply) =>
          request.path.startsWith(path)
            ? honest(request, { ...reply, json: (_, value) => reply.json(status, value, location(request.path)) })
            : honest(request, reply),
        );
        const one = await begun(door, integration);
        if (one.opened.status === 200) {
          const res = await one.browser.get(`/oauth/callback/openid?${provider.visit(one.to)}`);
          expect(res.status).toBe(400);
        }
        expect(await one.result()).toEqual({ state: 'over' });
        scene.pass(6 * 60_000);
      }
      expect(inside.connections()).toBe(0);
      expect(count(door, 'audit', "act = 'login-refused'")).toBe(2);
      expect([count(door, 'value'), count(door, 'subject')]).toEqual([0, 0]);
      await inside.close();
    },
  );

  test('sec-O03 iss announced and missing: no code is sent', async () => {
    provider.plan.metadata = { authorization_response_iss_parameter_supported: true };
    scene.pass(6 * 60_000);
    const before = provider.hits('/token');
    await scene.refused('issuer_mismatch');
    expect(provider.hits('/token')).toBe(before);
    const { res } = await scene.signIn((query) => query.set('iss', provider.origin));
    expect(res.status).toBe(303);
  });

  test('sec-O12 what it says about PKCE changes nothing', async () => {
    provider.plan.metadata = { code_challenge_methods_supported: ['plain'] };
    scene.pass(6 * 60_000);
    const one = await begun(door, integration);
    expect(new URL(one.to).searchParams.get('code_challenge_method')).toBe('S256');
    await one.browser.get(`/oauth/callback/openid?${provider.visit(one.to)}`);
    const body = provider.requests.findLast((r) => r.path === '/token')?.body;
    expect(new URLSearchParams(body).get('code_verifier')).toMatch(/^[\w-]{43,}$/);
  });
});

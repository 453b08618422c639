import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, type JWK, jwtVerify } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { json, openRecorder } from '../../support/recorder.ts';
import { withAuth } from '../../support/with-auth.ts';
import { count, openChat, openStage, type Stage } from './stage.ts';

/** HubSpot as it would be with bound tokens. */
const bound = withAuth({ dpop: true });

let stage: Stage;
/** Nonces the partner gave, the newest last; the key its tokens are bound to; proofs it has seen. */
let nonce: string;
let owner: string | undefined;
let jtis: Set<unknown>;
let refused: string[];

beforeEach(async () => {
  [nonce, owner, jtis, refused] = ['nonce-1', undefined, new Set(), []];
  const recorder = await openRecorder();
  recorder.answer((request, res) => {
    void judge(request).then((why) => {
      if (why) {
        refused.push(why);
        const head = { 'dpop-nonce': nonce, 'www-authenticate': `DPoP error="use_dpop_nonce"` };
        return request.path.endsWith('/token')
          ? json(res, 400, { error: 'use_dpop_nonce' }, head)
          : json(res, 401, {}, head);
      }
      return json(res, 200, answerTo(request.path));
    });
    return true;
  });
  stage = await openStage({ recorder, adapters: bound });
});
afterEach(() => stage.close());

const answerTo = (path: string): object => {
  const account = { active: true, hub_id: 4810000, hub_domain: 'harbor.example' };
  if (path.endsWith('/token')) return { ...account, access_token: 'bound', token_type: 'DPoP', expires_in: 1800 };
  if (path.endsWith('/upsert'))
    return { status: 'COMPLETE', results: [{ id: '7', new: true, createdAt: '2026-11-22T12:00:00Z' }] };
  return { ...account, id: '8', status: 'COMPLETE' };
};

/** What a strict partner looks at (RFC 9449 4.3, 7.1); undefined where it is content. */
async function judge(request: Stage['recorder']['calls'][number]): Promise<string | undefined> {
  if (/introspect|revoke/.test(request.path)) return undefined; // no bound token is used there
  const proof = String(request.headers.dpop ?? '');
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'] });
  const key = await calculateJwkThumbprint(protectedHeader.jwk as JWK);
  const isToken = request.path.endsWith('/token');
  const known = jtis.has(payload.jti);
  jtis.add(payload.jti);
  if (known) return 'replayed';
  if (payload.nonce !== nonce) return 'nonce';
  if (payload.htm !== request.method || payload.htu !== stageOrigin(request) + request.path.split('?')[0]) return 'aim';
  if (isToken) {
    owner = key;
    return undefined;
  }
  if (request.headers.authorization !== 'DPoP bound') return 'scheme';
  if (payload.ath !== createHash('sha256').update('bound').digest('base64url')) return 'ath';
  return key === owner ? undefined : 'key';
}
const stageOrigin = (request: { headers: { host?: string | undefined } }) => `http://${request.headers.host}`;

test('R1 control 4 a share over bound tokens: each call proves its own, a fresh nonce costs one more try and no more', async () => {
  expect(refused).toEqual(['nonce']); // the code is sent again with the nonce, and counts once
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  nonce = 'nonce-2';
  await chat.send();
  expect((await chat.lastShare())?.state).toBe('sent');
  expect(refused).toEqual(['nonce', 'nonce']);
  expect(stage.recorder.calls.map((c) => c.path.split('/').at(-1))).toEqual(['upsert', 'upsert', 'notes', '7']);
  expect(count(stage.door, 'disclosure')).toBe(1);
  await chat.send();
  expect(refused).toHaveLength(2); // it is known now
});

test('control 4 a partner that never takes a proof is asked twice with each token, and the share is not lost for ever', async () => {
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  let n = 0;
  stage.recorder.answer((request, res) =>
    request.path.endsWith('/upsert') ? json(res, 401, {}, { 'dpop-nonce': `turn-${++n}` }) : false,
  );
  await chat.send();
  expect(n).toBe(2); // no refresh token was given, so there is no other token to try
  expect((await chat.lastShare())?.state).not.toBe('sent');
});

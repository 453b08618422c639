import { createHash, randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { ProblemSlug } from '#contract/problem.ts';

const random = (): string => randomBytes(32).toString('base64url');
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Pairing as the hub keeps it: hashes only; a traded token may be traded again until its successor was used. */
interface FakePairing {
  code: string;
  secret: string;
  state: 'waiting' | 'approved' | 'refused' | 'paired' | 'ended';
  browser: string;
  token?: string;
  previous?: string;
  used: boolean;
  expiresAt: number;
}

/** Pairing at a fake hub: its routes, to be mounted behind the faults, and whose token a call carries. */
export function fakePairings(d: { tokenSeconds: number; pollSeconds: number; no: (slug: ProblemSlug) => Response }) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const { tokenSeconds, pollSeconds, no } = d;
  const pairings: FakePairing[] = [];
  const bearer = (c: Context): string => (c.req.header('authorization') ?? '').replace('Bearer ', '');
  const holder = (token: string): FakePairing | undefined =>
    pairings.find((p) => p.state === 'paired' && token !== '' && p.token === hash(token));

  app.post('/api/pair/start', async (c) => {
    const secret = random();
    const code = `${random().slice(0, 4)}-${random().slice(0, 4)}`.toUpperCase().replaceAll('_', '7');
    const { browser } = await c.req.json<{ browser: string }>();
    pairings.push({ code, secret: hash(secret), state: 'waiting', browser, used: false, expiresAt: 0 });
    return c.json({ code, secret, address: '/console/pair', expiresInSeconds: 300, pollSeconds });
  });
  app.post('/api/pair/poll', async (c) => {
    const { secret } = await c.req.json<{ secret: string }>();
    const pairing = pairings.find((p) => p.secret === hash(secret));
    if (!pairing || pairing.state === 'paired' || pairing.state === 'ended') return no('link-used');
    if (pairing.state !== 'approved') return c.json({ state: pairing.state });
    const token = random();
    Object.assign(pairing, { state: 'paired', token: hash(token), expiresAt: Date.now() + tokenSeconds * 1000 });
    return c.json({ state: 'paired', token, expiresInSeconds: tokenSeconds, agent: 'Jens', brand: 'Harbor Motors' });
  });
  app.post('/api/pair/rotate', async (c) => {
    const { token } = await c.req.json<{ token: string }>();
    const old = hash(token);
    const pairing = pairings.find((p) => p.state === 'paired' && (p.token === old || p.previous === old));
    if (!pairing) return no('token-ended');
    if (pairing.token !== old && pairing.used) {
      pairing.state = 'ended';
      return no('token-ended');
    }
    const fresh = random();
    Object.assign(pairing, {
      token: hash(fresh),
      previous: old,
      used: false,
      expiresAt: Date.now() + tokenSeconds * 1000,
    });
    return c.json({ token: fresh, expiresInSeconds: tokenSeconds });
  });
  app.post('/api/pair/end', (c) => {
    const pairing = holder(bearer(c));
    if (!pairing) return no('token-ended');
    pairing.state = 'ended';
    return c.json({ ended: true });
  });

  return { routes: app, pairings, holder, bearer };
}

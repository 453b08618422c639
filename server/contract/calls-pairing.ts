import * as z from 'zod/mini';
import { call, none } from './call.ts';

/** An error of the pairing poll is a state, not a problem: the panel waits. */
export type PairPoll =
  | { state: 'waiting' }
  | { state: 'refused' }
  | { state: 'paired'; token: string; expiresInSeconds: number; agent: string; brand: string };

/** Pairing, RFC 8628 in shape: codes live five minutes, work once, are stored hashed (SECURITY.md BA8). */
export const pairingCalls = {
  pairStart: call<{ code: string; secret: string; address: string; expiresInSeconds: number; pollSeconds: number }>()({
    method: 'POST',
    path: '/api/pair/start',
    caller: 'anyone',
    input: z.strictObject({ browser: z.string().check(z.trim(), z.minLength(1), z.maxLength(60)) }),
  }),
  pairPoll: call<PairPoll>()({
    method: 'POST',
    path: '/api/pair/poll',
    caller: 'anyone',
    input: z.strictObject({ secret: z.string().check(z.maxLength(200)) }),
  }),
  /** Trades the token for a new one; an old token that was traded before ends the pairing. */
  pairRotate: call<{ token: string; expiresInSeconds: number }>()({
    method: 'POST',
    path: '/api/pair/rotate',
    caller: 'anyone',
    input: z.strictObject({ token: z.string().check(z.maxLength(200)) }),
  }),
  pairEnd: call<{ ended: true }>()({ method: 'POST', path: '/api/pair/end', caller: 'agent', input: none }),
} as const;

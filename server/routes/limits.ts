import type { MiddlewareHandler } from 'hono';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { problem } from '#contract/problem.ts';
import type { Env } from './callers.ts';

/** Points per seconds for one key. */
const limits = {
  /** First messages per client address. */
  start: { points: 30, duration: 60 },
  /** Messages per conversation. */
  message: { points: 60, duration: 60 },
  /** Questions and answers per conversation: a no is never limited harder than a yes (GATE.md c). */
  choice: { points: 60, duration: 60 },
  /** Sign-in links and uses per client address. */
  signIn: { points: 20, duration: 300 },
  pairing: { points: 60, duration: 60 },
  connect: { points: 20, duration: 60 },
} as const;

/** The hub's counters, in memory: one process (SECURITY.md section 8). */
export type Limits = Record<keyof typeof limits, RateLimiterMemory>;

/** New counters. */
export const createLimits = (): Limits =>
  Object.fromEntries(Object.entries(limits).map(([name, l]) => [name, new RateLimiterMemory(l)])) as Limits;

/** Counts one request of the client's address, or of `key`. Raises `too-many`. */
export const limited =
  (limiter: RateLimiterMemory, key: (c: Parameters<MiddlewareHandler<Env>>[0]) => string): MiddlewareHandler<Env> =>
  async (c, next) => {
    try {
      await limiter.consume(key(c));
    } catch {
      problem('too-many');
    }
    await next();
  };

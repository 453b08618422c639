import type { MiddlewareHandler } from 'hono';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Problem } from '#contract/problem.ts';
import type { Env } from './callers.ts';

/** Points per seconds for one key. */
const limits = {
  /** First messages per client address. */
  start: { points: 30, duration: 60 },
  /** Messages per conversation. */
  message: { points: 60, duration: 60 },
  /** Signals that somebody types (20 in a minute) and how far they have read, per conversation and side: more than messages. */
  presence: { points: 120, duration: 60 },
  /** Pages a visitor went to, per conversation. */
  page: { points: 60, duration: 60 },
  /** Files per conversation, and per agent. */
  file: { points: 20, duration: 60 },
  /** Pictures shown beside their names, per conversation and per agent: a chat holds a hundred files at most. */
  picture: { points: 120, duration: 60 },
  /** Questions and answers per conversation: a no is never limited harder than a yes (GATE.md c). */
  choice: { points: 60, duration: 60 },
  /** Searches of an agent: each opens a bounded number of lines, and a search may go on for several. */
  search: { points: 120, duration: 60 },
  /** Those for an address or a number by whoever does not read them: nobody finds one by guessing (R51). */
  searchAddress: { points: 60, duration: 3_600 },
  /** Arrangements of an agent's cards: a press of a button each. */
  arrange: { points: 120, duration: 60 },
  /** Transcripts mailed, per client address and per mail address: nobody floods a stranger's mailbox from here (R60). */
  transcript: { points: 6, duration: 3_600 },
  transcriptTo: { points: 6, duration: 86_400 },
  /** Links to a visitor's own page, per client address and per mail address: nobody finds out or floods anybody (R36). */
  myLink: { points: 10, duration: 3_600 },
  myLinkTo: { points: 3, duration: 3_600 },
  /** Sign-in links and uses per client address. */
  signIn: { points: 20, duration: 300 },
  /** Codes of a second step per client address; per person they are limited beside (people/). */
  secondStep: { points: 30, duration: 300 },
  /** New pairing codes per client address: the whole hub holds a bounded number of waiting ones. */
  pairStart: { points: 10, duration: 300 },
  /** Polls and rotations per secret or token, so that two panels behind one address do not hinder each other. */
  pairing: { points: 60, duration: 60 },
  /** Public pages and receipts per client address. */
  pages: { points: 120, duration: 60 },
  /** Polls of one sign-in's result. */
  loginResult: { points: 60, duration: 60 },
  /** Contacts revealed, per agent: nobody copies a list by hand (R51). */
  reveal: { points: 20, duration: 60 },
  /** Looks for the person of an open tab, per agent. */
  find: { points: 30, duration: 60 },
  connect: { points: 20, duration: 60 },
  /** Calls to a webhook address per client address, before anything is verified. */
  webhook: { points: 1_200, duration: 60 },
  /** Events per connection, so that a flood for one brand leaves others alone. */
  webhookEvent: { points: 600, duration: 60 },
} as const;

/** The hub's counters, in memory: one process (SECURITY.md section 8). */
export type Limits = Record<keyof typeof limits, RateLimiterMemory>;

/** New counters. */
export const createLimits = (): Limits =>
  Object.fromEntries(Object.entries(limits).map(([name, l]) => [name, new RateLimiterMemory(l)])) as Limits;

/** Takes one of what `key` has left. Raises `too-many`. */
export async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (cause) {
    throw new Problem('too-many', undefined, { cause }); // it knows how long
  }
}

/** Counts one request of whatever `key` names. Raises `too-many`. */
export const limited =
  (limiter: RateLimiterMemory, key: (c: Parameters<MiddlewareHandler<Env>>[0]) => string): MiddlewareHandler<Env> =>
  async (c, next) => {
    await consume(limiter, key(c));
    await next();
  };

import { problem } from '#contract/problem.ts';

/** A counter of tries; rate-limiter-flexible's limiters fit. Rejects when the key has none left. */
export interface Limit {
  consume(key: string): Promise<unknown>;
}

/** Takes one try of `key`. Problems: too-many. */
export async function take(limit: Limit, key: string): Promise<void> {
  try {
    await limit.consume(key);
  } catch {
    problem('too-many');
  }
}

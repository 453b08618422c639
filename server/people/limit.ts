import { Problem } from '#contract/problem.ts';

/** A counter of tries; rate-limiter-flexible's limiters fit. Rejects when the key has none left. */
export interface Limit {
  consume(key: string): Promise<unknown>;
}

/** Takes one try of `key`. Problems: too-many. */
export async function take(limit: Limit, key: string): Promise<void> {
  try {
    await limit.consume(key);
  } catch (cause) {
    throw new Problem('too-many', undefined, { cause }); // it knows how long
  }
}

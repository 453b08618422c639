import type { Routing } from '#contract/routing.ts';
import type { Standing } from './presence.ts';

/** An agent as routing weighs one. */
export type Candidate = Pick<Standing, 'id' | 'available' | 'open' | 'turn'>;

/**
 * Who gets the next chat (R66); undefined where it waits. Never somebody away or at the limit. Least busy: the fewest open
 * chats, among equals whoever waited longest for one; round robin: whoever waited longest. The id decides what is still equal.
 */
export function pickAgent({ mode, limit }: Routing, all: readonly Candidate[]): Candidate | undefined {
  if (mode === 'manual') return undefined;
  const free = all.filter((a) => a.available && a.open < limit);
  const load = (a: Candidate): number => (mode === 'least-busy' ? a.open : 0);
  return free.sort((a, b) => load(a) - load(b) || a.turn - b.turn || (a.id < b.id ? -1 : 1))[0];
}

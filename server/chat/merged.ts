import type { queueOf } from './views.ts';

type Part = ReturnType<typeof queueOf>;

/** The queues of several brands as one, newest first (R64). Each keeps its own length, so that a busy brand hides no quiet one. */
export const mergedQueue = (parts: readonly Part[]): Part => ({
  rows: parts.flatMap((part) => part.rows).sort((a, b) => b.lastSeq - a.lastSeq),
  lastSeq: Math.max(...parts.map((part) => part.lastSeq)),
});

/** The first `limit` rows of several brands by `seq`; each part is in order and goes as far, so that none between is left out. */
export function firstOf(
  parts: readonly (readonly Record<string, unknown>[])[],
  limit: number,
): readonly Record<string, unknown>[] {
  const [only = [], ...others] = parts;
  if (others.length === 0) return only;
  return parts
    .flat()
    .sort((a, b) => (a.seq as number) - (b.seq as number))
    .slice(0, limit);
}

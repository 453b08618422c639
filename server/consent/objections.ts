import type { Objection } from '#contract/settings.ts';
import { appendEntry } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { putStatement } from '../store/statements.ts';
import type { OptOutDeps } from './opt-out.ts';
import { chatsOf, outBefore, stopPerson } from './under-way.ts';

/** Column of `subject` and kind of statement, by what is stopped. */
const places = { all: 'objected', profiling: 'no_profiling' } as const;

/** What a person stopped at a brand. */
export function objectionsOf(
  read: Pick<Tx, 'hot'>,
  { brandId, subjectId }: { brandId: string; subjectId: string },
): Record<Objection, boolean> {
  const row = read
    .hot('select objected, no_profiling from subject where id = ? and brand_id = ?')
    .get(subjectId, brandId);
  return { all: row?.objected !== 0, profiling: row?.no_profiling !== 0 };
}

/**
 * A person objects (Art. 21 GDPR; D07), to every use that is no contract's or to profiling, or takes that back. Objecting
 * is an opt-out: one commit with the statement and the line in each open chat, in force when this resolves, the epoch
 * raised and what waits finished (GATE.md e.2). No answer is touched: a yes counts again once the objection is taken back.
 * A second time it changes nothing. Returns how many sends were stopped.
 */
export async function object(
  d: OptOutDeps,
  { brandId, subjectId }: { brandId: string; subjectId: string },
  what: Objection,
  on: boolean,
): Promise<{ stopped: number }> {
  const who = { brandId, subjectId };
  const { stopped, lines } = await d.store.write((tx) => {
    if (objectionsOf(tx, who)[what] === on) return { stopped: [], lines: [] };
    const kind = places[what];
    const at = d.now().toISOString();
    tx.hot(`update subject set ${kind} = ? where id = ? and brand_id = ?`).run(on ? 1 : 0, subjectId, brandId);
    const key = d.keys.of(tx, brandId, subjectId);
    putStatement(tx, key, { ...who, kind, value: on ? 'yes' : 'no', by: 'self', at });
    const stopped = on ? stopPerson(tx, d, who) : [];
    const alreadyOut = on ? outBefore(tx, d.fence, who) : 0;
    const body = { kind: 'objected' as const, what, on, alreadyOut, stopped: stopped.length };
    const lines = chatsOf(tx, who).map((conversationId) => appendEntry(tx, { ...who, conversationId, key, at }, body));
    return { stopped, lines };
  });
  if (on) d.fence.cancel({ subjectId });
  d.publish([...stopped, ...lines], brandId);
  return { stopped: stopped.length };
}

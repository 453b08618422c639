import type { Objection } from '#contract/settings.ts';
import { visitorFields } from '#contract/visitor.ts';
import { profiles } from '../gate/derive.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { appendEntry } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { putStatement } from '../store/statements.ts';
import { dropTrail } from '../store/visit.ts';
import type { OptOutDeps } from './opt-out.ts';
import { byConsent, propagateAll } from './propagation.ts';
import { type AlreadyOut, chatsOf, outBefore, stopPerson } from './under-way.ts';

/** Column of `subject` and kind of statement, by what is stopped. */
const places = { all: 'objected', profiling: 'no_profiling' } as const;

/** What a person stopped at a brand. */
export function objectionsOf(
  read: Pick<Tx, 'hot'>,
  { brandId, subjectId }: { brandId: string; subjectId: string },
): Record<Objection, boolean> {
  const { rows } = closureOf(read, brandId, subjectId);
  const said = (column: 'objected' | 'no_profiling') => rows.length === 0 || rows.some((r) => r[column] !== 0);
  return { all: said('objected'), profiling: said('no_profiling') };
}

/** True for what was sent to judge or target a person (R26). */
const profiling = ({ fields, purpose }: AlreadyOut): boolean =>
  fields.some((f) => profiles({ class: visitorFields[f].class, purpose }));

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
  const closure = closureOf(d.store.read, brandId, subjectId);
  const who = { brandId, subjectId: closure.root };
  const { stopped, lines } = await d.store.write((tx) => {
    if (objectionsOf(tx, who)[what] === on) return { stopped: [], lines: [] };
    const kind = places[what];
    const at = d.now().toISOString();
    for (const id of everyoneIn(closure))
      tx.hot(`update subject set ${kind} = ? where id = ? and brand_id = ?`).run(on ? 1 : 0, id, brandId);
    // Either stops following somebody from page to page (R67).
    if (on) for (const id of everyoneIn(closure)) dropTrail(tx, brandId, id);
    const key = d.keys.of(tx, brandId, who.subjectId);
    putStatement(tx, key, { ...who, kind, value: on ? 'yes' : 'no', by: 'self', at });
    if (on) propagateAll(tx, d, who, 'suppress', (o) => byConsent(o) && (what === 'all' || profiling(o)));
    const stopped = on ? stopPerson(tx, d, who) : [];
    const alreadyOut = on ? outBefore(tx, d.fence, who) : 0;
    const body = { kind: 'objected' as const, what, on, alreadyOut, stopped: stopped.length };
    const lines = chatsOf(tx, who).map((chat) => appendEntry(tx, { ...who, ...chat, key, at }, body));
    return { stopped, lines };
  });
  if (on) d.fence.cancel({ subjectId: who.subjectId });
  d.publish([...stopped, ...lines], brandId);
  return { stopped: stopped.length };
}

import type { AgeBand, DeclaredPlace } from '#contract/places.ts';
import { ageFor } from '../gate/age.ts';
import { readBrandConfig } from '../store/brand-config.ts';
import { closureOf } from '../store/closure.ts';
import type { Tx } from '../store/open.ts';
import { ageStatement, putStatement, saidOfAll } from '../store/statements.ts';
import type { OptOutDeps } from './opt-out.ts';
import { underAge } from './under-age.ts';
import { stopPerson } from './under-way.ts';

/** What a visitor says about themselves; '' takes it back. */
export interface About {
  place: DeclaredPlace | '';
  age: AgeBand | '';
}

/**
 * Stores where a visitor lives and how old they are, as they say it (GATE.md d). Each change counts from now on like an
 * opt-out: what is under way is decided again before it is written. Who says that they are below the age is a minor found
 * (k.5). What was said before changes nothing.
 */
export async function sayAbout(
  d: OptOutDeps,
  { brandId, subjectId }: { brandId: string; subjectId: string },
  about: About,
): Promise<void> {
  const closure = closureOf(d.store.read, brandId, subjectId);
  const who = { brandId, subjectId: closure.root };
  const entries = await d.store.write((tx) => {
    const key = d.keys.of(tx, brandId, who.subjectId);
    const before = saidOfAll(tx, d.keys, brandId, closure);
    const at = d.now().toISOString();
    const changed = (['place', 'age'] as const).filter((kind) => about[kind] !== (before[kind] ?? ''));
    if (changed.length === 0) return [];
    // By their own words alone: where a country made them one, this is the first time that they say it (k.5).
    const wasMinor = isMinor(tx, who, { ...before, seen: [] });
    const values = { place: about.place, age: ageStatement(about.age, before) };
    for (const kind of changed) putStatement(tx, key, { ...who, kind, value: values[kind], by: 'self', at });
    const isNow = isMinor(tx, who, saidOfAll(tx, d.keys, brandId, closure));
    return isNow && !wasMinor && about.age !== '' ? underAge(tx, d, who, 'self') : stopPerson(tx, d, who);
  });
  d.fence.cancel({ subjectId: who.subjectId });
  d.publish(entries, brandId);
}

function isMinor(
  tx: Tx,
  { brandId, subjectId }: { brandId: string; subjectId: string },
  said: ReturnType<typeof saidOfAll>,
) {
  const recorded = tx.hot('select age_class from subject where id = ? and brand_id = ?').get(subjectId, brandId);
  const facts = { ...readBrandConfig(tx, brandId), said, recorded: recorded?.age_class as 'adult' };
  return ageFor(facts) === 'below_consent_age';
}

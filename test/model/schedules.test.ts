import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Field } from '#contract/visitor.ts';
import { decideShare } from '../../server/gate/decide.ts';
import { contextOf } from '../../server/gate/derive.ts';
import { readShareFacts } from '../../server/store/share-facts.ts';
import { type Action, answer, settle, start } from './act.ts';
import { purpose } from './brand.ts';
import { judgeRun } from './check.ts';
import { type Answer, type Manner, makeWorld, type World } from './world.ts';

const runs = Number(process.env.SCHEDULES ?? 2_000);
const fields: Field[] = ['name', 'email', 'phone'];

const some = fc.subarray(fields);
const to = fc.constantFrom(0, 0, 1);
const who = fc.constantFrom(0, 0, 0, 1);
const answers = fc.array(
  fc.constantFrom<Answer>('ok', 'ok', 'ok', 'refused', 'busy', 'fault', 'unauthorized', 'cut', 'hang', 'hang'),
  { maxLength: 3 },
);
const manner: fc.Arbitrary<Manner> = fc.record({
  requests: fc.constantFrom(1, 2, 2, 3),
  parallel: fc.boolean(),
  abandoned: fc.constantFrom(false, false, false, true),
  answers,
});
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), who, to, manner, twice: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), who, to, yes: some }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('opt-out' as const, 'opt-out twice' as const), who, to }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const), to }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('reconnect' as const), to, account: fc.constantFrom('a-1', 'a-2') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('terms' as const), to }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(200, 1_600, 1_601, 60_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'crash' as const, 'mend' as const) }) },
);
const plan = fc.record({
  /** What each person said yes to before, partner by partner; undefined: never asked. */
  before: fc.tuple(
    ...Array.from({ length: 3 }, () => fc.option(fc.subarray(fields, { minLength: 1 }), { nil: undefined, freq: 6 })),
  ),
  /** Whether writes that wait at the same time share one commit. */
  together: fc.boolean(),
  /** Each with the turns it lets pass first: what ends at once would else come before anything is under way. */
  actions: fc.array(fc.tuple(action, fc.nat(9)), { minLength: 2, maxLength: 6 }),
});

/** Fields that may leave now, for one person and one partner. */
function allowed(w: World, subject: string, integration: string): string[] {
  const key = { brandId: w.brandId, subjectId: subject, integrationId: integration, purpose };
  const facts = readShareFacts(w.store.read, w.process.deps.keys, key);
  return decideShare(contextOf(facts, fields, new Date(w.clock.nowMs)).fields).allowedFields.map(String);
}

/** I8: at rest, a further no to some or all of it never allows what was not allowed before it. */
async function narrower(w: World, s: fc.Scheduler, together: boolean, yes: readonly Field[]): Promise<string[]> {
  const [subject, integration] = [w.subjects[0] as string, w.integrations[0] as string];
  const before = allowed(w, subject, integration);
  const last: Action =
    yes.length === 0
      ? { do: 'opt-out', who: 0, to: 0 }
      : { do: 'answer', who: 0, to: 0, yes: yes.filter((f) => before.includes(f)) };
  void start(w, s, last, 99, 0);
  await settle(w, s, together);
  const after = allowed(w, subject, integration);
  return after.every((f) => before.includes(f)) ? [] : [`I8: a no widened ${before.join()} to ${after.join()}`];
}

test(
  `GATE-e.4 I1 to I4, I6 to I8 hold on ${runs} schedules of the real gate over the real store`,
  async () => {
    let writes = 0;
    let claims = 0;
    let stopped = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plan, some, async (s, { before, together, actions }, less) => {
        const w = await makeWorld(s, together);
        const calm = { ...w.process, deps: { ...w.process.deps, store: w.store } }; // before the race begins
        for (const [i, yes] of before.entries()) if (yes) await answer(w, calm, i >> 1, i & 1, yes);
        for (const [i, [a, late]] of actions.entries()) void start(w, s, a, i, a.do === 'send' ? 0 : late);
        await settle(w, s, together);
        const faults = [...judgeRun(w), ...(await narrower(w, s, together, less))];
        const count = (kind: string) => w.log.events.filter((e) => e.kind === kind).length;
        writes += count('write');
        claims += count('claim');
        stopped += w.log.lines.filter((l) => l.startsWith('stopped')).length;
        if (faults.length > 0) throw new Error([...new Set(faults), ...w.log.lines].join('\n  '));
      }),
      { numRuns: runs },
    );
    // A search that never gets to a write, or never stops one, would prove nothing.
    expect(Math.min(writes, claims, stopped * 4)).toBeGreaterThan(runs / 2);
  },
  Math.max(300_000, runs * 100),
);

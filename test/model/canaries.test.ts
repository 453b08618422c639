import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Field } from '#contract/visitor.ts';
import { type Fault, openSimulator, type Simulator } from '../support/simulator.ts';
import { care, count, crm, type Setting, setStage } from '../unit/hub/stage.ts';
import {
  type Act,
  declared,
  judgeArrivals,
  openPlayer,
  type Player,
  play,
  type Watch,
  watchFence,
} from './canaries.ts';

const runs = Number(process.env.CANARIES ?? 150);
const seed = process.env.CANARY_SEED === undefined ? {} : { seed: Number(process.env.CANARY_SEED) };

let simulator: Simulator;
let set: Setting;
let watch: Watch;
/** Turns of the event loop to stand still at each pause point to come. */
let pauses: number[] = [];
beforeAll(async () => {
  simulator = await openSimulator();
  set = await setStage({
    recorder: simulator,
    egress: {
      async pause() {
        for (let left = pauses.shift() ?? 0; left > 0; left--) await new Promise((done) => setImmediate(done));
      },
    },
  });
  for (const limit of Object.values(set.door.hub.deps.limits)) limit.points = 1_000_000;
  watch = watchFence(set);
  await set.door.store.write((tx) => {
    tx.exec('create temp table renewed (id text)');
    tx.exec(`create temp trigger lease_renewed after update of until_ms on main.lease begin
             insert into renewed values (new.disclosure_id); end`);
  });
});
afterAll(async () => {
  await set.door.close();
  await simulator.close();
});

const who = fc.constantFrom(0, 0, 0, 1);
const purpose = fc.constantFrom(crm, crm, care);
const wait = fc.boolean();
/** Mostly a yes to all, or to the field without which nothing is sent: what is refused is not sent, and proves less. */
const yesTo = (fields: readonly Field[]) =>
  fc.oneof(fc.constant([...fields]), fc.constant(fields.slice(-2)), fc.subarray([...fields])) as fc.Arbitrary<Field[]>;
const answer = purpose.chain((p) =>
  fc.record({ do: fc.constant('answer' as const), who, wait, purpose: fc.constant(p), yes: yesTo(declared[p]) }),
);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), who, wait, purpose }) },
  { weight: 3, arbitrary: answer },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('opt-out' as const), who, wait }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('signal' as const, 'message' as const), who, wait }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('turns' as const), wait: fc.constant(true), turns: fc.nat(30) }),
  },
);
const fault = fc.constantFrom<Fault>(
  ...(['none', 'none', 'none', 'none', 'slow', '500', '429', 'hang'] as const),
  ...(['stop reading', 'close mid-body', 'cut answer', 'reset'] as const),
);
const plan = fc.record({
  before: fc.array(fc.option(yesTo(declared[crm]), { nil: undefined, freq: 5 }), { minLength: 2, maxLength: 2 }),
  words: fc.boolean(),
  faults: fc.array(fault, { maxLength: 6 }),
  pauses: fc.array(fc.nat(12), { maxLength: 12 }),
  acts: fc.array(act, { minLength: 2, maxLength: 9 }),
});

/*
 * The equation, in every run: calls that arrived = disclosure rows + renewals - leases that ended without a write. Each
 * row and each renewal is one lease, committed before; a lease is used up by one write (GATE.md e.2.5). And per person
 * and field: how often it arrived = how many rows name it whose outcome says that bytes left (sent, unknown).
 */
test(
  `GATE-49 GATE-l I1 I2 I4 canaries: what arrives on raw sockets is what the ledger names, in ${runs} runs of the whole hub`,
  async () => {
    const everybody: Player[] = [];
    const search = () =>
      fc.assert(
        fc.asyncProperty(plan, async (p) => {
          const players = await Promise.all([1, 2].map((n) => openPlayer(set, everybody.length + n)));
          everybody.push(...players);
          const before = p.before.flatMap((yes, i): Act[] =>
            yes ? [{ do: 'answer', who: i, purpose: crm, yes: [...yes], wait: true }] : [],
          );
          if (p.words) before.push({ do: 'answer', who: 0, purpose: care, yes: ['transcript'], wait: true });
          pauses = [];
          await play(set, simulator, watch, players, before);
          pauses = [...p.pauses];
          simulator.faults.push(...p.faults);
          await play(set, simulator, watch, players, p.acts);
          const faults = judgeArrivals(set, simulator, watch, players);
          if (faults.length > 0) throw new Error(faults.join('\n  '));
        }),
        { numRuns: runs, ...seed },
      );
    const ends = () =>
      set.door.store.read
        .hot('select distinct state from outcome')
        .all()
        .map((row) => row.state);
    const wanted = ['aborted', 'sent', 'unknown'];
    // Chance leaves one of the three out of a whole search now and then: then it goes on, with other draws.
    do await search();
    while (!wanted.every((state) => ends().includes(state)) && everybody.length < 8 * runs);
    // Nothing came late either, about anybody of any run.
    expect(judgeArrivals(set, simulator, watch, everybody)).toEqual([]);
    // A search in which nothing is sent, cut short or stopped would prove nothing.
    expect(ends()).toEqual(expect.arrayContaining(wanted));
    expect(simulator.calls).toBeGreaterThan(runs / 2);
    expect(count(set.door, 'decision', "effect = 'deny'")).toBeGreaterThan(runs / 10);
    // GATE-49: not a marker of anybody in the log, the ledger, or what an auditor reads.
    const kept = ['ledger_leaf', 'audit', 'decision', 'disclosure', 'outcome', 'share', 'entry'].map((table) =>
      JSON.stringify(set.door.store.read.hot(`select * from ${table}`).all()),
    );
    expect([set.door.logged(), ...kept].join()).not.toMatch(/canary|Markedfamily|99 88/i);
  },
  Math.max(120_000, runs * 1_000),
);

import { describe, expect, it } from 'vitest';
import { type ConsentState, type RuleId, reasons } from '#contract/consent.ts';
import { Problem } from '#contract/problem.ts';
import type { Field } from '#contract/visitor.ts';
import { decide, decideBy, decideShare, type Snapshot, strictSettings } from '../../../server/gate/decide.ts';
import { rules } from '../../../server/gate/rules.ts';
import { base, looseSettings } from './base.ts';
import { examples, type NamedExample } from './examples.ts';

const states: ConsentState[] = ['none', 'requested', 'granted', 'refused', 'withdrawn', 'revoked', 'expired'];
const enabled = { ...strictSettings, optOutDefaultEnabled: true };

// The table of GATE.md d, row by row; columns are `states`.
const table: { name: string; over: Partial<Snapshot>[]; row: string }[] = [
  {
    name: 'opt_in or unknown, no signal',
    over: [{ regime: 'opt_in' }, { regime: 'unknown' }],
    row: 'D20 D19 D18 D08 D09 D10 D14',
  },
  {
    name: 'opt_in or unknown, signal',
    over: [
      { regime: 'opt_in', signal: true },
      { regime: 'unknown', signal: true },
    ],
    row: 'D17 D17 D17 D08 D09 D10 D14',
  },
  { name: 'opt_out, no signal', over: [{ regime: 'opt_out' }], row: 'D23 D19 D18 D08 D09 D10 D14' },
  {
    name: 'opt_out, default enabled, no signal',
    over: [{ regime: 'opt_out', settings: enabled }],
    row: 'D24 D19 D18 D08 D09 D10 D14',
  },
  {
    name: 'opt_out, either, signal',
    over: [
      { regime: 'opt_out', signal: true },
      { regime: 'opt_out', signal: true, settings: enabled },
    ],
    row: 'D17 D17 D17 D08 D09 D10 D14',
  },
];
const allowing: RuleId[] = ['D05', 'D13', 'D18', 'D24'];

function tableHolds(decideWith: (s: Snapshot) => { id: RuleId; effect: string }): boolean {
  return table.every(({ over, row }) =>
    over.every((o) =>
      states.every((state, i) => {
        const { id, effect } = decideWith({ ...base, ...o, state });
        return id === row.split(' ')[i] && (effect === 'allow') === allowing.includes(id);
      }),
    ),
  );
}
const exampleHolds = ({ snapshot, id }: NamedExample, list = rules): boolean => decideBy(list, snapshot).id === id;

describe('decide, GATE.md d', () => {
  for (const { name, over, row } of table)
    it(`R16 base case: ${name}`, () => {
      for (const o of over) expect(states.map((state) => decide({ ...base, ...o, state }).id).join(' ')).toBe(row);
    });

  it('GATE-15 * a grant later than the signal and for this integration alone allows', () => {
    for (const regime of ['opt_in', 'unknown', 'opt_out'] as const) {
      const s: Snapshot = { ...base, regime, state: 'granted', signal: true, grantAfterSignalSpecific: true };
      expect(decide(s)).toEqual({ effect: 'allow', id: 'D18', reason: 'consent_granted' });
      expect(decide({ ...s, state: 'withdrawn' }).id).toBe('D09');
    }
  });

  for (const example of examples)
    it(`${example.id} ${example.name}`, () => {
      const decision = decide(example.snapshot);
      expect(decision.id).toBe(example.id);
      expect(decision.effect).toBe(allowing.includes(example.id) ? 'allow' : 'deny');
      expect(decision.reason).toBe(reasons[example.id]);
    });

  it('GATE-27 unknown equals opt_in for every named example', () => {
    for (const { snapshot } of examples.filter((e) => e.snapshot.regime !== 'opt_out'))
      expect(decide({ ...snapshot, regime: 'unknown' })).toEqual(decide({ ...snapshot, regime: 'opt_in' }));
  });

  it('has the 24 rules of the contract in their order', () => {
    expect(rules.map((r) => r.id)).toEqual(Object.keys(reasons));
  });

  // Mutation: the table and the named examples are the net; a rule nothing misses would be a rule nobody needs.
  for (const { id } of rules)
    it(`${id} is missed when it is taken away`, () => {
      const without = rules.filter((r) => r.id !== id);
      const holds = () => tableHolds((s) => decideBy(without, s)) && examples.every((e) => exampleHolds(e, without));
      expect(tableHolds(decide) && examples.every((e) => exampleHolds(e))).toBe(true);
      // D24 is the last: without it some input has no rule at all, and the gate throws.
      if (id === 'D24') expect(holds).toThrow(Problem);
      else expect(holds()).toBe(false);
    });

  it('R16 gives no answer for a value it does not know', () => {
    const open: Snapshot = { ...base, regime: 'opt_out', settings: looseSettings };
    expect(decide(open).effect).toBe('allow');
    for (const key of Object.keys(open)) {
      for (const value of [undefined, null, 'something', 1, {}])
        expect(() => decide({ ...open, [key]: value } as Snapshot), `${key} = ${value}`).toThrow(Problem);
    }
    for (const key of Object.keys(looseSettings)) {
      const settings = { ...looseSettings, [key]: undefined } as unknown as Snapshot['settings'];
      expect(() => decide({ ...open, settings }), key).toThrow(Problem);
    }
  });
});

describe('decideShare, GATE.md d', () => {
  const granted: Snapshot = { ...base, state: 'granted' };
  const share = (...fields: [Field, boolean, Partial<Snapshot>][]) =>
    decideShare(fields.map(([field, need, over]) => ({ field, need, snapshot: { ...granted, ...over } })));

  it('GATE-2 lets the granted field leave and denies the other with its own rule', () => {
    expect(share(['email', true, {}], ['phone', false, { scopeOk: false }])).toEqual({
      effect: 'allow',
      allowedFields: ['email'],
      rules: { email: 'D18' },
      denied: { phone: 'D16' },
    });
  });

  it('GATE-3 denies the whole share when a needed field is denied; the others carry its rule', () => {
    expect(
      share(['email', false, {}], ['phone', true, { scopeOk: false }], ['name', false, { state: 'refused' }]),
    ).toEqual({ effect: 'deny', allowedFields: [], rules: {}, denied: { email: 'D16', phone: 'D16', name: 'D16' } });
  });

  it('R17 denies a share without an allowed field, and an empty one', () => {
    expect(share(['phone', false, { scopeOk: false }])).toMatchObject({ effect: 'deny', denied: { phone: 'D16' } });
    expect(share()).toEqual({ effect: 'deny', allowedFields: [], rules: {}, denied: {} });
  });

  it('R13 refuses a field nobody declared and a field named twice', () => {
    expect(() => share(['shoe_size' as Field, false, {}])).toThrow(Problem);
    expect(() => share(['email', false, {}], ['email', false, { scopeOk: false }])).toThrow(Problem);
  });

  it('is frozen, so that no later stage can widen it', () => {
    const decision = share(['email', true, {}]);
    expect([decision, decision.allowedFields, decision.rules, decision.denied].every(Object.isFrozen)).toBe(true);
  });
});

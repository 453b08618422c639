import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Field, fieldNames } from '#contract/visitor.ts';
import { type Context, freezeContext, projectionOf } from '../../../server/gate/context.ts';
import { decideShare, type Snapshot } from '../../../server/gate/decide.ts';
import { isProjection, project } from '../../../server/gate/project.ts';
import { base, manifest } from './base.ts';

const granted: Snapshot = { ...base, state: 'granted' };
const decisionFor = (yes: readonly Field[]) =>
  decideShare(
    fieldNames.map((field) => ({ field, need: false, snapshot: { ...granted, scopeOk: yes.includes(field) } })),
  );

describe('project, GATE.md e.1.1', () => {
  it('R13 holds the allowed fields that have a value and nothing else, whatever it is given', () => {
    const anyValues = fc.record(Object.fromEntries(fieldNames.map((f) => [f, fc.string()])), { requiredKeys: [] });
    fc.assert(
      fc.property(
        anyValues,
        fc.dictionary(fc.string(), fc.string()),
        fc.subarray([...fieldNames]),
        (values, more, yes) => {
          const given = { ...more, ...values } as Partial<Record<Field, string>>;
          const made = project(given, decisionFor(yes));
          const expected = yes.filter((f) => (Object.hasOwn(given, f) ? given[f] : '') !== '');
          expect(Object.keys(made).sort()).toEqual([...expected].sort());
          for (const f of expected) expect(made[f]).toBe(given[f]);
        },
      ),
    );
  });

  it('R13 a denied field is absent, not blank; so is one without a value', () => {
    const made = project({ email: 'ada@example.com', phone: '+4512345678' }, decisionFor(['email', 'name']));
    expect(made).toEqual({ email: 'ada@example.com' });
    expect('phone' in made || 'name' in made).toBe(false);
  });

  it('takes no value from a prototype', () => {
    const values = Object.create({ email: 'ada@example.com' });
    expect(Object.keys(project(values, decisionFor(['email'])))).toEqual([]);
  });

  it('gives nothing for a denied share, even one with a forged list', () => {
    const forged = { ...decisionFor([]), allowedFields: ['email'] as const };
    expect(Object.keys(project({ email: 'ada@example.com' }, forged))).toEqual([]);
  });

  it('is a fresh frozen plain object that only project can make', () => {
    const values = { email: 'ada@example.com' };
    const made = project(values, decisionFor(['email']));
    values.email = 'eve@example.com';
    expect(made.email).toBe('ada@example.com');
    expect(Object.isFrozen(made)).toBe(true);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(isProjection(made)).toBe(true);
    for (const other of [
      { ...made },
      Object.freeze({ ...made }),
      structuredClone(made),
      Object.create(made),
      null,
      'x',
    ])
      expect(isProjection(other)).toBe(false);
  });
});

describe('freezeContext', () => {
  const context: Context = {
    brandId: 'harbor',
    subjectId: 's-1',
    integrationId: 'int-crm',
    provider: 'crm',
    manifest,
    purpose: 'CustomerRelationshipManagement',
    fields: [
      { field: 'email', need: true, value: 'ada@example.com', source: 'visitor', snapshot: { ...granted } },
      { field: 'phone', need: false, snapshot: { ...granted, scopeOk: false } },
    ],
  };

  it('freezes every level, so that no later stage can widen it', () => {
    const frozen = freezeContext(context);
    expect(
      [frozen, frozen.fields, ...frozen.fields, ...frozen.fields.map((f) => f.snapshot)].every(Object.isFrozen),
    ).toBe(true);
  });

  it('leads to the projection of its decision', () => {
    const made = projectionOf({ context, decision: decideShare(context.fields) });
    expect(made).toEqual({ email: 'ada@example.com' });
    expect(isProjection(made)).toBe(true);
  });
});

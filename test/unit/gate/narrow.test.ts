import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeclaredField, fieldKey, type Manifest } from '#contract/connection.ts';
import { type Purpose, purposes } from '#contract/consent.ts';
import { fieldNames, visitorFields } from '#contract/visitor.ts';
import { manifestHash, termsOfField } from '../../../server/gate/manifest.ts';
import { differences, keptOf, narrowedOf } from '../../../server/gate/narrow.ts';
import { manifest as base } from './base.ts';

const field = fc.record({
  name: fc.constantFrom(...fieldNames),
  purpose: fc.constantFrom<Purpose>(...purposes.slice(0, 3)),
  need: fc.boolean(),
  because: fc.constantFrom('to find you', 'to call you back'),
});
const declared = fc.uniqueArray(field, { selector: (f) => `${f.purpose}.${f.name}`, maxLength: 6 }).map((all) =>
  all.map((f): DeclaredField => {
    const { class: fieldClass, freeText } = visitorFields[f.name];
    return { ...f, class: fieldClass, freeText, special: false };
  }),
);
const some = (...words: string[]) => fc.subarray(words);
const capability = fc.constantFrom('api', 'manual', 'none') as fc.Arbitrary<'api'>;
const manifest: fc.Arbitrary<Manifest> = fc
  .record({
    fields: declared,
    hosts: some('a.example', 'b.example'),
    calls: some('GET /a', 'POST /b'),
    countries: some('DK', 'US'),
    retention: fc.constantFrom('a year', 'two years'),
    basis: fc.constantFrom('consent', 'contract') as fc.Arbitrary<'consent'>,
    erase: capability,
    ai: fc.boolean(),
  })
  .map(({ erase, countries, ai, ...rest }) => ({
    ...base,
    ...rest,
    recipient: { ...base.recipient, countries },
    capabilities: { ...base.capabilities, erase },
    ...(ai ? { ai: true as const } : {}),
  }));
const keys = (m: Manifest) => m.fields.map(fieldKey);

describe('R86 R13 narrowing', () => {
  it('R86 keeps what was approved and is still declared, to the byte, and adds nothing, whatever the versions are', () =>
    fc.assert(
      fc.property(manifest, manifest, (approved, installed) => {
        const kept = keptOf(approved, installed);
        expect(new Set(keys(kept))).toEqual(new Set(keys(approved).filter((k) => keys(installed).includes(k))));
        for (const list of ['hosts', 'calls', 'receives'] as const)
          for (const word of kept[list])
            expect(approved[list].includes(word) && installed[list].includes(word)).toBe(true);
        for (const f of kept.fields) expect(termsOfField(kept, f, 'b')).toBe(termsOfField(approved, f, 'b'));
        if (installed.basis === 'consent') expect(kept.basis).toBe('consent');
        expect(manifestHash(keptOf(kept, installed))).toBe(manifestHash(kept));
        // Once it is gone it is gone: a version that declares it again asks again.
        expect(keys(keptOf(kept, approved))).toEqual(keys(kept));
      }),
    ));

  it('R13 k.2 publishes no field that is off, and no share that lacks what the installed add-on needs', () =>
    fc.assert(
      fc.property(manifest, manifest, fc.func(fc.boolean()), (approved, installed, isOff) => {
        const kept = keptOf(approved, installed);
        const off = keys(kept).filter((k) => isOff(k));
        const out = narrowedOf(kept, off, installed);
        for (const f of out.fields) expect(kept.fields).toContainEqual(f);
        expect(keys(out).some((k) => off.includes(k))).toBe(false);
        for (const { purpose } of out.fields)
          for (const n of installed.fields.filter((f) => f.need && f.purpose === purpose))
            expect(out.fields).toContainEqual(expect.objectContaining({ name: n.name, purpose, need: true }));
      }),
    ));

  it('R86 names a difference where there is one, and none where there is none', () =>
    fc.assert(
      fc.property(manifest, manifest, (from, to) => {
        expect(differences(from, from)).toEqual([]);
        const sorted = (m: Manifest) => ({
          ...m,
          fields: [...m.fields].sort((a, b) => (fieldKey(a) < fieldKey(b) ? -1 : 1)),
        });
        const same = manifestHash(sorted(from)) === manifestHash(sorted(to));
        expect(differences(from, to).length === 0).toBe(same);
        expect(differences(to, from)).toHaveLength(differences(from, to).length);
      }),
    ));
});

import { beforeAll, describe, expect, it } from 'vitest';
import { type BrandSettings, decide, type Snapshot } from '../../../server/gate/decide.ts';
import { axis, decideAll, gates, inputAt, total } from './space.ts';

// GATE.md d, "Properties, checked over the whole input space": no sampling but for D01 to D04, which look at one input.
const allows = (rule: number): boolean => rule === 5 || rule === 13 || rule === 18 || rule === 24;
type Key = Parameters<typeof axis>[0];

let rule: Uint8Array;
/** Indexes of the inputs that are allowed: a few in a hundred, so that each property walks these only. */
let allowed: Uint32Array;

beforeAll(() => {
  rule = decideAll();
  let count = 0;
  for (let i = 0; i < total; i++) if (allows(rule[i] as number)) count++;
  allowed = new Uint32Array(count);
  for (let i = 0, next = 0; i < total; i++) if (allows(rule[i] as number)) allowed[next++] = i;
}, 120_000);

/** First input that has `less` and is allowed where the same input with `more` is denied. */
function widened(key: Key, less: unknown, more: unknown): Snapshot | undefined {
  const { stride, values } = axis(key);
  const [from, to] = [values.indexOf(less), values.indexOf(more)];
  if (from < 0 || to < 0) throw new Error(`${key} has no such value`);
  for (const i of allowed) {
    const has = Math.floor(i / stride) % values.length === from;
    if (has && !allows(rule[i + (to - from) * stride] as number)) return inputAt(i);
  }
  return undefined;
}

/** The value of one key in the input at an index. */
function at(i: number, key: Key): unknown {
  const { stride, values } = axis(key);
  return values[Math.floor(i / stride) % values.length];
}

const strict: (keyof BrandSettings)[] = [
  'signalStopsAllConsentSharing',
  'askedMeansWait',
  'optOutDefaultEnabled',
  'refusalStopsProcessors',
];
const negative = ['refused', 'withdrawn', 'revoked', 'expired'] as const;
const open = ['none', 'requested', 'granted'] as const;

// Less consent on the left, its opposite on the right.
const monotone: [Key, unknown, unknown][] = [
  ['restricted', true, false],
  ['objected', true, false],
  ['special', true, false],
  ['sale', true, false],
  ['explicit', false, true],
  ['versionOk', false, true],
  ['scopeOk', false, true],
  ['signal', true, false],
  ['grantAfterSignalSpecific', false, true],
  ['noticeServed', false, true],
  ['legalCitation', false, true],
  ['role', 'third_party', 'processor'],
  ['regime', 'opt_in', 'opt_out'],
  ['regime', 'unknown', 'opt_out'],
  ['age', 'below_consent_age', 'teen'],
  ['age', 'teen', 'adult'],
  ['by', 'agent_attested', 'authorised_agent'],
  ['by', 'authorised_agent', 'self'],
  ['by', 'self', 'guardian'],
  ...negative.flatMap((n) => open.map((o): [Key, unknown, unknown] => ['state', n, o])),
  // A question without an answer is less than no question at all.
  ['state', 'requested', 'none'],
];

describe(`decide over all ${total.toLocaleString('en')} inputs, GATE.md d`, () => {
  it('is total: a rule answers every input', () => {
    expect(rule.length).toBe(total);
    expect(rule.includes(0)).toBe(false);
  });

  it('reaches each rule from D05 to D24, and no other', () => {
    const counts = new Uint32Array(100);
    for (let i = 0; i < total; i++) counts[rule[i] as number] = (counts[rule[i] as number] as number) + 1;
    const reached = [...counts.keys()].filter((id) => counts[id]);
    expect(reached).toEqual(Array.from({ length: 20 }, (_, i) => i + 5));
  });

  for (const [key, less, more] of monotone)
    it(`I8 ${key}: ${less} never allows where ${more} denies`, () => {
      expect(widened(key, less, more)).toBeUndefined();
    });

  for (const key of strict)
    it(`I8 ${key}: the strict value never allows where the loosened one denies`, () => {
      const [less, more] = axis(key).values;
      expect(widened(key, less, more)).toBeUndefined();
    });

  it('GATE-27 unknown equals opt_in, rule by rule', () => {
    const { stride, values } = axis('regime');
    const step = (values.indexOf('unknown') - values.indexOf('opt_in')) * stride;
    const first = values.indexOf('opt_in') * stride;
    let differs = 0;
    for (let start = first; start < total; start += stride * values.length)
      for (let i = start; i < start + stride; i++) if (rule[i] !== rule[i + step]) differs++;
    expect(differs).toBe(0);
  });

  it('R20 under strict settings a negative answer wins over all but D05', () => {
    const no = ['refused', 'withdrawn', 'revoked'];
    let [passed, strictYes] = [0, 0];
    for (const i of allowed) {
      if (i % 16 !== 0 || rule[i] === 5) continue;
      strictYes++;
      if (no.includes(at(i, 'state') as string)) passed++;
    }
    expect(strictYes).toBeGreaterThan(0);
    expect(passed).toBe(0);
  });

  it('R16 opt_in or unknown, consent basis, allow: the field was granted, covered and current', () => {
    let [seen, wrong] = [0, 0];
    for (const i of allowed) {
      if (at(i, 'basis') !== 'consent' || at(i, 'regime') === 'opt_out') continue;
      seen++;
      if (at(i, 'state') !== 'granted' || at(i, 'scopeOk') !== true || at(i, 'versionOk') !== true) wrong++;
    }
    expect(wrong).toBe(0);
    expect(seen).toBeGreaterThan(0);
  });

  it('D01 to D04 each deny alone, in their order, whatever else holds', () => {
    const stops: [string, Partial<Snapshot>][] = [
      ['D01', { connection: 'revoked' }],
      ['D02', { erased: true }],
      ['D03', { purposeDeclared: false }],
      ['D04', { recipientDocumented: false }],
    ];
    expect(Object.keys(gates)).toEqual(stops.flatMap(([, over]) => Object.keys(over)));
    for (let mask = 1; mask < 16; mask++) {
      const chosen = stops.filter((_, bit) => mask & (1 << bit));
      const over = Object.assign({}, ...chosen.map(([, o]) => o));
      // A prime step, so that every value of every other input comes by.
      for (let i = 0; i < total; i += 9973) {
        const { effect, id } = decide({ ...inputAt(i), ...over });
        if (effect !== 'deny' || id !== chosen[0]?.[0]) expect({ ...inputAt(i), ...over }).toBe(chosen[0]?.[0]);
      }
    }
  });
});

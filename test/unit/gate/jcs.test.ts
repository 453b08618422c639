import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#contract/problem.ts';
import { jcsHash } from '../../../server/gate/digest.ts';
import { fromBase64, fromBase64Url, fromDecimal } from '../../../server/gate/encoding.ts';
import { jcs } from '../../../server/gate/jcs.ts';

const json = fc.jsonValue({ stringUnit: 'binary' });

describe('jcs, RFC 8785', () => {
  it('writes the example of RFC 8785 section 3.2.4', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(jcs(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 code units (RFC 8785 section 3.2.3)', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
    expect([...jcs(value).matchAll(/:(\d)/g)].map((m) => m[1]).join('')).toBe('2467153');
  });

  it('is read back as the same value, and is the same text for the same value in any order of keys', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([k, v]) => [k, shuffled(v)]),
      );
    };
    fc.assert(
      fc.property(json, (value) => {
        const text = jcs(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(jcs(shuffled(value))).toBe(text);
        expect(jcs(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('refuses what JSON cannot hold', () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const bad = [
      undefined,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1n,
      Symbol('x'),
      () => 1,
      '\ud800',
      { '\udc00': 1 },
      { a: undefined },
      [undefined],
      new Array(2),
      new Date(0),
      new Map(),
      Buffer.from('x'),
    ];
    for (const value of bad) expect(() => jcs(value)).toThrow(Problem);
    expect(() => jcs(cyclic)).toThrow(RangeError);
  });

  it('names a value by base64url of SHA-256', () => {
    expect(jcsHash({ b: 1, a: 2 })).toBe(jcsHash({ a: 2, b: 1 }));
    expect(jcsHash({})).toBe('RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o');
  });
});

describe('strict decoding, GATE.md f', () => {
  it('takes only the one text that encoding gives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        expect(buffer.equals(fromBase64(buffer.toString('base64')))).toBe(true);
        expect(buffer.equals(fromBase64Url(buffer.toString('base64url')))).toBe(true);
      }),
    );
    // 'AA==' and 'AB==' are the same byte to Node's decoder.
    for (const text of ['AB==', 'AA', 'AA==\n', ' AA==', 'A===', 'A-==', '='])
      expect(() => fromBase64(text)).toThrow(Problem);
    for (const text of ['AB', 'AA==', 'AA ', 'A+', 'A']) expect(() => fromBase64Url(text)).toThrow(Problem);
  });

  it('takes decimals without sign, leading zero or exponent', () => {
    expect([fromDecimal('0'), fromDecimal('9007199254740991')]).toEqual([0, Number.MAX_SAFE_INTEGER]);
    for (const text of ['', '00', '01', '-1', '+1', '1e3', '1.0', ' 1', '1\n', '9007199254740992', '١'])
      expect(() => fromDecimal(text)).toThrow(Problem);
  });
});

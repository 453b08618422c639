import { type BrandSettings, decide, type Snapshot, strictSettings } from '../../../server/gate/decide.ts';
import { domain } from '../../../server/gate/snapshot.ts';
import { base, looseSettings } from './base.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Digit = Exclude<keyof Snapshot, 'settings' | 'connection' | 'erased' | 'purposeDeclared' | 'recipientDocumented'>;

const { connection, erased, purposeDeclared, recipientDocumented, ...rest } = domain;
/** The four inputs that deny alone (D01 to D04), held out of the walk. */
export const gates = { connection, erased, purposeDeclared, recipientDocumented };

const digits = Object.keys(rest) as Digit[];
const settingKeys: readonly string[] = Object.keys(strictSettings);
/** The 16 settings a brand can have: bit k of the index is set where setting k is loosened. */
const settingsByIndex: readonly BrandSettings[] = Array.from({ length: 16 }, (_, index) => {
  const pairs = (settingKeys as (keyof BrandSettings)[]).map((key, bit) => [
    key,
    index & (1 << bit) ? looseSettings[key] : strictSettings[key],
  ]);
  return Object.freeze(Object.fromEntries(pairs));
});

// Mixed radix: the settings are the lowest 16, the last key of the domain changes next.
const sizes = digits.map((key) => rest[key].length);
const strides = sizes.map((_, d) => sizes.slice(d + 1).reduce((a, b) => a * b, 16));
/** How many inputs are left when D01 to D04 do not stop them. */
export const total = sizes.reduce((a, b) => a * b, 16);

/** Position of one input: where its values step, and how far apart they are. */
export function axis(key: Digit | keyof BrandSettings): { stride: number; values: readonly unknown[] } {
  const bit = settingKeys.indexOf(key);
  if (bit >= 0) {
    const name = key as keyof BrandSettings;
    return { stride: 1 << bit, values: [strictSettings[name], looseSettings[name]] };
  }
  const d = digits.indexOf(key as Digit);
  return { stride: strides[d] as number, values: rest[key as Digit] };
}

/** The input at one index, for a message people can read. */
export function inputAt(index: number): Snapshot {
  const pairs = digits.map((key, d) => [
    key,
    rest[key][Math.floor(index / (strides[d] as number)) % (sizes[d] as number)],
  ]);
  return { ...base, ...Object.fromEntries(pairs), settings: settingsByIndex[index % 16] };
}

/** decide() for every index: the rule's number. Throws where decide throws, so a filled array shows it is total. */
export function decideAll(): Uint8Array {
  const found = new Uint8Array(total);
  const s: Writable<Snapshot> = { ...inputAt(0) };
  const at = sizes.map(() => 0);
  for (let index = 0; index < total; index += 16) {
    for (let k = 0; k < 16; k++) {
      s.settings = settingsByIndex[k] as BrandSettings;
      const { id } = decide(s);
      found[index + k] = (id.charCodeAt(1) - 48) * 10 + id.charCodeAt(2) - 48;
    }
    // Odometer: most steps change one key only.
    for (let d = sizes.length - 1; d >= 0; d--) {
      const next = ((at[d] as number) + 1) % (sizes[d] as number);
      at[d] = next;
      Object.assign(s, { [digits[d] as Digit]: rest[digits[d] as Digit][next] });
      if (next !== 0) break;
    }
  }
  return found;
}

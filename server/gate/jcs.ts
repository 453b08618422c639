import { problem } from '#contract/problem.ts';

const refuse = (what: string): never => problem('bad-input', `${what} has no canonical JSON form`);

function text(value: string): string {
  // JSON.stringify would write a lone surrogate as an escape; RFC 8785 section 3.2.2.2 refuses it.
  return value.isWellFormed() ? JSON.stringify(value) : refuse('a lone surrogate');
}

function members(value: object): string {
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null) refuse('an object with a prototype of its own');
  const record = value as Record<string, unknown>;
  // sort() without arguments compares UTF-16 code units, the order of RFC 8785 section 3.2.3.
  let parts = '';
  for (const key of Object.keys(record).sort()) parts += `${parts === '' ? '' : ','}${text(key)}:${jcs(record[key])}`; // a loop: a claim hashes its inputs here
  return `{${parts}}`;
}

/**
 * The one JSON text of a value (RFC 8785). Raises `bad-input` for what JSON cannot hold: undefined, functions, bigint,
 * NaN, infinities, lone surrogates, holes, and objects that are not plain.
 */
export function jcs(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number')
    return Number.isFinite(value) ? JSON.stringify(value) : refuse('a number that is not finite');
  // Array.from turns holes into undefined, which is refused; map would skip them.
  if (Array.isArray(value)) return `[${Array.from(value, (item: unknown) => jcs(item)).join(',')}]`;
  return typeof value === 'object' ? members(value) : refuse(typeof value);
}

import type { Field } from '#contract/visitor.ts';

/** Where each value of a partner's requests may come from: a field of the visitor, or the adapter's own words. */
export type Carries = Record<string, Field | 'fixed'>;

function leaves(value: unknown, at = ''): [path: string, value: unknown][] {
  if (Array.isArray(value)) return value.flatMap((one) => leaves(one, `${at}[]`));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, one]) => leaves(one, at === '' ? key : `${at}.${key}`));
  return [[at, value]];
}

const words = (text: string) => text.split(/\s+/).filter((word) => word.length > 1);
const comes = (value: unknown, from: string) => words(String(value)).every((word) => from.includes(word));

/**
 * PARTNERS.md 4.10: unknown body properties pass every description, so the requests are held against the adapter's
 * `shares`. Gives one sentence for each value that leaves undeclared; `visitor` holds a value for every field there is.
 */
export function undeclared(
  requests: readonly { method: string; path: string; body?: string }[],
  given: { visitor: Record<Field, string>; declared: readonly Field[]; carries: Carries },
): string[] {
  const { visitor, declared, carries } = given;
  const fields = Object.entries(visitor) as [Field, string][];
  const found: string[] = [];
  const hidden = (where: string, value: unknown, allowed: readonly Field[]) => {
    // a word the declared fields have in common with another field gives nothing away
    const known = allowed.flatMap((field) => words(visitor[field]));
    for (const [field, held] of fields) {
      if (allowed.includes(field)) continue;
      const told = words(held).filter((word) => !known.includes(word));
      if (told.some((word) => String(value).includes(word)))
        found.push(`${where} holds "${field}", which is not declared for it.`);
    }
  };
  for (const { method, path, body } of requests) {
    hidden(`${method} address`, decodeURIComponent(path), []);
    for (const [at, value] of body === undefined ? [] : leaves(JSON.parse(body))) {
      const source = carries[at];
      if (source === undefined) found.push(`${at} is sent and not in the list of what this partner is sent.`);
      else if (source === 'fixed') hidden(at, value, []);
      else if (!declared.includes(source))
        found.push(`${at} carries "${source}", which is not declared for this purpose.`);
      else if (!comes(value, visitor[source])) found.push(`${at} should carry "${source}" and holds something else.`);
      else hidden(at, value, [source]);
    }
  }
  return found;
}

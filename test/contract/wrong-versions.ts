import type { WireRequest } from './prism.ts';

/** A request made wrong on purpose, and how. */
export interface WrongRequest {
  how: 'property dropped' | 'type changed' | 'credentials taken away';
  request: WireRequest;
}

type Path = (string | number)[];

function places(value: unknown, at: Path = []): Path[] {
  if (Array.isArray(value)) return [at, ...value.flatMap((one, i) => places(one, [...at, i]))];
  if (typeof value === 'object' && value !== null)
    return [at, ...Object.entries(value).flatMap(([key, one]) => places(one, [...at, key]))];
  return [at];
}

function change(
  body: unknown,
  at: Path,
  edit: (parent: Record<string | number, unknown>, key: string | number) => void,
) {
  const copy = structuredClone(body);
  let parent = copy as Record<string | number, unknown>;
  for (const key of at.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  const last = at.at(-1);
  if (last !== undefined) edit(parent, last);
  return copy;
}

/** Step 7 of PARTNERS.md 4: a right request with each property dropped, each type changed, and its credentials taken away. */
export function wrongVersions(request: WireRequest): WrongRequest[] {
  const wrong: WrongRequest[] = [];
  const { authorization, ...bare } = request.headers;
  if (authorization !== undefined)
    wrong.push({ how: 'credentials taken away', request: { ...request, headers: bare } });
  if (request.body === undefined) return wrong;
  if (request.headers['content-type']?.includes('urlencoded')) {
    for (const name of new URLSearchParams(request.body).keys()) {
      const without = new URLSearchParams(request.body);
      without.delete(name);
      wrong.push({ how: 'property dropped', request: { ...request, body: without.toString() } });
      // a form knows texts only: the nearest thing to a changed type is a value no list would hold
      const odd = new URLSearchParams(request.body);
      odd.set(name, '{"no":["such","value"]}');
      wrong.push({ how: 'type changed', request: { ...request, body: odd.toString() } });
    }
    return wrong;
  }
  const body: unknown = JSON.parse(request.body);
  for (const at of places(body)) {
    if (at.length === 0) continue;
    if (typeof at.at(-1) === 'string') {
      const dropped = change(body, at, (parent, key) => delete parent[key]);
      wrong.push({ how: 'property dropped', request: { ...request, body: JSON.stringify(dropped) } });
    }
    const changed = change(body, at, (parent, key) => {
      parent[key] = typeof parent[key] === 'object' ? 'text' : { no: ['such', 'value'] };
    });
    wrong.push({ how: 'type changed', request: { ...request, body: JSON.stringify(changed) } });
  }
  return wrong;
}

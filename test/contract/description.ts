import { Ajv, type ValidateFunction } from 'ajv';

type Json = { [key: string]: unknown };
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An OpenAPI document as plain data. */
export interface Description extends Json {
  paths: Record<string, Json>;
  components?: Json;
}

/** A repair of a vendor's description, with why it is needed; counted in the verification level (PARTNERS.md 1). */
export interface Correction {
  reason: string;
  apply(description: Description): void;
}

/** "POST /x" as method and path. */
export function operationOf(operation: string): { method: string; path: string } {
  const [method = '', path = ''] = operation.split(' ');
  return { method: method.toLowerCase(), path };
}

/** The value a local reference points to; a remote or dangling one is an Error, since Prism would hang on it. */
function resolve(description: unknown, ref: string): unknown {
  if (!ref.startsWith('#/')) throw new Error(`Remote reference: ${ref}`);
  let at: unknown = description;
  for (const raw of ref.slice(2).split('/')) {
    const key = decodeURIComponent(raw).replaceAll('~1', '/').replaceAll('~0', '~');
    at = isObject(at) || Array.isArray(at) ? (at as Json)[key] : undefined;
    if (at === undefined) throw new Error(`Dangling reference: ${ref}`);
  }
  return at;
}

function eachObject(value: unknown, visit: (object: Json) => void): void {
  if (Array.isArray(value)) for (const one of value) eachObject(one, visit);
  else if (isObject(value)) {
    visit(value);
    for (const one of Object.values(value)) eachObject(one, visit);
  }
}

/**
 * Step 2 of PARTNERS.md 4: only these operations and what they reach. Cutting a cut changes nothing. Throws on a missing
 * operation and on a remote or dangling reference.
 */
export function cut(description: Description, operations: readonly string[]): Description {
  const { openapi, swagger, info, servers, security } = description;
  const paths: Description['paths'] = {};
  for (const operation of operations) {
    const { method, path } = operationOf(operation);
    const item = description.paths[path];
    const found = item?.[method];
    if (!item || !isObject(found)) throw new Error(`The description has no ${operation}.`);
    const { tags: _, ...kept } = found;
    paths[path] = { ...(item.parameters ? { parameters: item.parameters } : {}), ...paths[path], [method]: kept };
  }
  const components: Record<string, Json> = {};
  const seen = new Set<string>();
  const reach = (from: unknown) =>
    eachObject(from, ({ $ref }) => {
      if (typeof $ref !== 'string' || seen.has($ref)) return;
      seen.add($ref);
      const target = resolve(description, $ref);
      const [, root, kind = '', name = ''] = $ref.split('/');
      if (root !== 'components') throw new Error(`Reference outside components: ${$ref}`);
      components[kind] = { ...components[kind], [name]: target };
      reach(target);
    });
  reach(paths);
  const schemes = description.components?.securitySchemes;
  if (isObject(schemes)) components.securitySchemes = schemes;
  const head = { openapi, swagger, info, servers, security };
  return structuredClone({
    ...Object.fromEntries(Object.entries(head).filter(([, v]) => v !== undefined)),
    paths,
    components,
  });
}

/** Step 3: what makes Prism stop checking or stop answering is taken out of a copy; the file on disk stays as it is. */
export function clean(description: Description): Description {
  const copy = structuredClone(description);
  eachObject(copy, (object) => {
    // AJV refuses such a schema, and Prism then checks nothing, silently
    if (typeof object.nullable === 'boolean' && object.type === undefined) delete object.nullable;
    // Prism would answer null
    if (object.example === null) delete object.example;
    if (isObject(object.content) && '*/*' in object.content) {
      const { '*/*': any, ...rest } = object.content;
      object.content = { 'application/json': any, ...rest };
    }
  });
  return copy;
}

/** Steps 2 to 4 in their order. */
export function prepare(raw: unknown, operations: readonly string[], corrections: readonly Correction[]): Description {
  if (!isObject(raw) || !isObject(raw.paths)) throw new Error('That is not an API description.');
  const description = clean(cut(raw as Description, operations));
  for (const { apply } of corrections) apply(description);
  return description;
}

const text = (pattern: RegExp) => (value: string) => pattern.test(value);
const formats = {
  int32: { type: 'number' as const, validate: (n: number) => Number.isInteger(n) && Math.abs(n) <= 2 ** 31 },
  int64: { type: 'number' as const, validate: Number.isInteger },
  'date-time': text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/),
  uuid: text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
};

const pointer = (...keys: string[]) =>
  keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

/** A description's schemas, compiled. */
export interface Schemas {
  /** Step 5, the gate: throws when a request schema does not compile, since then nothing would be checked. */
  gate(operations: readonly string[]): void;
  /** The schema of an answer of that status, or of the default answer; undefined when none is described. */
  answer(operation: string, status: number): ValidateFunction | undefined;
}

/** Compiles the schemas of a prepared description with AJV. */
export function schemasOf(description: Description): Schemas {
  const ajv = new Ajv({ strict: false, allErrors: true, formats });
  ajv.addSchema(description, 'description');
  const compile = (at: string) => ajv.compile({ $ref: `description#/${at}` });
  return {
    gate: (operations) => {
      for (const operation of operations) {
        const { method, path } = operationOf(operation);
        const body = (description.paths[path]?.[method] as Json | undefined)?.requestBody;
        const content = isObject(body) && isObject(body.content) ? body.content : {};
        for (const type of Object.keys(content))
          compile(pointer('paths', path, method, 'requestBody', 'content', type, 'schema'));
      }
    },
    answer: (operation, status) => {
      const { method, path } = operationOf(operation);
      const responses = (description.paths[path]?.[method] as Json | undefined)?.responses;
      if (!isObject(responses)) return undefined;
      const key = String(status) in responses ? String(status) : 'default';
      const written = responses[key];
      if (!isObject(written)) return undefined;
      const refers = typeof written.$ref === 'string';
      const response = refers ? resolve(description, String(written.$ref)) : written;
      const content = isObject(response) && isObject(response.content) ? response.content : {};
      if (!('application/json' in content)) return undefined;
      const at = refers ? String(written.$ref).slice(2) : pointer('paths', path, method, 'responses', key);
      return compile(`${at}/${pointer('content', 'application/json', 'schema')}`);
    },
  };
}

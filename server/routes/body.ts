import type { Context } from 'hono';
import type * as z from 'zod/mini';
import { problem } from '#contract/problem.ts';

/** Reads at most `limit` bytes of a body, chunked or not. Raises `too-large`. */
async function bytes(c: Context, limit: number): Promise<string> {
  if (Number(c.req.header('content-length') ?? 0) > limit) problem('too-large');
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of c.req.raw.body ?? []) {
    size += part.byteLength;
    if (size > limit) problem('too-large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

const typeOf = (c: Context) => (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();

/** A JSON body by its schema: strict type, 64 kB, no unknown key (HO3, HO6). Raises `wrong-type`, `bad-json`, `bad-input`. */
export async function readJson<S extends z.ZodMiniType>(c: Context, schema: S): Promise<z.infer<S>> {
  if (typeOf(c) !== 'application/json') problem('wrong-type');
  const text = await bytes(c, 64 * 1024);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    problem('bad-json');
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  // The place of the mistake and its kind; never the value itself, which may be a person's.
  const [issue] = read.error.issues;
  return problem('bad-input', `${issue?.path.join('.') || 'the object'}: ${issue?.code ?? 'invalid'}`);
}

/** The fields of a form, each once, as text; 16 kB unless told. Raises `wrong-type`, `bad-input`. */
export async function readForm(c: Context, limit = 16 * 1024): Promise<Record<string, string>> {
  if (typeOf(c) !== 'application/x-www-form-urlencoded') problem('wrong-type', 'Send the form of the page.');
  const params = new URLSearchParams(await bytes(c, limit));
  const out: Record<string, string> = {};
  for (const [name, value] of params) {
    if (Object.hasOwn(out, name)) problem('bad-input', `${name} was sent twice`);
    out[name] = value;
  }
  return out;
}

import type { Context } from 'hono';
import type * as z from 'zod/mini';
import { problem } from '#contract/problem.ts';

/** Reads at most `limit` bytes of a body, chunked or not. Raises `too-large`, with `words` where given. */
export async function readBytes(c: Context, limit: number, words?: string): Promise<Buffer> {
  if (Number(c.req.header('content-length') ?? 0) > limit) problem('too-large', words);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of c.req.raw.body ?? []) {
    size += part.byteLength;
    if (size > limit) problem('too-large', words);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The media type of a body, without parameters. */
export const typeOf = (c: Context) => (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();

/** A JSON body by its schema: strict type, 64 kB, no unknown key (HO3, HO6). Raises `wrong-type`, `bad-json`, `bad-input`. */
export async function readJson<S extends z.ZodMiniType>(c: Context, schema: S): Promise<z.infer<S>> {
  if (typeOf(c) !== 'application/json') problem('wrong-type');
  const text = (await readBytes(c, 64 * 1024)).toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    problem('bad-json');
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  return problem('bad-input', placeOf(read.error));
}

/** The query of a GET by its schema: no unknown name (HO6). Raises `bad-input`. */
export function readQuery<S extends z.ZodMiniType>(c: Context, schema: S): z.infer<S> {
  const read = schema.safeParse(c.req.query());
  if (read.success) return read.data;
  return problem('bad-input', placeOf(read.error));
}

/** The place of the mistake and its kind; never the value itself, which may be a person's. */
export function placeOf({ issues: [issue] }: z.core.$ZodError): string {
  return `${issue?.path.join('.') || 'the object'}: ${issue?.code ?? 'invalid'}`;
}

/** A form by its schema: strict, no unknown name. Raises what `readForm` raises, and `bad-input`. */
export async function formOf<S extends z.ZodMiniType>(c: Context, schema: S): Promise<z.infer<S>> {
  const read = schema.safeParse(await readForm(c));
  if (read.success) return read.data;
  return problem('bad-input', placeOf(read.error));
}

/** The fields of a form, each once, as text, by names of letters, digits, dot and hyphen; at most `limit` bytes. Raises `wrong-type`, `too-large`, `bad-input`. */
export async function readForm(c: Context, limit = 16 * 1024): Promise<Record<string, string>> {
  if (typeOf(c) !== 'application/x-www-form-urlencoded') problem('wrong-type', 'Send the form of the page.');
  const params = new URLSearchParams((await readBytes(c, limit)).toString());
  const out: Record<string, string> = {};
  for (const [name, value] of params) {
    // what a parser elsewhere might read as an object or a list is no field of any page (HO6)
    if (!/^[A-Za-z][\w.-]*$/.test(name)) problem('bad-input', 'There is no such field.');
    if (Object.hasOwn(out, name)) problem('bad-input', `${name} was sent twice`);
    out[name] = value;
  }
  return out;
}

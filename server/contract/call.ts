import * as z from 'zod/mini';
import { purposes } from './consent.ts';

/** Who may call: a visitor's token, an agent (extension bearer, or console cookie with `x-askfirst: 1`), or anyone. */
type Caller = 'anyone' | 'visitor' | 'agent';

interface Call<I extends z.ZodMiniType, O> {
  method: 'GET' | 'POST' | 'DELETE';
  /** Hono path; parameters are random ids. */
  path: `/api/${string}`;
  caller: Caller;
  /** Body of a POST, query of a GET; unknown keys are refused (SECURITY.md HO6). DELETE has none. */
  input: I;
  /** Type only: what a 2xx answer holds. */
  output?: O;
}
/** One call; its output is a type only, its input is checked. */
export const call =
  <O>() =>
  <const I extends z.ZodMiniType>(c: Call<I, O>): Call<I, O> =>
    c;

/** A body without anything in it. */
export const none = z.strictObject({});
/** An id of ours or of a client: 1 to 64 characters. */
export const id = z.string().check(z.minLength(1), z.maxLength(64));
/** What a person writes: 1 to 4,000 characters. */
export const text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000));
/** A few words in one line. */
export const word = z.string().check(z.trim(), z.minLength(1), z.maxLength(40), z.regex(/^\P{Cc}+$/u));
/** One line that may be left out, at most `max` characters. */
export const optionalLine = (max: number) => z.optional(z.string().check(z.trim(), z.maxLength(max)));
/** The language of the page a visitor reads (BCP 47); none leaves it to the browser's. */
export const lang = optionalLine(35);
/** A purpose of GATE.md a. */
export const purpose = z.enum(purposes);
/** 256 random bits, base64url, made by the visitor's own frame; the hub keeps the SHA-256. */
export const secret = z.string().check(z.regex(/^[\w-]{43}$/));
/** A line that both sides of a chat have, by its number. */
export const upTo = z.strictObject({ n: z.int().check(z.minimum(1)) });
/** The first line of an upload, as JSON; the bytes of the file follow it. No name travels in an address (HO7). */
export const fileHead = z.strictObject({ clientId: id, name: z.string().check(z.maxLength(1000)) });

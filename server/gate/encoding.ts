import { createHash } from 'node:crypto';
import { problem } from '#contract/problem.ts';

/** SHA-256 over the parts, joined without a separator: 32 bytes. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** base64url without padding (RFC 4648 section 5). */
export const toBase64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** base64 with padding (RFC 4648 section 4), as signed notes use it. */
export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

// Node's decoder skips what it does not know; encoding again is what makes one-bit changes of a last character fail.
function strict(text: string, encoding: 'base64' | 'base64url', what: string): Buffer {
  const bytes = Buffer.from(text, encoding);
  if (bytes.toString(encoding) !== text) problem('bad-input', `${what} is not strict ${encoding}`);
  return bytes;
}

/** Decodes base64url; raises `bad-input` unless encoding the bytes again gives the same text (GATE.md f). */
export const fromBase64Url = (text: string, what = 'a value'): Buffer => strict(text, 'base64url', what);

/** Decodes base64; raises `bad-input` unless encoding the bytes again gives the same text (GATE.md f). */
export const fromBase64 = (text: string, what = 'a value'): Buffer => strict(text, 'base64', what);

/** Reads a decimal without sign or leading zero, up to 2^53 - 1; raises `bad-input` for anything else (GATE.md f). */
export function fromDecimal(text: string, what = 'a number'): number {
  const n = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(n) ? n : problem('bad-input', `${what} is not a plain decimal`);
}

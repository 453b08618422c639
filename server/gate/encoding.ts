import { problem } from '#contract/problem.ts';

// Nothing here is Node's own: the page that checks receipts in a browser decodes with this very file (GATE.md g).
const utf8 = new TextEncoder();

/** UTF-8 of a text; bytes stay what they are. */
export const bytesOf = (part: Uint8Array | string): Uint8Array => (typeof part === 'string' ? utf8.encode(part) : part);

/** The parts as one run of bytes, joined without a separator. */
export function joined(parts: readonly (Uint8Array | string)[]): Uint8Array {
  const all = parts.map(bytesOf);
  const whole = new Uint8Array(all.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of all) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** True when both hold the same bytes; neither is a secret. */
export const sameBytes = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a?.length === b.length && a.every((byte, i) => byte === b[i]);

/** base64 with padding (RFC 4648 section 4), as signed notes use it. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte); // a loop: spreading a long array overflows the stack
  return btoa(text);
}

/** base64url without padding (RFC 4648 section 5). */
export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

function decoded(text: string): Uint8Array | undefined {
  try {
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    return bytes;
  } catch {
    return undefined;
  }
}

// Decoders skip spaces and spare bits; encoding again is what makes one-bit changes of a last character fail.
function strict(text: string, bytes: Uint8Array | undefined, again: (bytes: Uint8Array) => string, what: string) {
  return bytes && again(bytes) === text ? bytes : problem('bad-input', what);
}

/** Decodes base64url; raises `bad-input` unless encoding the bytes again gives the same text (GATE.md f). */
export const fromBase64Url = (text: string, what = 'a value'): Uint8Array =>
  strict(text, decoded(text.replaceAll('-', '+').replaceAll('_', '/')), toBase64Url, `${what} is not strict base64url`);

/** Decodes base64; raises `bad-input` unless encoding the bytes again gives the same text (GATE.md f). */
export const fromBase64 = (text: string, what = 'a value'): Uint8Array =>
  strict(text, decoded(text), toBase64, `${what} is not strict base64`);

/** Reads a decimal without sign or leading zero, up to 2^53 - 1; raises `bad-input` for anything else (GATE.md f). */
export function fromDecimal(text: string, what = 'a number'): number {
  const n = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(n) ? n : problem('bad-input', `${what} is not a plain decimal`);
}

const maxDepth = 64;

/** What came of reading an answer's body: the value, or a word of ours. Nothing of the partner's text. */
export type Read = { ok: true; value: unknown } | { ok: false; why: 'empty' | 'not-json' | 'too-deep' };

/** Deepest nesting of brackets outside strings; V8 parses 10,000 levels, but what walks the value would not survive. */
function tooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
    } else if (c === 0x7b || c === 0x5b) {
      if (++depth > maxDepth) return true;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return false;
}

/** Reads a body as JSON of at most 64 levels (SECURITY.md OA5), strict UTF-8. Never throws. */
export function readJson(body: Buffer): Read {
  if (body.length === 0) return { ok: false, why: 'empty' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    if (tooDeep(text)) return { ok: false, why: 'too-deep' };
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, why: 'not-json' };
  }
}

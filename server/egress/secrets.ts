/*
 * Strings shaped like secrets are taken out of a chat's words before any partner sees them (SECURITY.md control 10): in
 * August 2025 the loot was secrets that people had pasted into support cases. The shapes are our guess: prefixes that
 * well-known services give their keys, a word such as "password" before a value, and long runs that only a machine makes.
 * The commitment of a disclosure is made over what this leaves, so a changed list opens older ones no more where it differs.
 */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|[srp]k_(?:live|test)_|AIza|SG\.|npm_)[\w.-]{16,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /(?<=\b(?:pass(?:word|wd|phrase)?|pwd|pin|secret|token|api[ _-]?key)["']?(?:\s+is)?\s*[:=]\s*["']?)[^\s"',;]{4,}/gi,
];
/** A run of 32 characters or more in which capitals, small letters and digits stand side by side. */
const run = /(?<![\w/.-])[\w+-]{32,}={0,2}(?![\w/.-])/g;
const isMixed = (text: string): boolean => /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);

/** What stands in the place of one. */
export const secretMark = '[removed: looks like a secret]';

/** The text without strings that are shaped like secrets. */
export function withoutSecrets(text: string): string {
  const known = shapes.reduce((rest, shape) => rest.replace(shape, secretMark), text);
  return known.replace(run, (found) => (isMixed(found) ? secretMark : found));
}

/*
 * Finds words in a text whatever their case and accents, without an index: texts are sealed per person, so nothing clear
 * is kept that could be looked up.
 */

/** Upper case and accents away: "Müller" and "muller" are the same, "ø" and "o" are not. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The words of a query, each once; what stands between blanks is one word. */
export const soughtIn = (query: string): string[] =>
  [...new Set(plain(query).split(/\s+/).filter(Boolean))].slice(0, 10);

/** Which of the words a text holds. */
export function heldIn(text: string, words: readonly string[]): string[] {
  const folded = plain(text);
  return words.filter((word) => folded.includes(word));
}

/** The folded text with, for each of its units, where in the original it came from. */
function folding(text: string): { folded: string; from: number[] } {
  let folded = '';
  const from: number[] = [];
  let at = 0;
  for (const char of text) {
    const f = plain(char);
    folded += f;
    for (let i = 0; i < f.length; i++) from.push(at);
    at += char.length;
  }
  from.push(at);
  return { folded, from };
}

/** Where the words stand in a text: from and to in its own units, in order, apart from each other. */
export function marksIn(text: string, words: readonly string[]): [number, number][] {
  const { folded, from } = folding(text);
  const found: [number, number][] = [];
  for (const word of words)
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      const last = from[at + word.length - 1] as number;
      const end = from.find((start) => start > last) ?? text.length;
      found.push([from[at] as number, end]);
    }
  const marks: [number, number][] = [];
  for (const [start, end] of found.sort((a, b) => a[0] - b[0])) {
    const before = marks.at(-1);
    if (before && start <= before[1]) before[1] = Math.max(before[1], end);
    else marks.push([start, end]);
  }
  return marks;
}

/** Characters before the first mark, and of the whole piece. */
const lead = 40;
const longest = 200;

/** A piece of a text around its first mark, with an ellipsis where something is missing; line breaks are blanks. */
export function pieceOf(text: string, words: readonly string[]): { text: string; marks: [number, number][] } {
  const flat = text.replace(/\s/g, ' ');
  const first = marksIn(flat, words)[0]?.[0] ?? 0;
  const start = flat.length <= longest ? 0 : Math.max(0, Math.min(first - lead, flat.length - longest));
  // A sign of two halves that was cut in the middle is left out.
  const piece = flat.slice(start, start + longest).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
  const cut = `${start > 0 ? '…' : ''}${piece}${start + longest < flat.length ? '…' : ''}`;
  return { text: cut, marks: marksIn(cut, words) };
}

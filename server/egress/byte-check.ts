import { createHash } from 'node:crypto';
import { type Field, visitorFields } from '#contract/visitor.ts';

/** A request as it would leave, before it leaves. */
export interface SerialisedRequest {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** This subject's values by field, what may leave and what may not, and the words the adapter brings itself. */
export interface LeakInputs {
  denied: Partial<Record<Field, string>>;
  allowed: Partial<Record<Field, string>>;
  constants: readonly string[];
}

type Span = readonly [start: number, end: number];
/** One value to look for: `word` only where no letter or digit touches it; `inside` says what a hit may lie within. */
interface Needle {
  text: string;
  word: boolean;
}

const shortest = 4;
const norm = (text: string) => text.normalize('NFC').toLowerCase();
const jsonEscaped = (text: string) => JSON.stringify(text).slice(1, -1);
const asciiEscaped = (text: string) =>
  jsonEscaped(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const htmlEscaped = (text: string) =>
  text.replace(/[&<>"']/g, (c) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }[c]};`);

/** Percent-decoding that leaves alone what is no code, `+` read as a blank. */
const unpercent = (text: string) =>
  text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString());
/** JSON string escapes undone, whatever style they were written in. */
const unescapeJson = (text: string) =>
  text.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code: string | undefined, one: string) =>
    code
      ? String.fromCharCode(Number.parseInt(code, 16))
      : ({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[one] ?? one),
  );

/** The lines of a free text that say enough to be recognised, with and without a leading "Name:". */
function linesOf(text: string, least: number): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return [...lines, ...lines.map((line) => line.replace(/^[^:]{1,40}:\s*/, ''))].filter((line) => line.length >= least);
}

function needlesFor(field: Field, value: string): Needle[] {
  const { class: kind, freeText } = visitorFields[field];
  // A name stands alone: "Anna" is not in "Annapurna" (DESIGN.md 5). A line of a transcript likewise.
  const word = kind === 'identity';
  const texts = [{ text: value, word }];
  if (freeText) texts.push(...linesOf(value, 12).map((text) => ({ text, word: true })));
  const digits = value.replace(/[^\d]/g, '');
  if (kind === 'contact' && digits.length >= 7 && !value.includes('@')) texts.push({ text: digits, word: true });
  return texts;
}

/** The three base64 texts a value has by its place in a longer one, without the characters its neighbours change. */
function base64Of(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((lead) => {
    const whole = Buffer.concat([Buffer.alloc(lead), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((lead * 4) / 3);
    const core = whole.slice(from, Math.floor(((lead + bytes.length) * 4) / 3));
    return core.length < 5 ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const hashesOf = (text: string) =>
  ['sha256', 'md5'].map((algorithm) => createHash(algorithm).update(text).digest('hex'));

const touches = /[\p{L}\p{N}]/u;
function* find(hay: string, { text, word }: Needle): Generator<Span> {
  for (let at = hay.indexOf(text); at >= 0; at = hay.indexOf(text, at + 1)) {
    const end = at + text.length;
    if (word && (touches.test(hay.charAt(at - 1)) || touches.test(hay.charAt(end)))) continue;
    yield [at, end];
  }
}

const isWithin = ([start, end]: Span, spans: readonly Span[]) => spans.some(([a, b]) => a <= start && end <= b);
const everyCase = (text: string) => [text, text.toLowerCase(), text.trim(), text.trim().toLowerCase()];

/**
 * Searches a request whole for values that may not leave (GATE.md e.1.3): raw and in any case, URL-encoded, JSON- and
 * HTML-escaped, base64 and base64url also inside a longer text, SHA-256 and MD5 hex. Values under 4 characters are
 * excepted; hits that lie wholly inside an allowed value or a constant of the adapter are ignored. The field found.
 */
export function findLeak(request: SerialisedRequest, { denied, allowed, constants }: LeakInputs): Field | undefined {
  const fields = (Object.entries(denied) as [Field, string | undefined][]).filter(
    (entry): entry is [Field, string] => (entry[1]?.trim().length ?? 0) >= shortest,
  );
  if (fields.length === 0) return;

  // Each part apart, so that nothing is found across a seam; decoded once and twice, so that an encoding cannot hide it.
  const parts = [request.path, ...Object.entries(request.headers).flat(), request.body];
  const cased = new Set(parts.flatMap((p) => [p, unpercent(p), unescapeJson(p), unescapeJson(unpercent(p))]));
  const plain = new Set([...cased].map(norm));

  const harmless = [...Object.values(allowed), ...constants].filter((v) => v !== undefined && v !== '');
  const same = new Set(harmless.map((value) => norm(value.trim())));
  const base64Harmless = harmless.flatMap((value) =>
    (['base64', 'base64url'] as const).map((form) => Buffer.from(value).toString(form).replace(/=+$/, '')),
  );
  const lines = harmless.flatMap((value) => linesOf(value, 1));
  const forms = (value: string) => [
    value,
    jsonEscaped(value),
    asciiEscaped(value),
    htmlEscaped(value),
    encodeURIComponent(value),
  ];
  const spansIn = (hay: string, texts: Iterable<string>) =>
    [...new Set(texts)].flatMap((text) => [...find(hay, { text, word: false })]);

  for (const [field, raw] of fields) {
    const value = raw.trim();
    if (same.has(norm(value))) continue;
    const needles = needlesFor(field, value).map((n) => ({ ...n, text: norm(n.text) }));
    for (const hay of plain) {
      for (const needle of needles) {
        const hits = [needle.text, jsonEscaped(needle.text), htmlEscaped(needle.text), encodeURIComponent(needle.text)]
          .map(norm)
          .filter((text, i, all) => all.indexOf(text) === i)
          .flatMap((text) => [...find(hay, { text, word: needle.word })]);
        if (hits.length === 0) continue;
        // A line of an allowed text excuses what lies within it, not a denied value that is all of it.
        const excuses = [...harmless, ...lines.filter((line) => line.length > needle.text.length)];
        const spans = spansIn(hay, excuses.flatMap(forms).map(norm));
        if (hits.some((hit) => !isWithin(hit, spans))) return field;
      }
      if (
        everyCase(raw)
          .flatMap(hashesOf)
          .some((hash) => hay.includes(hash))
      )
        return field;
    }
    const encoded = [...new Set(everyCase(raw))].flatMap(base64Of);
    for (const hay of cased)
      for (const text of encoded) {
        const hits = [...find(hay, { text, word: false })];
        if (hits.length > 0 && hits.some((hit) => !isWithin(hit, spansIn(hay, base64Harmless)))) return field;
      }
  }
  return;
}

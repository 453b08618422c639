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
const spansIn = (hay: string, texts: Iterable<string>): Span[] =>
  [...new Set(texts)].filter(Boolean).flatMap((text) => [...find(hay, { text, word: false })]);
const formsOf = (text: string) =>
  [text, jsonEscaped(text), asciiEscaped(text), htmlEscaped(text), encodeURIComponent(text)].map(norm);

/** What is looked for on behalf of one field: texts in any case, hashes in small letters, base64 as it is written. */
interface Search {
  field: Field;
  value: string;
  texts: Needle[];
  hashes: string[];
  base64: string[];
}

function searchFor(field: Field, raw: string): Search {
  const texts = needlesFor(field, raw.trim()).flatMap(({ text, word }) => {
    const small = norm(text);
    return [
      ...new Set([small, ...[jsonEscaped, htmlEscaped, encodeURIComponent].map((form) => norm(form(small)))]),
    ].map((form) => ({ text: form, word }));
  });
  const cases = [...new Set([raw, raw.toLowerCase(), raw.trim(), raw.trim().toLowerCase()])];
  return { field, value: norm(raw.trim()), texts, hashes: cases.flatMap(hashesOf), base64: cases.flatMap(base64Of) };
}

/** A request as one text, its parts kept apart so that nothing is found across a seam; then the same with codes undone. */
function readings({ path, headers, body }: SerialisedRequest): string[] {
  const whole = [path, ...Object.entries(headers).flat(), body].join('\0');
  const once = /[%+]/.test(whole) ? unpercent(whole) : whole;
  return [...new Set([whole, once, ...[whole, once].map((text) => (text.includes('\\') ? unescapeJson(text) : text))])];
}

/** Asks whether a request holds a value that may not leave; `more` are further harmless texts of this one request. */
export type LeakCheck = (request: SerialisedRequest, more?: readonly string[]) => Field | undefined;

/**
 * Readies the byte check of one disclosure (GATE.md e.1.3): values that may not leave are searched raw and in any case,
 * URL-encoded, JSON- and HTML-escaped, in base64 and base64url also inside a longer text, as SHA-256 and MD5 hex. Values
 * under 4 characters are excepted; a hit that lies wholly inside an allowed value or a constant of the adapter is ignored.
 */
export function createLeakCheck({ denied, allowed, constants }: LeakInputs): LeakCheck {
  const fixed = [...Object.values(allowed), ...constants].filter((text) => text !== undefined && text !== '');
  const same = new Set(fixed.map((text) => norm(text.trim())));
  const searches = (Object.entries(denied) as [Field, string | undefined][]).flatMap(([field, raw]) =>
    raw === undefined || raw.trim().length < shortest || same.has(norm(raw.trim())) ? [] : [searchFor(field, raw)],
  );

  /** A line of an allowed text excuses what lies within it, but not a denied value that is all of it. */
  const excuses = (texts: readonly string[], longerThan: number) =>
    [...texts, ...texts.flatMap((text) => linesOf(text, longerThan + 1))].flatMap(formsOf);
  const base64Forms = (texts: readonly string[]) =>
    texts.flatMap((text) =>
      (['base64', 'base64url'] as const).map((form) => Buffer.from(text).toString(form).replace(/=+$/, '')),
    );

  return (request, more = []) => {
    if (searches.length === 0) return;
    const harmless = [...fixed, ...more];
    for (const cased of readings(request)) {
      const plain = norm(cased);
      for (const { field, value, texts, hashes, base64 } of searches) {
        const hits = texts.flatMap((needle) => [...find(plain, needle)]);
        if (hits.length > 0) {
          const spans = spansIn(plain, excuses(harmless, value.length));
          if (hits.some((hit) => !isWithin(hit, spans))) return field;
        }
        if (hashes.some((hash) => plain.includes(hash))) return field;
        const coded = base64.flatMap((text) => [...find(cased, { text, word: false })]);
        if (coded.length > 0) {
          const spans = spansIn(cased, base64Forms(harmless));
          if (coded.some((hit) => !isWithin(hit, spans))) return field;
        }
      }
    }
    return;
  };
}

/** The byte check of one request, without anything kept for the next: the first field found. */
export const findLeak = (request: SerialisedRequest, inputs: LeakInputs): Field | undefined =>
  createLeakCheck(inputs)(request);

import { Problem, problem } from '#contract/problem.ts';
import { runLater } from '../../gate/asking.ts';
import { fromBase64Url } from '../../gate/encoding.ts';
import { jwsOf, verdictOf } from '../../gate/receipt-check.ts';
import { purposeWords } from '../../i18n/en.ts';
import { type Fact, receiptFacts } from './facts.ts';
import { ed25519Here, webPrimitives } from './primitives.ts';

/** What the page says of one receipt. */
export interface Said {
  readonly ok: boolean;
  /** The verdict and its reason, in whole sentences. */
  readonly words: string;
  readonly facts: readonly Fact[];
}

const no = (words: string): Said => ({ ok: false, words, facts: [] });

/** The one key in a pasted text: base64url, or the hub's consent-keys.json. Raises `bad-input`. */
function keyOf(text: string): Uint8Array {
  const bare = text.trim();
  if (bare === '') problem('bad-input', 'The hub’s public key is missing: paste it below, or load its file.');
  const key = fromBase64Url(bare.startsWith('{') ? jwkOf(bare) : bare, 'the key');
  return key.length === 32 ? key : problem('bad-input', 'This is not a public key: a public key has 32 bytes.');
}

function jwkOf(text: string): string {
  const { keys } = JSON.parse(text) as { keys?: { x?: unknown }[] };
  const x = keys?.length === 1 ? keys[0]?.x : undefined;
  return typeof x === 'string' ? x : problem('bad-input', 'This file does not hold exactly one key: paste the one.');
}

function readable<T>(read: () => T, otherwise: string): T | Said {
  try {
    return read();
  } catch (error) {
    return no(error instanceof Problem && /\.$/.test(error.message) ? error.message : otherwise);
  }
}
const purposes: Readonly<Record<string, string>> = purposeWords;
const inWords = (term: string) => (Object.hasOwn(purposes, term) ? (purposes[term] as string) : term);

/** Checks one receipt file's text with a pasted key; says why where it is not genuine. Reaches no network. */
export async function checkText(file: string, keyText: string, from: Crypto | undefined): Promise<Said> {
  const jws = readable(() => jwsOf(file), 'This file is not a receipt.');
  if (typeof jws !== 'string') return jws;
  const key = readable(
    () => keyOf(keyText),
    'This is not a public key: it is 43 letters and digits, as the hub shows it.',
  );
  if (!(key instanceof Uint8Array)) return key;
  const subtle = await ed25519Here(from);
  if (!subtle)
    return no('This browser cannot check Ed25519 signatures. Nothing is known of the receipt: use a newer browser.');
  const verdict = await runLater(verdictOf(jws, key), webPrimitives(subtle));
  return verdict.ok
    ? { ok: true, words: 'This receipt is genuine.', facts: receiptFacts(verdict, inWords) }
    : no(`This receipt is not valid: ${verdict.why}.`);
}

import { Problem, problem } from '#contract/problem.ts';
import { runLater } from '../../gate/asking.ts';
import { openedRows } from '../../gate/openings.ts';
import { jwsOf, keysIn, verdictOf, whyNot } from '../../gate/receipt-check.ts';
import { purposeWords } from '../../i18n/en.ts';
import { type Fact, type Genuine, notYours, openedFacts, receiptFacts } from './facts.ts';
import { ed25519Here, webPrimitives } from './primitives.ts';

/** What the page says of one receipt. */
export interface Said {
  readonly ok: boolean;
  /** The verdict and its reason, in whole sentences. */
  readonly words: string;
  readonly facts: readonly Fact[];
}

const no = (words: string): Said => ({ ok: false, words, facts: [] });

/** The keys in a pasted text. Raises `bad-input`. */
function pastedKeys(text: string): Uint8Array[] {
  if (text.trim() === '') problem('bad-input', 'The hub’s public key is missing: paste it below, or load its file.');
  return keysIn(text);
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

/** What the person's own proof keys add; where they do not fit, that is said beside what is genuine. */
async function withOpenings(
  receipt: Genuine,
  openings: string,
  keys: Uint8Array[],
  subtle: SubtleCrypto,
): Promise<Said> {
  const facts = receiptFacts(receipt, inWords);
  try {
    const opened = await runLater(openedRows(openings, keys), webPrimitives(subtle));
    return { ok: true, words: genuine, facts: [...facts, ...openedFacts(receipt, opened)] };
  } catch (error) {
    const why = error instanceof Problem ? error.message : 'they cannot be read';
    return { ok: false, words: `${genuine} ${notYours(why)}`, facts };
  }
}
const genuine = 'This receipt is genuine.';

/**
 * Checks one receipt file's text with pasted keys; says why where it is not genuine. With `openings`, the text of the
 * holder's own proof keys, it says too what was sent on that answer. Reaches no network.
 */
export async function checkText(
  file: string,
  keyText: string,
  from: Crypto | undefined,
  openings?: string,
): Promise<Said> {
  const jws = readable(() => jwsOf(file), 'This file is not a receipt.');
  if (typeof jws !== 'string') return jws;
  const keys = readable(
    () => pastedKeys(keyText),
    'This is not a public key: it is 43 letters and digits, as the hub shows it.',
  );
  if ('ok' in keys) return keys;
  const subtle = await ed25519Here(from);
  if (!subtle)
    return no('This browser cannot check Ed25519 signatures. Nothing is known of the receipt: use a newer browser.');
  const verdict = await runLater(verdictOf(jws, keys), webPrimitives(subtle));
  if (!verdict.ok) return no(whyNot(verdict));
  if (openings !== undefined) return withOpenings(verdict, openings, keys, subtle);
  return { ok: true, words: genuine, facts: receiptFacts(verdict, inWords) };
}

import { joined } from './encoding.ts';

/** What verifying cannot do by itself: one hash, or one look at an Ed25519 signature (RFC 8032, raw 32-byte key). */
type Ask =
  | { readonly what: 'sha256'; readonly bytes: Uint8Array }
  | { readonly what: 'ed25519'; readonly key: Uint8Array; readonly message: Uint8Array; readonly seal: Uint8Array };

/**
 * Verifying that stops at each primitive and asks for it. Node answers at once and a browser by promise: so the hub,
 * the command and the page run one code (GATE.md g).
 */
export type Asking<T> = Generator<Ask, T, Uint8Array | boolean>;

/** The two primitives, answered at once or by promise. */
export interface Primitives<How extends 'now' | 'later'> {
  sha256(bytes: Uint8Array): How extends 'now' ? Uint8Array : Promise<Uint8Array>;
  /** False for a signature of any other length too. */
  ed25519(key: Uint8Array, message: Uint8Array, seal: Uint8Array): How extends 'now' ? boolean : Promise<boolean>;
}

/** Asks for SHA-256 over the parts, joined without a separator: 32 bytes. */
export function* hashed(...parts: readonly (Uint8Array | string)[]): Asking<Uint8Array> {
  return (yield { what: 'sha256', bytes: joined(parts) }) as Uint8Array;
}

/** Asks whether `seal` is the signature of `message` by `key`, 32 raw bytes. */
export function* sealFits(key: Uint8Array, message: Uint8Array, seal: Uint8Array): Asking<boolean> {
  return (yield { what: 'ed25519', key, message, seal }) === true;
}

const answer = <How extends 'now' | 'later'>(ask: Ask, by: Primitives<How>) =>
  ask.what === 'sha256' ? by.sha256(ask.bytes) : by.ed25519(ask.key, ask.message, ask.seal);

/** Runs to the end with primitives that answer at once. */
export function runNow<T>(work: Asking<T>, by: Primitives<'now'>): T {
  let step = work.next();
  while (!step.done) step = work.next(answer(step.value, by));
  return step.value;
}

/** Runs to the end with primitives that answer by promise; rejects with what they reject with. */
export async function runLater<T>(work: Asking<T>, by: Primitives<'later'>): Promise<T> {
  let step = work.next();
  while (!step.done) step = work.next(await answer(step.value, by));
  return step.value;
}

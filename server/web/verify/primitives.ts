import type { Primitives } from '../../gate/asking.ts';

// WebCrypto's types want bytes that no worker shares; a copy is.
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** A key of 32 bytes for WebCrypto; rejects where the browser lacks Ed25519 or the bytes are no point of the curve. */
const importKey = (subtle: SubtleCrypto, key: Uint8Array) =>
  subtle.importKey('raw', own(key), 'Ed25519', false, ['verify']);

/** A browser's answers for verifying, by WebCrypto. */
export const webPrimitives = (subtle: SubtleCrypto): Primitives<'later'> => ({
  sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', own(bytes))),
  async ed25519(key, message, seal) {
    const imported = await importKey(subtle, key).catch(() => undefined);
    return imported !== undefined && (await subtle.verify('Ed25519', imported, own(seal), own(message)));
  },
});

// The public key of RFC 8032 section 7.1, test 1: a good one, so that only the browser can be to blame.
const good =
  '215,90,152,1,130,177,10,183,213,75,254,211,201,100,7,58,14,225,114,243,218,166,35,37,175,2,26,104,247,7,81,26';

/** The browser's WebCrypto; undefined where it lacks Ed25519, or gives no WebCrypto to this page. */
export async function ed25519Here(from: Crypto | undefined): Promise<SubtleCrypto | undefined> {
  const subtle = from?.subtle;
  if (!subtle) return undefined;
  const key = await importKey(subtle, Uint8Array.from(good.split(','), Number)).catch(() => undefined);
  return key && subtle;
}

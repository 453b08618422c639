import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

let drawn = Buffer.alloc(0);

/** 16 fresh random bytes. Drawn from the system 64 at a time: a call for each is a twentieth of a claim. */
export function freshNonce(): Buffer {
  if (drawn.length === 0) drawn = randomBytes(16 * 64);
  const nonce = drawn.subarray(0, 16);
  drawn = drawn.subarray(16);
  return nonce;
}

/** AES-256-GCM with a fresh 96-bit nonce: nonce ‖ ciphertext ‖ tag. `aad` says where the value belongs. */
export function sealBytes(key: Buffer, aad: string, plain: string | Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad));
  return Buffer.concat([nonce, cipher.update(plain as Buffer), cipher.final(), cipher.getAuthTag()]);
}

/** What sealBytes() makes, as base64url. */
export const seal = (key: Buffer, aad: string, plain: string | Buffer): string =>
  sealBytes(key, aad, plain).toString('base64url');

/** Opens what seal() made under the same key and place; throws when either differs or a bit was changed. */
export function unseal(key: Buffer, aad: string, sealed: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.toString('base64url') !== sealed) throw new Error('sealed value is damaged');
  return unsealBytes(key, aad, bytes);
}

/** Opens what sealBytes() made under the same key and place; throws when either differs or a bit was changed. */
export function unsealBytes(key: Buffer, aad: string, bytes: Buffer): Buffer {
  if (bytes.length < 28) throw new Error('sealed value is damaged');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(aad));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
}

/** A key for one use, derived from the root secret or the hub key (HKDF-SHA256, 32 bytes). */
export const deriveKey = (secret: Buffer, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `askfirst:${use}`, 32));

/** Names a key and tells nothing of it: 11 characters. */
export const keyId = (key: Buffer): string =>
  createHash('sha256').update('askfirst:key-id').update(key).digest('base64url').slice(0, 11);

/** base64url of SHA-256: how codes and tokens are stored. */
export const digest = (value: string | Buffer): string => createHash('sha256').update(value).digest('base64url');

/** 256 random bits as base64url: every token and code that gives a right. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Keyed digest of a person's words: tells a repeat from a change without a plain hash of them in the file. */
export const mac = (key: Buffer, value: string): string => createHmac('sha256', key).update(value).digest('base64url');

import { createHash } from 'node:crypto';
import { jcs } from './jcs.ts';

const hashOf = (parts: readonly (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash;
};

/** SHA-256 over the parts, joined without a separator: 32 bytes. */
export const sha256 = (...parts: readonly (Uint8Array | string)[]): Buffer => hashOf(parts).digest();

/** base64url of SHA-256 over the JCS bytes of a value: how manifests, notices and terms are named. */
export const jcsHash = (value: unknown): string => hashOf([jcs(value)]).digest('base64url');

import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, type JWK, SignJWT } from 'jose';

/** The private key a connection's tokens are bound to: an EC P-256 JWK, sealed with them and never apart (RFC 9449). */
export type ProofKey = JWK;

/** A new key for one connection. */
export const newProofKey = (): ProofKey =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as ProofKey;

const publicOf = ({ kty, crv, x, y }: ProofKey) => ({ kty, crv, x, y }) as JWK;

/** What a server may bind a code to before any proof was sent: `dpop_jkt` (RFC 9449 10), base64url of SHA-256. */
export const thumbprintOf = (key: ProofKey): Promise<string> => calculateJwkThumbprint(publicOf(key));

/** Proves that whoever makes a request holds the key of its token. */
export interface Prover {
  /** The value of the `DPoP` header for one request; `access` where it carries a token. Never the same twice. */
  sign(request: { method: string; url: string; access?: string }): Promise<string>;
  /** Keeps the nonce of an answer for the next proof to that origin; true when it was not the one in use (RFC 9449 8, 9). */
  learn(url: string, headers: Record<string, string>): boolean;
}

/** As many origins as nonces are kept for: a partner's own, and those its accounts live on. */
const mostOrigins = 500;
const nonceForm = /^[\x21\x23-\x5b\x5d-\x7e]{1,512}$/;

/** Makes provers by key; nonces are the servers' and are shared. `now` is the wall clock, as servers compare `iat` with theirs. */
export function createProvers({ now }: { now: () => Date }): (key: ProofKey) => Prover {
  const nonces = new Map<string, string>();
  return (key) => ({
    async sign({ method, url, access }) {
      const { origin, pathname } = new URL(url);
      const nonce = nonces.get(origin);
      const claims = {
        jti: randomUUID(),
        htm: method,
        htu: origin + pathname,
        iat: Math.floor(now().getTime() / 1000),
        ...(nonce === undefined ? {} : { nonce }),
        ...(access === undefined ? {} : { ath: createHash('sha256').update(access).digest('base64url') }),
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicOf(key) })
        .sign(await importJWK(key, 'ES256'));
    },
    learn(url, headers) {
      const nonce = headers['dpop-nonce'];
      const { origin } = new URL(url);
      if (nonce === undefined || !nonceForm.test(nonce) || nonces.get(origin) === nonce) return false;
      nonces.delete(origin);
      const [oldest] = nonces.keys();
      if (nonces.size >= mostOrigins && oldest !== undefined) nonces.delete(oldest);
      nonces.set(origin, nonce);
      return true;
    },
  });
}

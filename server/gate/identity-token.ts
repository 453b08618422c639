import { jwtVerify } from 'jose';

/** How long a signed claim about who somebody is may live, in seconds: long enough for a page to load. */
const claimSeconds = 600;

/**
 * Reads the brand's signed claim that the person on its page is its customer `sub` (R28): a JWT (RFC 7519) with HS256
 * under the brand's own key, `aud` the brand's slug, `iat` and `exp` at most ten minutes apart. Undefined for anything
 * else: unsigned, another algorithm, another brand, too old, too long, or without a name. `now` is passed in.
 */
export async function readIdentityToken(
  key: Uint8Array,
  token: string,
  at: { slug: string; now: Date },
): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience: at.slug,
      currentDate: at.now,
      maxTokenAge: claimSeconds,
      clockTolerance: 30,
      requiredClaims: ['sub', 'iat', 'exp', 'aud'],
    });
    const { sub, iat = 0, exp = 0 } = payload;
    if (typeof sub !== 'string' || sub.trim() === '' || sub.length > 200) return undefined;
    return exp - iat <= claimSeconds ? sub : undefined;
  } catch {
    return undefined;
  }
}

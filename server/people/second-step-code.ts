import { createOTP } from '@better-auth/utils/otp';
import { isAPIError } from 'better-auth/api';
import { symmetricDecrypt } from 'better-auth/crypto';
import type { Store, Tx } from '../store/open.ts';
import type { Auth } from './auth.ts';

/** Length of one step of a code, milliseconds (RFC 6238). */
const stepMs = 30_000;

/** What checking codes needs; `now` gives milliseconds since 1970. */
export interface CodeDeps {
  store: Store;
  auth: Auth;
  now: () => number;
}

/** Looks at what a person typed. Each code is good once. */
export interface Codes {
  /** The code of an app whose secret is in use. */
  ofApp(userId: string, code: string): Promise<boolean>;
  /** The first code of a new secret, which is in use from then on. */
  first(userId: string, code: string): Promise<boolean>;
  /** One of the backup codes, which is used up by it; `headers` carry the session of its person. */
  ofPaper(headers: Headers, code: string): Promise<boolean>;
}

/**
 * Makes the look at codes. The library's own endpoint says neither which step a code belongs to nor takes a clock, and
 * accepts a code again inside its window; so its secret is compared here step by step with its own `hotp`, one step
 * early or late as there (RFC 6238, 5.2), and the newest used step is kept.
 */
export function createCodes({ store, auth, now }: CodeDeps): Codes {
  const spend = (tx: Tx, userId: string, step: number) =>
    tx
      .hot(
        `insert into second_step_used (user_id, step) values (?, ?)
         on conflict (user_id) do update set step = excluded.step where excluded.step > second_step_used.step
         returning step`,
      )
      .get(userId, step) !== undefined;
  /** The step a code belongs to, and the secret it was compared with, as it is stored. */
  const match = async (userId: string, code: string, verified: 0 | 1) => {
    const row = store.read
      .hot('select secret from "twoFactor" where "userId" = ? and verified = ?')
      .get(userId, verified);
    if (!row) return undefined;
    const secret = String(row.secret);
    const { secretConfig: key } = await auth.$context;
    const otp = createOTP(await symmetricDecrypt({ key, data: secret }));
    const at = Math.floor(now() / stepMs);
    const right = await Promise.all([at - 1, at, at + 1].map((step) => otp.hotp(step)));
    const found = right.indexOf(code);
    return found < 0 ? undefined : { secret, step: at - 1 + found };
  };
  return {
    ofApp: async (userId, code) => {
      const found = await match(userId, code, 1);
      return found !== undefined && store.write((tx) => spend(tx, userId, found.step));
    },
    first: async (userId, code) => {
      const found = await match(userId, code, 0);
      if (!found) return false;
      return store.write((tx) => {
        // Another session of this person may have begun anew meanwhile: never is a secret taken that was not compared.
        const same = tx
          .hot('update "twoFactor" set verified = 1 where "userId" = ? and secret = ? and verified = 0 returning id')
          .get(userId, found.secret);
        if (!same) return false;
        tx.hot('update "user" set "twoFactorEnabled" = 1 where id = ?').run(userId);
        spend(tx, userId, found.step);
        return true;
      });
    },
    ofPaper: async (headers, code) => {
      try {
        await auth.api.verifyBackupCode({ body: { code, disableSession: true }, headers });
        return true;
      } catch (e) {
        if (isAPIError(e)) return false; // a wrong code, or the same one a moment earlier
        throw e;
      }
    },
  };
}

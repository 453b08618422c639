import { createOTP } from '@better-auth/utils/otp';
import { isAPIError } from 'better-auth/api';
import { symmetricDecrypt } from 'better-auth/crypto';
import type { Store } from '../store/open.ts';
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
  /** The code of an app whose secret is in use (`verified`), or just being set up. */
  ofApp(userId: string, code: string, verified: boolean): Promise<boolean>;
  /** One of the backup codes, which is used up by it; `headers` carry the session of its person. */
  ofPaper(headers: Headers, code: string): Promise<boolean>;
}

/**
 * Makes the look at codes. The library's own endpoint says neither which step a code belongs to nor takes a clock, and
 * accepts a code again inside its window; so its secret is compared here step by step with its own `hotp`, one step
 * early or late as there (RFC 6238, 5.2), and the newest used step is kept.
 */
export function createCodes({ store, auth, now }: CodeDeps): Codes {
  const spend = (userId: string, step: number) =>
    store.write(
      (tx) =>
        tx
          .hot(
            `insert into second_step_used (user_id, step) values (?, ?)
             on conflict (user_id) do update set step = excluded.step where excluded.step > second_step_used.step
             returning step`,
          )
          .get(userId, step) !== undefined,
    );
  return {
    ofApp: async (userId, code, verified) => {
      const row = store.read
        .hot('select secret from "twoFactor" where "userId" = ? and verified = ?')
        .get(userId, Number(verified));
      if (!row) return false;
      const { secretConfig: key } = await auth.$context;
      const otp = createOTP(await symmetricDecrypt({ key, data: String(row.secret) }));
      const at = Math.floor(now() / stepMs);
      const right = await Promise.all([at - 1, at, at + 1].map((step) => otp.hotp(step)));
      const found = right.indexOf(code);
      return found >= 0 && spend(userId, at - 1 + found);
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

import { isAPIError } from 'better-auth/api';
import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import type { Auth } from './auth.ts';
import type { EndedBell } from './ended.ts';
import { type Limit, take } from './limit.ts';
import type { Pairing } from './pairing-shape.ts';
import { type Codes, createCodes } from './second-step-code.ts';
import type { SignIn } from './sign-in.ts';
import type { Agent } from './who.ts';

/** Whose second step it is; an Agent and a Waiting fit. */
type StepPerson = Pick<Agent, 'userId' | 'brandId' | 'sessionId'>;

/** A person's own second step (SECURITY.md BA1). `headers` carry the session cookie of that person. */
export interface SecondStep {
  /** Makes a new secret, not in use yet: the `otpauth:` address to show. Problems: conflict (one is in use). */
  begin(headers: Headers): Promise<string>;
  /** The address of the secret that waits for its first code; nothing where none does, so never of one in use. */
  begun(person: StepPerson, headers: Headers): Promise<string | undefined>;
  /**
   * Takes the first code: from now on it is asked. Everything else of this person ends (BA10); the new session id and ten
   * backup codes come back, shown once. Problems: too-many, wrong-code.
   */
  confirm(person: StepPerson, headers: Headers, typed: string): Promise<{ cookies: Headers; backupCodes: string[] }>;
  /** Takes a code after a sign-in: the new session id has the rights. Problems: too-many, wrong-code. */
  enter(person: StepPerson, headers: Headers, typed: string): Promise<Headers>;
  /** New backup codes for a fresh code; the old ones are dead. Problems: too-many, wrong-code. */
  renewCodes(person: StepPerson, headers: Headers, typed: string): Promise<string[]>;
  /** Turns it off for a fresh code. Problems: too-many, wrong-code. */
  turnOff(person: StepPerson, headers: Headers, typed: string): Promise<void>;
  /** How many backup codes are left. */
  codesLeft(userId: string): Promise<number>;
}

/** What `createSecondStep` needs. `codes` counts tries per person; `now` gives milliseconds since 1970. */
export interface SecondStepDeps {
  store: Store;
  auth: Auth;
  signIn: Pick<SignIn, 'renew'>;
  pairing: Pick<Pairing, 'endAll'>;
  codes: Limit;
  bell: EndedBell;
  now: () => number;
}

/** Takes the second step away inside the caller's transaction. */
export function forgetStep(tx: Tx, userId: string): void {
  tx.hot('update "user" set "twoFactorEnabled" = 0 where id = ?').run(userId);
  tx.hot('update "session" set "mfaAt" = null where "userId" = ?').run(userId);
  tx.hot('delete from "twoFactor" where "userId" = ?').run(userId);
  tx.hot('delete from second_step_used where user_id = ?').run(userId);
}

/**
 * Ends every session but `keep`, and every pairing of a person in all brands, after a change of their second step
 * (SECURITY.md BA10). `change` runs in the transaction that ends the sessions.
 */
export async function endOthers(
  { store, pairing, bell }: Pick<SecondStepDeps, 'store' | 'pairing' | 'bell'>,
  { userId, keep, actor }: { userId: string; keep: string; actor: string },
  change: (tx: Tx) => void,
): Promise<void> {
  const ids = await store.write((tx) => {
    change(tx);
    const rows = tx.hot('delete from "session" where "userId" = ? and id <> ? returning id').all(userId, keep);
    return rows.map((r) => String(r.id));
  });
  for (const sessionId of ids) bell.ring({ what: 'session', sessionId });
  await pairing.endAll(userId, actor);
}

/** Six digits, spaces as apps show them taken out. */
const digits = (typed: string): string | undefined => /^\d{6}$/.exec(typed.replace(/\s/g, ''))?.[0];
/** A backup code as it was shown, also when the hyphen was left out. */
const onPaper = (typed: string): string => typed.replace(/[\s-]/g, '').replace(/^(.{5})(.{5})$/, '$1-$2');

/** Makes the desk of second steps. Secret, codes and their encryption are the library's; who must give one, `stepDue`'s. */
export function createSecondStep(deps: SecondStepDeps): SecondStep {
  const { store, auth, signIn, codes, now } = deps;
  const look: Codes = createCodes({ store, auth, now });

  const log = (tx: Tx, { userId, brandId }: StepPerson, act: string, detail = '') =>
    note(tx, now(), { brandId, actor: `user:${userId}`, act, detail });
  /** One try. A wrong code costs nothing but the try, and leaves an audit row. */
  const attempt = async (person: StepPerson, fits: () => Promise<string | undefined>): Promise<string> => {
    await take(codes, person.userId);
    const how = await fits();
    if (how) return how;
    await store.write((tx) => log(tx, person, 'second-step-wrong'));
    return problem('wrong-code');
  };
  const check = (person: StepPerson, headers: Headers, typed: string) =>
    attempt(person, async () => {
      const code = digits(typed);
      if (code) return (await look.ofApp(person.userId, code)) ? 'app' : undefined;
      return (await look.ofPaper(headers, onPaper(typed))) ? 'backup code' : undefined;
    });
  const others = ({ userId, sessionId: keep }: StepPerson) => ({ userId, keep, actor: `user:${userId}` });
  const stamp = () => new Date(now()).toISOString();
  const newCodes = async (headers: Headers) => (await auth.api.generateBackupCodes({ body: {}, headers })).backupCodes;

  return {
    begin: async (headers) => {
      try {
        const made = await auth.api.enableTwoFactor({ body: { method: 'totp' }, headers });
        if ('totpURI' in made) return made.totpURI;
      } catch (e) {
        if (!isAPIError(e)) throw e;
      }
      return problem('conflict');
    },
    begun: async ({ userId }, headers) => {
      const waits = store.read.hot('select 1 as ok from "twoFactor" where "userId" = ? and verified = 0').get(userId);
      return waits && (await auth.api.getTOTPURI({ body: {}, headers })).totpURI;
    },
    confirm: async (person, headers, typed) => {
      await attempt(person, async () => {
        const code = digits(typed);
        return code && (await look.first(person.userId, code)) ? 'app' : undefined;
      });
      await endOthers(deps, others(person), (tx) => log(tx, person, 'second-step-on'));
      const cookies = await signIn.renew(headers, stamp());
      const cookie = cookies.getSetCookie().map((c) => c.split(';', 1)[0]);
      return { cookies, backupCodes: await newCodes(new Headers({ cookie: cookie.join('; ') })) };
    },
    enter: async (person, headers, typed) => {
      const how = await check(person, headers, typed);
      await store.write((tx) => log(tx, person, 'second-step', how));
      return signIn.renew(headers, stamp());
    },
    renewCodes: async (person, headers, typed) => {
      const how = await check(person, headers, typed);
      await endOthers(deps, others(person), (tx) => log(tx, person, 'second-step-new-codes', how));
      return newCodes(headers);
    },
    turnOff: async (person, headers, typed) => {
      const how = await check(person, headers, typed);
      await endOthers(deps, others(person), (tx) => {
        forgetStep(tx, person.userId);
        log(tx, person, 'second-step-off', how);
      });
    },
    codesLeft: async (userId) => (await auth.api.viewBackupCodes({ body: { userId } })).backupCodes.length,
  };
}

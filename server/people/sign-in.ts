import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import type { Store } from '../store/open.ts';
import { digest, newToken } from '../store/seal.ts';
import { type Auth, linkSeconds, sessionCookie } from './auth.ts';
import type { EndedBell } from './ended.ts';
import { type Limit, take } from './limit.ts';
import { isKnown, liveInvitation, oldestBrand, plainAddress } from './membership.ts';
import type { Outbox } from './outbox.ts';

/** What `createSignIn` needs. `links` counts mails per address; `now` gives milliseconds since 1970. */
export interface SignInDeps {
  store: Store;
  auth: Auth;
  outbox: Pick<Outbox, 'put'>;
  links: Limit;
  bell: EndedBell;
  /** The hub's own origin: addresses in mails are made from it, never from a request (sec-H19). */
  baseUrl: string;
  now: () => number;
  /** Told when a mail could not be made, since the person who asked learns nothing. */
  onFailure: (error: unknown) => void;
}

/** Signing in and out of the console. Cookies come back as headers for the route to copy, `set-cookie` only. */
export interface SignIn {
  /** Asks for a mail. Same answer, at once, for everybody; the work comes after it. Problems: bad-input. */
  requestLink(email: string): void;
  /** Resolves when the mails asked for so far are written: for shutdown and tests. */
  settled(): Promise<void>;
  /** Looks at a link without using it up; nothing when it is used, over or unknown (SECURITY.md BA2). */
  openLink(token: string): { email: string } | undefined;
  /** Signs in, once. An older session in the same browser ends. Problems: link-used. */
  useLink(token: string, headers: Headers): Promise<Headers>;
  /**
   * A one-time path `/sign-in/<token>` for the terminal: held in memory, so it ends with the process or a newer one.
   * Once it was used, `whenUsed` is handed the next one.
   */
  printedLink(email: string, whenUsed?: (next: string) => void): string;
  /**
   * A new session id for the same sign-in: at each connect, and at the second step, given at `mfaAt` (ISO 8601 UTC), which
   * only the new id carries (SECURITY.md BA1, BA4). Problems: not-signed-in.
   */
  renew(headers: Headers, mfaAt?: string): Promise<Headers>;
  /** Ends the session, if there is one, and the cookie in any case. */
  signOut(headers: Headers): Promise<Headers>;
}

const looksLikeAddress = (email: string) => email.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email);

const mailText = (url: string) =>
  `Open this page and press Sign in:\n\n${url}\n\nIt works once, for ten minutes. If you did not ask for it, do nothing.\n`;

/** Only the cookies: whatever else the library sets is the route's own business. */
function cookiesOf(from: Headers): Headers {
  const out = new Headers();
  for (const cookie of from.getSetCookie()) out.append('set-cookie', cookie);
  return out;
}

/** Makes the sign-in desk. */
export function createSignIn(deps: SignInDeps): SignIn {
  const { store, auth, outbox, links, bell, baseUrl, now, onFailure } = deps;
  const printed = new Map<string, { email: string; whenUsed?: ((next: string) => void) | undefined }>();
  const work = new Set<Promise<void>>();

  const mint = async (email: string): Promise<string> => {
    let token = '';
    const hand = (t: string) => {
      token = t;
    };
    await auth.api.signInMagicLink({ body: { email, metadata: { hand } }, headers: new Headers() });
    return token;
  };
  const mail = async (email: string): Promise<void> => {
    if (!isKnown(store, email, now())) return;
    await take(links, `link ${email}`);
    const token = await mint(email);
    await outbox.put(email, 'Sign in to askfirst', mailText(new URL(`/sign-in/${token}`, baseUrl).href));
  };
  const mailed = (token: string): string | undefined => {
    const row = store.read
      .hot('select value, "createdAt" as at from "verification" where identifier = ? limit 1')
      .get(`magic-link:${digest(token)}`);
    if (!row || Date.parse(String(row.at)) + linkSeconds * 1000 <= now()) return undefined;
    const { email } = JSON.parse(String(row.value)) as { email?: unknown };
    return typeof email === 'string' ? email : undefined;
  };
  const sessionOf = (headers: Headers) =>
    auth.api.getSession({ headers, query: { disableCookieCache: true, disableRefresh: true } });
  const audit = (brandId: string | null, userId: string, act: string, detail = '') =>
    store.write((tx) => note(tx, now(), { brandId, actor: `user:${userId}`, act, detail }));
  const expired = () =>
    new Headers({ 'set-cookie': `${sessionCookie}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict` });

  const signOut = async (headers: Headers) => {
    const found = headers.has('cookie') ? await sessionOf(headers) : null;
    if (!found) return expired();
    const { headers: answer } = await auth.api.signOut({ headers, returnHeaders: true });
    bell.ring({ what: 'session', sessionId: found.session.id });
    await audit(found.session.activeOrganizationId ?? null, found.user.id, 'signed-out');
    return cookiesOf(answer);
  };
  /** Uses the library's token; every way it can refuse is one answer. */
  const verify = async (token: string, from: Headers) => {
    const headers = new Headers();
    for (const name of ['user-agent', 'x-askfirst-client']) {
      const value = from.get(name);
      if (value) headers.set(name, value);
    }
    try {
      return await auth.api.magicLinkVerify({ query: { token }, headers, returnHeaders: true });
    } catch {
      return problem('link-used');
    }
  };
  /** The first brand of somebody invited; who is in a brand already is never moved by another one's invitation. */
  const join = async (userId: string, email: string, headers: Headers) => {
    const invitation = oldestBrand(store, userId) ? undefined : liveInvitation(store, email, now());
    if (!invitation) return;
    const cookie = headers
      .getSetCookie()
      .map((c) => c.split(';', 1)[0])
      .join('; ');
    await auth.api.acceptInvitation({ body: { invitationId: invitation.id }, headers: new Headers({ cookie }) });
    await audit(invitation.brandId, userId, 'joined', `invitation ${invitation.id}`);
  };

  const printLink: SignIn['printedLink'] = (typed, whenUsed) => {
    const email = plainAddress(typed);
    for (const [hash, other] of printed) if (other.email === email) printed.delete(hash);
    const token = newToken();
    printed.set(digest(token), { email, whenUsed });
    return `/sign-in/${token}`;
  };

  return {
    requestLink: (typed) => {
      const email = plainAddress(typed);
      if (!looksLikeAddress(email)) problem('bad-input', 'email');
      const job = new Promise((go) => setImmediate(go)).then(() => mail(email)).catch(onFailure);
      work.add(job);
      void job.then(() => work.delete(job));
    },
    settled: async () => {
      await Promise.all(work);
    },
    openLink: (token) => {
      const email = printed.get(digest(token))?.email ?? mailed(token);
      return email !== undefined && isKnown(store, email, now()) ? { email } : undefined;
    },
    useLink: async (token, headers) => {
      const hash = digest(token);
      const fromTerminal = printed.get(hash);
      const email = fromTerminal?.email ?? mailed(token);
      printed.delete(hash);
      if (email === undefined || !isKnown(store, email, now())) return problem('link-used');
      const { headers: answer, response } = await verify(fromTerminal ? await mint(email) : token, headers);
      await signOut(headers);
      await join(response.user.id, email, answer);
      const brandId = oldestBrand(store, response.user.id) ?? null;
      await audit(brandId, response.user.id, 'signed-in', fromTerminal ? 'printed link' : 'mailed link');
      fromTerminal?.whenUsed?.(printLink(email, fromTerminal.whenUsed));
      return cookiesOf(answer);
    },
    printedLink: printLink,
    renew: async (headers, mfaAt) => {
      const { headers: answer, response } = await auth.api
        .renewSession({ headers, returnHeaders: true })
        .catch(() => problem('not-signed-in'));
      bell.ring({ what: 'session', sessionId: response.old });
      if (mfaAt)
        await store.write((tx) => tx.hot('update "session" set "mfaAt" = ? where id = ?').run(mfaAt, response.id));
      return cookiesOf(answer);
    },
    signOut,
  };
}

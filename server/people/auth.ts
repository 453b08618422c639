import { type BetterAuthPlugin, betterAuth } from 'better-auth';
import { createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { createAccessControl } from 'better-auth/plugins/access';
import { magicLink } from 'better-auth/plugins/magic-link';
import { organization } from 'better-auth/plugins/organization';
import { adminAc, defaultStatements, memberAc, ownerAc } from 'better-auth/plugins/organization/access';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { Store } from '../store/open.ts';
import { liveInvitation, oldestBrand } from './membership.ts';

/** What better-auth is made from. */
export interface AuthDeps {
  store: Store;
  /** At least 32 random characters, kept outside the database: signs the session cookie. */
  secret: string;
  /** The hub's own origin, as in `http://localhost:8787`. */
  baseUrl: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Life of a mailed sign-in link, seconds (SECURITY.md BA2). */
export const linkSeconds = 600;
/** Life of a console session from its sign-in, seconds; it is not prolonged. */
const sessionSeconds = 12 * 3600;
/** Name of the console's session cookie (SECURITY.md BA4). */
export const sessionCookie = '__Host-askfirst.session_token';

/** better-auth's HTTP door stays shut: our routes call `api`, so a path that an upgrade adds is never reachable. */
const shut = {
  id: 'shut',
  onRequest: async () => ({ response: new Response('Not Found', { status: 404 }) }),
} satisfies BetterAuthPlugin;

/** A new session id and cookie for the same person, brand, end and second step; the old one is gone (SECURITY.md BA4). No path. */
const renew = {
  id: 'renew',
  endpoints: {
    renewSession: createAuthEndpoint(
      { method: 'POST', requireHeaders: true, use: [sensitiveSessionMiddleware] },
      async (ctx) => {
        const { session: old, user } = ctx.context.session;
        const { activeOrganizationId, mfaAt } = old as typeof old & {
          activeOrganizationId?: string | null;
          mfaAt?: string | null;
        };
        const { internalAdapter } = ctx.context;
        const kept = { activeOrganizationId, mfaAt, expiresAt: old.expiresAt };
        const session = await internalAdapter.createSession(user.id, false, kept, true);
        await internalAdapter.deleteSession(old.token);
        await setSessionCookie(ctx, { session, user });
        return ctx.json({ old: old.id, id: session.id });
      },
    ),
  },
} satisfies BetterAuthPlugin;

/** Where the sign-in routes take the fresh token from; over HTTP a function cannot come in (SECURITY.md BA2). */
function hand(metadata: Record<string, unknown> | undefined, token: string): void {
  if (typeof metadata?.hand === 'function') metadata.hand(token);
}

/** better-auth's options, exactly as SECURITY.md 4.2 binds them; the table test reads its schema from here. */
export function authOptions({ store, secret, baseUrl, now }: AuthDeps) {
  return {
    appName: 'askfirst',
    secret,
    baseURL: baseUrl,
    trustedOrigins: [new URL(baseUrl).origin],
    database: { db: store.db, type: 'sqlite', transaction: false },
    telemetry: { enabled: false },
    // Its lines name addresses; what goes wrong reaches us as an error.
    logger: { disabled: true },
    emailAndPassword: { enabled: false, revokeSessionsOnPasswordReset: true },
    session: {
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
      // When the second step was given, ISO 8601 UTC; written by second-step.ts alone (SECURITY.md BA1).
      additionalFields: { mfaAt: { type: 'string', required: false, input: false } },
    },
    rateLimit: { enabled: true, storage: 'database' },
    advanced: {
      useSecureCookies: false,
      cookiePrefix: '__Host-askfirst',
      defaultCookieAttributes: { secure: true, sameSite: 'strict', httpOnly: true, path: '/' },
      ipAddress: { ipAddressHeaders: ['x-askfirst-client'] },
    },
    databaseHooks: {
      user: { create: { before: async (user) => liveInvitation(store, user.email, now()) !== undefined } },
      session: {
        create: {
          before: async (session) => ({
            data: {
              ...session,
              activeOrganizationId: session.activeOrganizationId ?? oldestBrand(store, session.userId) ?? null,
            },
          }),
        },
      },
    },
    plugins: [
      shut,
      renew,
      magicLink({
        expiresIn: linkSeconds,
        storeToken: 'hashed',
        sendMagicLink: async ({ metadata, token }) => hand(metadata, token),
      }),
      organization({
        allowUserToCreateOrganization: false,
        membershipLimit: 500,
        invitationLimit: 200,
        invitationExpiresIn: 7 * 86_400,
        requireEmailVerificationOnInvitation: true,
        cancelPendingInvitationsOnReInvite: true,
        ac: accessControl,
        roles: brandRoles,
      }),
      // It keeps the secret and the backup codes; when a code is asked is decided by `stepDue`, since the library asks
      // at password sign-ins alone. Nobody here has a password. No trusted devices, no codes by mail.
      twoFactor({ allowPasswordless: true }),
    ],
  } satisfies Parameters<typeof betterAuth>[0];
}

const accessControl = createAccessControl(defaultStatements);
/** better-auth's own view of our roles: it guards invitations and memberships, `may` guards everything else. */
const brandRoles = { owner: ownerAc, admin: adminAc, agent: memberAc };

/** better-auth for agents (SECURITY.md 4.2): sessions, sign-in links, brands; `handler` answers 404 to everything. */
export function createAuth(deps: AuthDeps) {
  return betterAuth(authOptions(deps));
}
/** What `createAuth` returns. */
export type Auth = ReturnType<typeof createAuth>;

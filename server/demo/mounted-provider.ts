import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { grantStorage, serverKeys } from './grant-storage.ts';
import type { SandboxStore } from './sandbox-store.ts';

/** Where one provider of the sandbox lives, and what its cookies are called. */
export interface Place {
  /** Names its rows and keys. */
  id: string;
  /** Its path: `/sandbox/<id>`. */
  mount: string;
  /** Its cookies are `<cookies>_session`, `_question` and `_resume`. */
  cookies: string;
}

/** What every provider of the sandbox is configured with: codes with PKCE, kept rows and keys, cookies of its own. */
export function commonSettings({ id, mount, cookies }: Place, store: SandboxStore, now: () => number) {
  const keys = serverKeys(store, id);
  return {
    adapter: grantStorage(store, id, now),
    jwks: keys.jwks,
    cookies: {
      keys: [keys.cookie],
      names: { session: `${cookies}_session`, interaction: `${cookies}_question`, resume: `${cookies}_resume` },
      long: { httpOnly: true, sameSite: 'lax', path: mount },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientBasedCORS: () => false,
  } as const;
}

/** A provider as pages of the sandbox use it. */
export interface MountedProvider {
  /** Serves a request of node's own server; the URL must still be the full one. */
  serve(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Undefined when the question is too old, answered, or another browser's. */
  question(req: IncomingMessage, res: ServerResponse): Promise<{ uid: string; scopes: string[] } | undefined>;
  /** Records Allow for `accountId`, or Deny without one; the address to send the browser on to. */
  answer(req: IncomingMessage, res: ServerResponse, accountId: string | undefined): Promise<string>;
}

/** Serves a provider under its path and answers its questions. */
export function mountProvider(provider: Provider, { mount, cookies }: Place): MountedProvider {
  const listener = provider.callback();
  /** The person is chosen anew each time: a remembered sign-in would skip the choice. */
  const withoutSession = (header: string) =>
    header
      .split(';')
      .filter((pair) => !pair.trim().startsWith(`${cookies}_session`))
      .join(';');
  return {
    async serve(req: IncomingMessage & { originalUrl?: string }, res) {
      const full = req.url ?? '';
      req.originalUrl = full;
      req.url = full.slice(mount.length);
      req.headers.cookie = withoutSession(req.headers.cookie ?? '');
      try {
        await listener(req, res);
      } finally {
        req.url = full;
      }
    },
    async question(req, res) {
      const found = await provider.interactionDetails(req, res).catch(() => undefined);
      return found && { uid: found.uid, scopes: (found.params.scope ?? '').split(' ').filter(Boolean) };
    },
    async answer(req, res, accountId) {
      const { params } = await provider.interactionDetails(req, res);
      if (accountId === undefined) {
        const no = { error: 'access_denied', error_description: 'The person said no.' };
        return provider.interactionResult(req, res, no, { mergeWithLastSubmission: false });
      }
      const grant = new provider.Grant({ accountId, clientId: params.client_id });
      grant.addOIDCScope(params.scope ?? '');
      return provider.interactionResult(req, res, { login: { accountId }, consent: { grantId: await grant.save() } });
    },
  };
}

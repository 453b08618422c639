import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { pino } from 'pino';
import { type AnyAdapter, isLogin, isSharing, type SharingAdapter, withProviders } from '#sdk';
import * as catalogue from '../../integrations/index.ts';
import { createApp } from '../../server/app.ts';
import { buildAdapters } from '../../server/commands/bundle-adapters.ts';
import { countryFiles } from '../../server/country-files.ts';
import { openDemo, sandboxProvider } from '../../server/demo.ts';
import { createSandbox } from '../../server/egress/sandbox.ts';
import { createVault, type Vault } from '../../server/egress/vault.ts';
import { createHub, type Hub } from '../../server/hub.ts';
import { vaultKeyOf } from '../../server/hub-key.ts';
import type { HubOptions } from '../../server/hub-options.ts';
import { demoPeople } from '../../server/people/seed.ts';
import { openStore, type Store } from '../../server/store/open.ts';
import { type Client, peopleAt } from './people-at.ts';
import type { Recorder } from './recorder.ts';

let built: Promise<string> | undefined;
/** The adapters' scripts, built once a test file. */
function scripts(): Promise<string> {
  built ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'adapters-'));
    await buildAdapters(folder);
    return folder;
  })();
  return built;
}

/** What a test may hand in. */
export interface DoorOptions {
  now?: () => Date;
  monotonic?: () => number;
  /** A socket between egress and the sandbox partner's API, which records and misbehaves. */
  recorder?: Pick<Recorder, 'origin' | 'host' | 'behind'>;
  /** A provider of sign-ins in place of the sandbox's, which misbehaves. */
  provider?: { origin: string; host: string };
  /** Loopback stand-ins of partners the demo does not play, by origin; with GitHub's, its sign-in can be turned on. */
  standIn?: { origins: ReadonlyMap<string, string>; allow: readonly string[] };
  /** In place of the real sandbox: an adapter of any size, run natively. */
  sandbox?: HubOptions['sandbox'];
  /** Scripts instead of the built ones, by provider: a hostile adapter. */
  code?: Record<string, string>;
  /** Changes the catalogue's adapters: other facts, other declarations. */
  adapters?: (list: readonly SharingAdapter[]) => readonly SharingAdapter[];
  /** Pause points and the longest call to a partner. */
  egress?: HubOptions['egress'];
  /** Without a host of their own for files. */
  noFiles?: true;
  /** A mail server; without one mail waits in the outbox. */
  mail?: HubOptions['mail'];
  /** The operator's stops. */
  stopFile?: HubOptions['stopFile'];
  /** Where calls to partners leave from. */
  localAddress?: string;
  /** The timer of the ledger's checkpoints: a test that signs by hand hands in one that never comes. */
  after?: HubOptions['after'];
  /** A file instead of memory, and the key that goes with it. */
  store?: Store;
  key?: Buffer;
  /** Addresses of proxies before the hub: a test's own, so that its requests name clients by X-Forwarded-For. */
  proxies?: readonly string[];
  /** Instead of one under `key`. */
  vault?: Vault;
  /** Built files of pages, where a browser is to load them. */
  asset?: HubOptions['asset'];
}

/** The adapters a hub has, and scripts instead of the built ones. */
interface Version {
  adapters: readonly AnyAdapter[];
  code: Record<string, string>;
}

/** The whole hub with its demo in this process: real SQLite in memory, real sockets, real sandbox, real partners. */
export async function frontDoor(options: DoorOptions = {}) {
  const folder = await scripts();
  const data = mkdtempSync(join(tmpdir(), 'askfirst-'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const origin = `http://localhost:${port}`;
  const shop = `http://127.0.0.1:${port}`;
  const store = options.store ?? openStore(':memory:');
  const key = options.key ?? randomBytes(32);
  const vault = options.vault ?? createVault(vaultKeyOf(key));
  const now = options.now ?? (() => new Date());
  const listed = Object.values(catalogue) as readonly AnyAdapter[];
  const sharing = listed.filter(isSharing);
  const chosen = [...(options.adapters?.(sharing) ?? sharing), ...listed.filter(isLogin)];
  const github = options.standIn?.origins.has('https://github.com') ?? false;
  const { policy, recipient } = sandboxProvider;
  const adapters = withProviders(chosen, (id) =>
    id === 'openid' ? sandboxProvider : github ? { policy, recipient } : undefined,
  );
  let broken: (() => boolean) | undefined;
  let atCommit = false;
  /** The store as the hub sees it: a write fails as SQLite would when the disk is full. */
  const seen: Store = {
    ...store,
    write(job) {
      if (!broken?.()) return store.write(job);
      if (!atCommit) return Promise.reject(Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' }));
      return store.write((tx) => {
        const value = job(tx);
        // All of it ran, and SQLite itself finds at the commit that it cannot be.
        tx.exec("pragma defer_foreign_keys = on; update integration set brand_id = 'nobody'");
        return value;
      });
    },
  };
  const lines: string[] = [];
  const demo = await openDemo({
    data: { store, key, vault, folder: data },
    port,
    origin,
    adapters,
    now,
  });
  const { recorder, provider } = options;
  recorder?.behind(shop);
  const issuer = new URL(sandboxProvider.issuer).origin;
  const played = provider
    ? {
        allow: [...demo.sandboxPartners.allow, provider.host],
        origins: new Map([...demo.sandboxPartners.origins, [issuer, provider.origin] as const]),
      }
    : recorder
      ? {
          allow: [...demo.sandboxPartners.allow, recorder.host],
          // The browser goes to the partner's own pages; only what egress calls passes the recorder.
          origins: new Map(
            [...demo.sandboxPartners.origins].map(([from, to]) => [
              from,
              adapters.filter(isSharing).some((a) => a.facts.api === from) ? to.replace(shop, recorder.origin) : to,
            ]),
          ),
        }
      : demo.sandboxPartners;
  const sandboxPartners = {
    allow: [...played.allow, ...(options.standIn?.allow ?? [])],
    origins: new Map([...played.origins, ...(options.standIn?.origins ?? [])]),
  };
  /** A hub over the same store and key: the first one, or one that starts after a crash. */
  const startHub = (version: Version = { adapters, code: options.code ?? {} }): Promise<Hub> =>
    createHub({
      store: seen,
      key,
      vault,
      origin,
      filesOrigin: options.noFiles ? undefined : demo.filesOrigin,
      adapters: version.adapters,
      code: (provider) => version.code[provider] ?? readFileSync(join(folder, `${provider}.js`), 'utf8'),
      sandbox:
        options.sandbox ??
        createSandbox({ workers: 4, memoryPages: 1024, cpuDeadlineMs: 2_000, totalDeadlineMs: 30_000 }),
      clients: (provider) =>
        provider === 'github' && github
          ? { client: { id: 'askfirst-github', secret: 'a-secret-of-the-test' }, sandbox: true }
          : demo.clients(provider),
      sandboxPartners,
      asset: options.asset ?? (() => undefined),
      proxies: options.proxies ?? [],
      countryFile: countryFiles(),
      log: pino({ level: 'info', base: null }, { write: (line: string) => void lines.push(line) }),
      now,
      monotonic: options.monotonic ?? (() => performance.now()),
      ...(options.egress ? { egress: options.egress } : {}),
      mail: options.mail,
      ...(options.after ? { after: options.after } : {}),
      ...(options.stopFile ? { stopFile: options.stopFile } : {}),
      ...(options.localAddress ? { localAddress: options.localAddress } : {}),
    });
  let hub = await startHub();
  const listenerOf = (of: Hub) =>
    getRequestListener(demo.mount(createApp(of.deps), of).fetch, { overrideGlobalObjects: false });
  let answer = listenerOf(hub);
  server.on('request', (req, res) => answer(req, res));

  const { client, csrfOf, connect, allow, visitor } = peopleAt({ origin, shop });

  /** A client signed in as the owner, with the csrf field of its session. */
  async function owner(): Promise<Client & { csrf: string }> {
    const maria = client();
    const link = hub.deps.people.signIn.printedLink(demoPeople.maria.email);
    await maria.submit(link, { token: link.split('/').at(-1) ?? '' });
    return Object.assign(maria, { csrf: await csrfOf(maria) });
  }

  return {
    get hub() {
      return hub;
    },
    startHub,
    /** Stops the hub and starts it again over the same store with other versions of its adapters. */
    async upgrade(
      change: (list: readonly SharingAdapter[]) => readonly SharingAdapter[],
      code: Record<string, string> = {},
    ) {
      await hub.close();
      hub = await startHub({
        adapters: [...change(adapters.filter(isSharing)), ...adapters.filter(isLogin)],
        code: { ...options.code, ...code },
      });
      answer = listenerOf(hub);
    },
    demo,
    store,
    /** From now on each write for which `when` says true fails, at once or at its commit; without it all is well again. */
    failWrites(when?: () => boolean, at: 'once' | 'commit' = 'once') {
      broken = when;
      atCommit = at === 'commit';
    },
    origin,
    shop,
    data,
    /** Everything the hub logged. */
    logged: () => lines.join(''),
    client,
    owner,
    csrfOf,
    connect,
    allow,
    visitor,
    integration: (provider = 'hubspot') =>
      store.read.hot('select id from integration where provider = ?').get(provider)?.id as string,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await hub.close();
      demo.close();
      store.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
/** What frontDoor returns. */
export type FrontDoor = Awaited<ReturnType<typeof frontDoor>>;

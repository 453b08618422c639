import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { pino } from 'pino';
import type { AnyAdapter } from '#sdk';
import * as catalogue from '../../integrations/index.ts';
import { createApp } from '../../server/app.ts';
import { buildAdapters } from '../../server/commands/bundle-adapters.ts';
import { openDemo } from '../../server/demo.ts';
import { createSandbox } from '../../server/egress/sandbox.ts';
import { createHub, type Hub, type HubOptions } from '../../server/hub.ts';
import { demoPeople } from '../../server/people/seed.ts';
import { openStore, type Store } from '../../server/store/open.ts';
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

/** A person with a browser's cookies and origin, who follows no redirect by itself. */
export interface Client {
  /** JSON call; the answer with its parsed body. */
  json<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: T }>;
  get(path: string): Promise<Response>;
  /** A form of the page at `page`, its hidden fields taken from there. */
  submit(path: string, fields: Record<string, string>): Promise<Response>;
  cookies: Map<string, string>;
}

/** What a test may hand in. */
export interface DoorOptions {
  now?: () => Date;
  monotonic?: () => number;
  /** A socket between egress and the sandbox partner's API, which records and misbehaves. */
  recorder?: Recorder;
  /** Scripts instead of the built ones, by provider: a hostile adapter. */
  code?: Record<string, string>;
  /** Changes the catalogue's adapters: other facts, other declarations. */
  adapters?: (list: readonly AnyAdapter[]) => readonly AnyAdapter[];
  /** Pause points and the longest call to a partner. */
  egress?: HubOptions['egress'];
  /** A file instead of memory, and the key that goes with it. */
  store?: Store;
  key?: Buffer;
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
  const now = options.now ?? (() => new Date());
  const listed = Object.values(catalogue) as readonly AnyAdapter[];
  const adapters = options.adapters?.(listed) ?? listed;
  let broken: (() => boolean) | undefined;
  /** The store as the hub sees it: a write fails as SQLite would when the disk is full. */
  const seen: Store = {
    ...store,
    write: (job) =>
      broken?.()
        ? Promise.reject(Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' }))
        : store.write(job),
  };
  const lines: string[] = [];
  const demo = await openDemo({
    data: { store, key, folder: data, keyMade: undefined, close() {} },
    port,
    origin,
    adapters,
    now,
  });
  const { recorder } = options;
  recorder?.behind(shop);
  const sandboxPartners = recorder
    ? {
        allow: [...demo.sandboxPartners.allow, recorder.host],
        // The browser goes to the partner's own pages; only what egress calls passes the recorder.
        origins: new Map(
          [...demo.sandboxPartners.origins].map(([from, to]) => [
            from,
            adapters.some((a) => new URL(a.facts.api).origin === from) ? to.replace(shop, recorder.origin) : to,
          ]),
        ),
      }
    : demo.sandboxPartners;
  /** A hub over the same store and key: the first one, or one that starts after a crash. */
  const startHub = (): Promise<Hub> =>
    createHub({
      store: seen,
      key,
      origin,
      adapters,
      code: (provider) => options.code?.[provider] ?? readFileSync(join(folder, `${provider}.js`), 'utf8'),
      sandbox: createSandbox({ workers: 4, memoryPages: 1024, cpuDeadlineMs: 2_000, totalDeadlineMs: 30_000 }),
      clients: demo.clients,
      sandboxPartners,
      asset: () => undefined,
      proxies: [],
      log: pino({ level: 'info', base: null }, { write: (line: string) => void lines.push(line) }),
      now,
      monotonic: options.monotonic ?? (() => performance.now()),
      ...(options.egress ? { egress: options.egress } : {}),
    });
  const hub = await startHub();
  const app = createApp(hub.deps);
  server.on('request', getRequestListener(demo.mount(app, hub).fetch, { overrideGlobalObjects: false }));

  function client(from = origin): Client {
    const cookies = new Map<string, string>();
    const headers = (): Record<string, string> =>
      cookies.size > 0 ? { cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join('; ') } : {};
    const keep = (res: Response) => {
      for (const line of res.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const at = pair.indexOf('=');
        if (/max-age=0/i.test(line)) cookies.delete(pair.slice(0, at));
        else cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
      return res;
    };
    const at = (path: string) => (path.startsWith('http') ? path : origin + path);
    return {
      cookies,
      async json<T>(method: string, path: string, body?: unknown, extra: Record<string, string> = {}) {
        const res = await fetch(at(path), {
          method,
          headers: { origin: from, 'content-type': 'application/json', ...headers(), ...extra },
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        keep(res);
        return { status: res.status, body: (await res.json().catch(() => ({}))) as T };
      },
      get: async (path) =>
        keep(await fetch(at(path), { redirect: 'manual', headers: { accept: 'text/html', ...headers() } })),
      submit: async (path, fields) =>
        keep(
          await fetch(at(path), {
            method: 'POST',
            redirect: 'manual',
            headers: {
              accept: 'text/html',
              origin: new URL(at(path)).origin,
              'sec-fetch-site': 'same-origin',
              ...headers(),
            },
            body: new URLSearchParams(fields),
          }),
        ),
    };
  }

  /** A client signed in as the owner, with the csrf field of its session. */
  async function owner(): Promise<Client & { csrf: string }> {
    const maria = client();
    const link = hub.deps.people.signIn.printedLink(demoPeople.maria.email);
    await maria.submit(link, { token: link.split('/').at(-1) ?? '' });
    return Object.assign(maria, { csrf: await csrfOf(maria) });
  }
  const csrfOf = async (c: Client) =>
    /name="csrf" value="([^"]+)"/.exec(await (await c.get('/console')).text())?.[1] ?? '';

  /** Connects a provider's sandbox by the console, as an admin would. */
  async function connect(maria: Client, provider = 'hubspot', account = '4810000'): Promise<void> {
    const begun = await maria.submit(`/console/add/${provider}`, { csrf: await csrfOf(maria) });
    const back = await allow(begun.headers.get('location') ?? '', account);
    const called = await maria.get(back);
    const confirm = /\/console\/confirm\/[\w-]+/.exec(await called.text())?.[0] ?? '';
    const done = await maria.submit(confirm, { csrf: await csrfOf(maria), answer: 'connect' });
    if (done.status !== 303) throw new Error(`connect ended with ${done.status}`);
  }

  /** Plays the person at the partner's sign-in page; returns the address of the callback. */
  async function allow(authorize: string, account = '4810000', answer = 'allow'): Promise<string> {
    const browser = client(shop);
    let next = authorize;
    for (let hop = 0; hop < 6; hop++) {
      const res = await browser.get(next);
      const location = res.headers.get('location');
      if (location?.startsWith(`${origin}/`)) return location;
      if (location) {
        next = new URL(location, next).href;
        continue;
      }
      const posted = await browser.submit(next, { account, answer });
      next = new URL(posted.headers.get('location') ?? '', next).href;
      if (next.startsWith(`${origin}/`)) return next;
    }
    throw new Error('the sandbox partner did not send the browser back');
  }

  /** A visitor with a chat: their token as a header, and the ids. */
  async function visitor(about: Record<string, string> = {}, text = 'Is the blue Marlin still there?') {
    const ada = client();
    const { status, body } = await ada.json<{ token: string; conversation: string }>('POST', '/api/chat/start', {
      brand: 'harbor-motors',
      clientId: randomBytes(8).toString('hex'),
      text,
      ...about,
    });
    if (status !== 201) throw new Error(`start ended with ${status}: ${JSON.stringify(body)}`);
    const auth = { authorization: `Bearer ${body.token}` };
    return {
      ...ada,
      auth,
      conversation: body.conversation,
      say: (path: string, json: unknown) => ada.json<never>('POST', path, json, auth),
    };
  }

  return {
    hub,
    startHub,
    demo,
    store,
    /** From now on each write for which `when` says true fails; without it all is well again. */
    failWrites(when?: () => boolean) {
      broken = when;
    },
    origin,
    shop,
    data,
    /** Everything the hub logged. */
    logged: () => lines.join(''),
    client,
    owner,
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

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { renderToString } from 'preact-render-to-string';
import {
  type AnyAdapter,
  isOauth,
  isOidc,
  type LoginFacts,
  type LoginProvider,
  type OauthFacts,
  type OidcLoginAuth,
} from '#sdk';
import type { DataFolder } from './data-folder.ts';
import { harborId } from './demo/harbor-id.ts';
import { createSandboxPartners } from './demo/sandbox-partners.ts';
import { demoBrand, seedBrand } from './demo/seed.ts';
import { ShopPage } from './demo/shop.tsx';
import { noteOpened, storyOf } from './demo/story.ts';
import type { OauthClient } from './egress/oauth.ts';
import { SettingError } from './env.ts';
import type { Hub } from './hub.ts';
import { languages } from './i18n/spoken.ts';
import { demoPeople, seedPeople } from './people/seed.ts';
import type { Env } from './routes/callers.ts';
import { fileHostRoutes } from './routes/file-host.ts';
import { onError, onNotFound } from './routes/problems.ts';
import { startRoutes } from './routes/start.ts';
import { recreate } from './store/migrate.ts';
import { deriveKey } from './store/seal.ts';

/** How long a reset waits for sends under way, milliseconds. */
const resetWaitMs = 2_000;

function orExplain<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch {
    throw new SettingError(`The sandbox partners' file ${file} cannot be opened; move it away and start again.`);
  }
}

/** The sandbox identity provider stands in for every visitors' sign-in nobody has set up (R15). */
export const sandboxProvider = harborId satisfies LoginProvider;

/** What the demo is made from. */
export interface DemoOptions {
  data: Pick<DataFolder, 'folder' | 'store' | 'key' | 'vault'>;
  port: number;
  /** The hub's own origin, on `localhost`. */
  origin: string;
  adapters: readonly AnyAdapter[];
  now: () => Date;
}

/** Seeds Harbor Motors, starts the sandbox partners, and puts shop and partners on another site of the same port. */
export async function openDemo({ data, port, origin, adapters, now }: DemoOptions) {
  const host = `127.0.0.1:${port}`;
  const base = `http://${host}`;
  const { store, key, vault } = data;
  const secret = deriveKey(key, 'sandbox client').toString('base64url');
  const clientOf = (id: string): OauthClient => ({ id: `askfirst-${id}`, secret });
  const playedBy = (facts: OauthFacts | LoginFacts<OidcLoginAuth>) => ({
    id: facts.id,
    name: facts.name,
    client: { ...clientOf(facts.id), redirectUri: `${origin}/oauth/callback/${facts.id}` },
    scopes: facts.auth.scopes,
  });
  // What takes a typed key, and GitHub, has no sandbox: their connections are real ones, in the demo too.
  const all = adapters.map(({ facts }) => facts);
  const partners = all.filter(isOauth).map(playedBy);
  const identities = all.filter(isOidc).map(playedBy);
  const storeFile = join(data.folder, 'sandbox.db');
  const sandbox = orExplain(storeFile, () =>
    createSandboxPartners({ base, now, ids: () => randomUUID(), partners, identities, storeFile }),
  );
  const newBrand = () => seedBrand(base, () => vault.newBrandKey(), now());
  await store.write(newBrand());
  await seedPeople({ store, now: () => now().getTime() }, demoBrand);

  /** Partner origins as the adapters name them, and where the sandbox stands in for them. */
  const origins = new Map(
    all
      .filter(isOauth)
      .flatMap((facts) =>
        [facts.api, facts.auth.authorize, facts.auth.token, facts.auth.revoke, facts.auth.account].map(
          (url) => [new URL(url).origin, `${base}/sandbox/${facts.id}`] as const,
        ),
      ),
  );
  for (const { id, auth } of all.filter(isOidc)) origins.set(new URL(auth.issuer).origin, `${base}/sandbox/${id}`);
  const known = new Set([...partners, ...identities].map(({ id }) => id));

  return {
    sandboxPartners: { origins, allow: [host] },
    /** Files stand where the shop does: any host but the hub's own. */
    filesOrigin: base,
    clients: (provider: string) => (known.has(provider) ? { client: clientOf(provider), sandbox: true } : undefined),

    /** The hub on `localhost`, shop and partners on `127.0.0.1`, nothing on any other name (sec-H19: no poisoned Host). */
    mount(app: Hono<Env>, hub: Hub): Hono<{ Bindings: HttpBindings }> {
      const start = startRoutes(hub.deps, {
        brand: demoBrand,
        shop: `${base}/`,
        partners: [
          ...partners.map((p) => ({ ...p, about: 'Sandbox on this machine: what it holds, and how it answers.' })),
          ...identities.map((p) => ({ ...p, about: 'Sandbox on this machine: the test people who can sign in.' })),
        ].map(({ id, name, about }) => ({ name, about, href: `${base}/sandbox/${id}/` })),
        story: () => storyOf(store),
        async reset() {
          sandbox.reset(); // a partner set to be slow lets go, so that sends under way come to their end
          await Promise.race([hub.deps.runner.idle(), delay(resetWaitMs, undefined, { ref: false })]);
          const brand = newBrand();
          await store.write((tx) => {
            recreate(tx);
            brand(tx);
            hub.checkpoints.begin(tx);
          });
          sandbox.reset();
          hub.deps.live.end(demoBrand.id);
          hub.deps.touch(demoBrand.id);
        },
        onChange: hub.onChange,
      });
      app.route('/', start);

      const shop = new Hono<Env>();
      shop.onError(onError);
      shop.notFound(onNotFound);
      shop.get('/', async (c) => {
        await noteOpened(store, now());
        hub.deps.touch(demoBrand.id);
        const lang = languages.find((tag) => tag === c.req.query('lang'));
        const page = ShopPage({ hubOrigin: origin, brandSlug: demoBrand.slug, css: '/shop.css', lang });
        return c.html(`<!doctype html>${renderToString(page)}`);
      });
      shop.get('/shop.css', (c) => {
        const file = hub.deps.asset('shop.css');
        return file ? c.body(new Uint8Array(file.body), 200, { 'content-type': file.type }) : c.notFound();
      });
      shop.route('/', fileHostRoutes(hub.deps));
      shop.route('/', sandbox.app as never);

      const whole = new Hono<{ Bindings: HttpBindings }>();
      whole.all('*', (c) => {
        const asked = c.req.header('host');
        if (asked === `localhost:${port}`) return app.fetch(c.req.raw, c.env);
        if (asked === host) return shop.fetch(c.req.raw, c.env);
        return c.text('Open the hub under the address it printed.', 421);
      });
      return whole;
    },

    async announce(hub: Hub) {
      const { name, email } = demoPeople.maria;
      const say = (words: string, path: string) => console.log(`  ${words}:\n\n    ${origin}${path}\n`);
      console.log(`\n  askfirst is ready. Open the start page:\n\n    ${origin}/\n`);
      const { signIn } = hub.deps.people;
      const next = (path: string) => say('That link is used up. The next one', path);
      say(`Sign in as ${name}, who owns the demo brand (works once)`, signIn.printedLink(email, next));
    },
    close: () => sandbox.close(),
  };
}

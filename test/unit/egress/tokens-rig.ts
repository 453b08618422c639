import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createHttp } from '../../../server/egress/http.ts';
import { createOauth } from '../../../server/egress/oauth.ts';
import type { TokenSet } from '../../../server/egress/oauth-tokens.ts';
import { TokenError } from '../../../server/egress/token-error.ts';
import { createTokens, type Tokens } from '../../../server/egress/tokens.ts';
import { createVault } from '../../../server/egress/vault.ts';
import { openStore, type Store } from '../../../server/store/open.ts';
import { type Evil, type EvilAnswer, openEvil } from '../../support/evil.ts';
import { testClient, vendorFacts, vendorOrigins } from '../../support/honest-as.ts';

export const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

export const MARK = 'LIVE-TOKEN-c01d';
export const brand = 'harbor';
export const id = 'i-1';

interface Hub {
  store: Store;
  vault: ReturnType<typeof createVault>;
}

/** A path for a store that several handles open; it goes away with the test. */
export function storeFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
  open.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'hub.db');
}
/** One more handle on the store of `path`. */
export function handleOn(path: string): Store {
  const store = openStore(path);
  open.unshift(() => store.close());
  return store;
}

export async function hub(path = ':memory:', vault = createVault(randomBytes(32))): Promise<Hub> {
  const store = handleOn(path);
  await store.write((tx) => {
    for (const name of [brand, 'other'])
      tx.run(
        tx.sql.insertInto('brand').values({
          id: name,
          slug: name,
          legal_name: 'Harbor Motors ApS',
          name,
          address: 'Nordre Kaj 4, 8000 Aarhus',
          contact: '-',
          country: 'DK',
          settings_json: '{}',
          wrapped_key: vault.newBrandKey(),
          created_at: '2026-11-22T12:00:00Z',
        }),
      );
    tx.run(
      tx.sql.insertInto('integration').values({
        id,
        brand_id: brand,
        provider: 'vendor',
        sandbox: 1,
        account_id: 'acme',
        account_name: 'Acme',
        connection: 'active',
        conn_epoch: 1,
        revoked_before_seq: 0,
        manifest_hash: 'm',
        connected_at: '2026-11-22T12:00:00Z',
        last_good_at: null,
        trouble: null,
      }),
    );
  });
  return { store, vault };
}

/** One process of the hub: its own clock, flights and OAuth wrapper over a shared store. */
export function processOf(
  { store, vault }: Hub,
  origin: string,
  allow: string[],
  { sole = false, facts = vendorFacts() }: { sole?: boolean; facts?: ReturnType<typeof vendorFacts> } = {},
) {
  const clock = { ms: 0, wallMs: 1_700_000_000_000 };
  const lines: { message: string }[] = [];
  const regranted: unknown[] = [];
  /** How often it looked and found another process at work. */
  const waits = { looks: 0 };
  const monotonic = () => clock.ms;
  const http = createHttp({ allow, monotonic: () => performance.now() });
  open.push(http.close);
  const oauth = createOauth({ http, origins: vendorOrigins(origin), monotonic });
  const abandoned: unknown[] = [];
  const stop = { on: () => false };
  const tokens = createTokens({
    store,
    held: () => stop.on(),
    abandoned: async (at, grant) => void abandoned.push({ ...at, token: grant.refresh }),
    vault,
    oauth,
    monotonic,
    now: () => clock.wallMs + clock.ms,
    sole,
    pause: () => {
      waits.looks++;
      return new Promise((done) => setTimeout(done, 1));
    },
    random: () => 1,
    clients: () => testClient,
    facts: (provider) => (provider === 'vendor' ? facts : undefined),
    regranted: (...of) => void regranted.push(of),
    log: { warn: (facts, message) => lines.push({ ...facts, message }) },
  });
  const set = (more: Partial<TokenSet> = {}): TokenSet => ({
    access: `${MARK}-1`,
    refresh: `${MARK}-r1`,
    expiresInSeconds: 1800,
    receivedMs: clock.ms,
    clock: oauth.clock,
    scopes: facts.auth.scopes,
    asked: facts.auth.scopes,
    missing: [],
    account: {},
    ...more,
  });
  return { http, tokens, oauth, clock, lines, regranted, abandoned, stop, set, waits };
}
type Process = ReturnType<typeof processOf>;

export async function scene(answer: EvilAnswer, facts = vendorFacts()): Promise<Process & Hub & { evil: Evil }> {
  const evil = await openEvil(answer);
  open.push(evil.close);
  const made = await hub();
  return { ...made, ...processOf(made, evil.origin, [evil.host], { facts }), evil };
}
export const codeOf = (tokens: Tokens, refused?: string) =>
  tokens.access(brand, id, refused).then(
    (value) => value,
    (e: unknown) => (e instanceof TokenError ? e.code : e),
  );
export const troubleOf = (store: Store) =>
  store.read.hot('select trouble from integration where id = ?').get(id)?.trouble;
export const fresh = (n: number, more: object = {}) => ({
  access_token: `${MARK}-${n}`,
  refresh_token: `${MARK}-r${n}`,
  token_type: 'bearer',
  expires_in: 1800,
  ...more,
});
export const refreshOf = (request: { body: string }) => new URLSearchParams(request.body).get('refresh_token');

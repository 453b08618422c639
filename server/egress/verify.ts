import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AdapterFacts, WebhookFacts } from '#sdk';
import type { Store, Tx } from '../store/open.ts';
import { createHookSecrets, type HookSecrets } from './hook-secrets.ts';
import { readJson } from './json.ts';
import type { OauthClient } from './oauth.ts';
import { assertSound, basicUser, checkSignature, type HookRequest, isTimed } from './signature.ts';
import { type SealedTable, type Vault, wrappedKeyOf } from './vault.ts';

export type { HookRequest } from './signature.ts';

/** An address partners send to, as a call of theirs named it. */
export interface HookSource {
  /** A connection's id, or the provider where one address serves all brands. */
  name: string;
  provider: string;
  /** Whether the sandbox partner sends to it. */
  sandbox: boolean;
  /** Set where the address is one connection's own. */
  connection?: { brandId: string; integrationId: string };
  body: WebhookFacts['body'];
  /** A signed time bounds how long a call can be repeated. */
  timed: boolean;
}

/** One event of a signed call. */
export interface SignedEvent {
  /** What names it for ever, at its address. */
  id: string;
  /** The account it is for, where the partner says so. */
  account: string | undefined;
  value: object;
}

/** What a call came to: its events, or why there are none. `malformed`: signed, and not of the form the facts promise. */
type Opened = { events: SignedEvent[] } | { refused: 'unsigned' | 'stale' | 'malformed' };

/**
 * Hooks, the calls partners make to us (ours to a brand: webhook-out.ts): their addresses, whether they are the partner's
 * own, and what is in them (R11).
 */
export interface Hooks {
  /** The address of a path's last part; undefined for one that nobody was given, or whose connection is off. */
  find(id: string): HookSource | undefined;
  open(source: HookSource, request: HookRequest): Opened;
  /** Where a connection's partner sends its events; undefined where it sends none. */
  address(connection: {
    provider: string;
    integrationId: string;
  }): { url: string; shared: boolean; user?: string } | undefined;
  /** The secrets of a connection; undefined where it signs with the app's own. */
  secrets(connection: {
    brandId: string;
    integrationId: string;
    provider: string;
  }): (ReturnType<HookSecrets['state']> & { make(): Promise<string> }) | undefined;
  /** Seals a partner's reference for the row of its event, and opens it again. */
  seal(read: Pick<Tx, 'hot'>, row: EventPlace, record: string): string;
  unseal(row: EventPlace, sealed: string): string;
}
interface EventPlace {
  brandId: string;
  integrationId: string;
  eventId: string;
}

const place = ({ brandId, integrationId, eventId }: EventPlace) => ({
  brand: brandId,
  integration: integrationId,
  field: `hook-event-${eventId}`,
});

/** For a change of the hub key. */
export const sealedHookEvents: SealedTable = {
  table: 'hook_event',
  placeOf: ({ brand_id: brandId = '', integration_id: integrationId = '', id: eventId = '' }) =>
    place({ brandId, integrationId, eventId }),
};

/** What createHooks is handed. */
export interface HooksDeps {
  store: Store;
  vault: Vault;
  /** Makes addresses nobody can guess. */
  key: Buffer;
  facts: ReadonlyMap<string, AdapterFacts>;
  clients(provider: string): { client: OauthClient; sandbox: boolean } | undefined;
  /** The hub's own origin: what a partner signed is the address it was given. */
  origin: string;
  now: () => Date;
}

/** Most events in one call; a guess, as no partner's number is known (R11). */
const mostEvents = 100;

/** A member that can name something: text or a whole number. */
function word(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '' && value.length <= 256) return value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const memberOf = (value: unknown, name: string) =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** The body as its facts say it is; undefined for anything else. A form that names a field twice is none. */
function parse(body: Buffer, kind: WebhookFacts['body']): unknown {
  if (kind === 'json') {
    const read = readJson(body);
    return read.ok ? read.value : undefined;
  }
  const fields = [...new URLSearchParams(body.toString())];
  return new Set(fields.map(([name]) => name)).size === fields.length ? Object.fromEntries(fields) : undefined;
}

/** The events of a parsed body, or undefined where one of them lacks what names it. */
function eventsIn(value: unknown, facts: WebhookFacts, hookId: string | null): SignedEvent[] | undefined {
  const list: unknown = facts.list ? value : [value];
  if (!Array.isArray(list) || list.length > mostEvents) return undefined;
  const events = list.map((one: unknown): SignedEvent | undefined => {
    const parts = facts.signature.kind === 'standard' ? [hookId] : facts.id.map((name) => word(memberOf(one, name)));
    const account = facts.account === undefined ? undefined : word(memberOf(one, facts.account));
    const named = parts.every(Boolean) && (facts.account === undefined || account !== undefined);
    return isObject(one) && named ? { id: JSON.stringify(parts), account, value: one } : undefined;
  });
  return events.every((one) => one !== undefined) ? events : undefined;
}

/**
 * Makes the desk for calls from partners. Throws TypeError for facts that would prove nothing. An address is the name of
 * its source with a MAC, so that none is stored and none can be guessed.
 */
export function createHooks(d: HooksDeps): Hooks {
  const declared = new Map(
    [...d.facts.values()].flatMap(({ id, webhook }) => {
      if (webhook) assertSound(webhook);
      return webhook ? [[id, webhook] as const] : [];
    }),
  );
  const secrets = createHookSecrets(d);
  const idOf = (name: string) => `${name}.${createHmac('sha256', d.key).update(name).digest('base64url')}`;
  function sourceOf(name: string): HookSource | undefined {
    const source = (provider: string, facts: WebhookFacts) => ({
      name,
      provider,
      body: facts.body,
      timed: isTimed(facts.signature),
    });
    const shared = declared.get(name);
    if (shared?.address === 'app') return { ...source(name, shared), sandbox: d.clients(name)?.sandbox ?? false };
    const row = d.store.read
      .hot("select brand_id, provider, sandbox from integration where id = ? and connection = 'active'")
      .get(name);
    const facts = declared.get(row?.provider as string);
    if (!row || facts?.address !== 'connection') return undefined;
    const connection = { brandId: row.brand_id as string, integrationId: name };
    return { ...source(row.provider as string, facts), sandbox: row.sandbox === 1, connection };
  }

  /** An app's secret counts for its own kind of partner only: a sandbox's never speaks for a real account (R15). */
  function secretsOf({ provider, sandbox, connection }: HookSource, facts: WebhookFacts): string[] {
    if (facts.secret === 'ours') return connection ? secrets.of(connection.brandId, connection.integrationId) : [];
    const known = d.clients(provider);
    return known?.sandbox === sandbox ? [known.client.secret] : [];
  }

  return {
    find(id) {
      const name = id.slice(0, id.lastIndexOf('.'));
      const [given, right] = [Buffer.from(id), Buffer.from(idOf(name))];
      return given.length === right.length && timingSafeEqual(given, right) ? sourceOf(name) : undefined;
    },
    open(source, request) {
      const facts = declared.get(source.provider);
      if (!facts) return { refused: 'unsigned' };
      let parsed: { value: unknown } | undefined;
      const value = () => {
        parsed ??= { value: parse(request.body, facts.body) };
        return parsed.value;
      };
      const checked = checkSignature(facts.signature, request, {
        secrets: secretsOf(source, facts),
        nowMs: d.now().getTime(),
        member: (name) => memberOf(value(), name),
      });
      if (checked !== 'ok') return { refused: checked };
      const events = eventsIn(value(), facts, request.headers.get('webhook-id'));
      return events ? { events } : { refused: 'malformed' };
    },
    address({ provider, integrationId }) {
      const facts = declared.get(provider);
      if (!facts) return undefined;
      const shared = facts.address === 'app';
      const url = `${d.origin}/hooks/${idOf(shared ? provider : integrationId)}`;
      return { url, shared, ...(facts.signature.kind === 'basic' ? { user: basicUser } : {}) };
    },
    secrets({ brandId, integrationId, provider }) {
      const facts = declared.get(provider);
      if (facts?.secret !== 'ours') return undefined;
      return {
        ...secrets.state(brandId, integrationId),
        make: () => secrets.make(brandId, integrationId, facts),
      };
    },
    seal: (read, row, record) => d.vault.seal(wrappedKeyOf(read, row.brandId), place(row), record),
    unseal: (row, sealed) => d.vault.open(wrappedKeyOf(d.store.read, row.brandId), place(row), sealed),
  };
}

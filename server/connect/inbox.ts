import type { Entry } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import type { Happened } from '#sdk';
import type { HookRequest, HookSource, Hooks, SignedEvent } from '../egress/verify.ts';
import { note } from '../store/audit.ts';
import type { Tx } from '../store/open.ts';
import { digest } from '../store/seal.ts';
import type { ConnectDeps } from './connect.ts';
import { endConnection } from './disconnect.ts';

/** What taking calls of partners needs beside connecting; secrets and addresses stay behind `hooks`. */
export interface InboxDeps extends ConnectDeps {
  hooks: Hooks;
  /** Hands one event to the adapter in its sandbox; undefined where it is of no use, `unread` where it could not be read. */
  hear(provider: string, event: object): Promise<Happened | 'unread' | undefined>;
  alarm(name: 'webhook-refused', facts: { at: string; brandId?: string }): void;
}

/** How long an id counts as seen, milliseconds, where a signed time stops older calls (SECURITY.md WH1). */
const keptMs = 7 * 24 * 3_600_000;

/** A connection of a brand. */
export interface Place {
  brandId: string;
  integrationId: string;
}

/** The one connection an event is for: of this kind of partner, active, and of the account that it names. */
function connectionFor(read: Pick<Tx, 'hot'>, source: HookSource, account: string | undefined): Place | undefined {
  const rows = read
    .hot(
      `select id, brand_id, account_id from integration where provider = ? and sandbox = ? and connection = 'active'
       and id = coalesce(?, id) and account_id = coalesce(?, account_id)`,
    )
    .all(source.provider, source.sandbox ? 1 : 0, source.connection?.integrationId ?? null, account ?? null);
  const [row] = rows;
  return row && rows.length === 1 ? { brandId: row.brand_id as string, integrationId: row.id as string } : undefined;
}

/** Counts a refused call and tells the operator; nothing of the call is kept (R11). */
async function refuse(d: InboxDeps, source: HookSource, why: string): Promise<void> {
  const brandId = source.connection?.brandId;
  d.alarm('webhook-refused', { at: `${source.provider}: ${why}`, ...(brandId ? { brandId } : {}) });
  await d.store.write((tx) =>
    tx
      .hot(
        `insert into hook (source, brand_id, received, refused, refused_at) values (?, ?, 0, 1, ?)
         on conflict (source) do update set refused = refused + 1, refused_at = excluded.refused_at`,
      )
      .run(source.name, brandId ?? null, d.now().toISOString()),
  );
}

/** Whether an id came before; asked first, so that a repeat starts no sandbox. */
const isSeen = (read: Pick<Tx, 'hot'>, source: HookSource, id: string) =>
  read.hot('select 1 as seen from hook_seen where source = ? and id_hash = ?').get(source.name, digest(id)) !==
  undefined;

/** Stores one event with its effect, once; the chat lines of what it ended. */
function keep(
  tx: Tx,
  d: InboxDeps,
  source: HookSource,
  event: { id: string; to: Place; happened: Happened | 'unread' | undefined },
): Entry[] {
  const { brandId, integrationId } = event.to;
  const now = d.now();
  const first = tx
    .hot(
      `insert into hook_seen (source, id_hash, brand_id, until_ms) values (?, ?, ?, ?)
       on conflict do nothing returning id_hash`,
    )
    .get(source.name, digest(event.id), brandId, source.timed ? now.getTime() + keptMs : null);
  if (!first) return [];
  tx.hot(
    `insert into hook (source, brand_id, received, refused, last_at) values (?, ?, 1, 0, ?)
     on conflict (source) do update set received = received + 1, last_at = excluded.last_at`,
  ).run(integrationId, brandId, now.toISOString());
  if (event.happened === undefined) return [];
  const said = event.happened === 'unread' ? { kind: 'unread' as const } : event.happened;
  const id = d.ids();
  const record = 'record' in said ? d.hooks.seal(tx, { ...event.to, eventId: id }, said.record) : null;
  tx.hot(
    'insert into hook_event (id, brand_id, integration_id, kind, sealed, seq, at) values (?, ?, ?, ?, ?, ?, ?)',
  ).run(id, brandId, integrationId, said.kind, record, tx.seq(), now.toISOString());
  const by = { actor: 'partner', act: 'webhook', detail: `${source.provider}: ${said.kind}` };
  if (said.kind !== 'uninstalled') {
    note(tx, now.getTime(), { brandId, ...by });
    return [];
  }
  const trouble = 'askfirst was removed at the partner. The key is dead there and wiped here; connect again to go on.';
  return endConnection(tx, d, event.to, { ...by, trouble, lasting: trouble, gone: true }) ?? [];
}

/**
 * Takes one call of a partner: signed, each event for exactly one connection, each id once, stored with its effect before
 * it is acknowledged (R11, DESIGN.md 1.1). `admit` counts an event of a connection and throws `too-many`; what others
 * sent in the same call is kept all the same. Raises `webhook-refused`, `bad-input`, `webhook-unknown-account`.
 */
export async function receive(
  d: InboxDeps,
  source: HookSource,
  request: HookRequest,
  admit: (integrationId: string) => Promise<void>,
): Promise<void> {
  const opened = d.hooks.open(source, request);
  if ('refused' in opened) {
    await refuse(d, source, opened.refused);
    problem(opened.refused === 'malformed' ? 'bad-input' : 'webhook-refused');
  }
  const events = opened.events.map((event) => ({ ...event, to: connectionFor(d.store.read, source, event.account) }));
  const ours = events.filter((event): event is SignedEvent & { to: Place } => event.to !== undefined);
  if (ours.length < events.length) await refuse(d, source, 'account');
  if (ours.length === 0 && events.length > 0) problem('webhook-unknown-account');

  let over: { cause: unknown } | undefined;
  const admitted: typeof ours = [];
  for (const event of ours.filter((one) => !isSeen(d.store.read, source, one.id)))
    await admit(event.to.integrationId).then(
      () => void admitted.push(event),
      (cause: unknown) => {
        over ??= { cause };
      },
    );
  const heard = await Promise.all(
    admitted.map(async (event) => ({ ...event, happened: await d.hear(source.provider, event.value) })),
  );
  const ended = await d.store.write((tx) => {
    tx.hot('delete from hook_seen where until_ms < ?').run(d.now().getTime());
    return heard.map((event) => ({ ...event, entries: keep(tx, d, source, event) }));
  });
  for (const { to, happened, entries } of ended) {
    if (typeof happened === 'object' && happened.kind === 'uninstalled') d.fence.cancel(to);
    d.publish(entries, to.brandId);
    if (happened) d.touch(to.brandId);
  }
  if (over) throw over.cause;
}

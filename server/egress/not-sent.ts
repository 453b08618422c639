import type { Entry } from '#contract/chat.ts';
import type { NotSent } from '#contract/not-sent.ts';
import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import { recipientName } from '../store/disclosures.ts';
import { appendEntry } from '../store/entries.ts';
import type { Store, Tx } from '../store/open.ts';
import { readShareToEnd, shareEntry } from './share-row.ts';

/** What the list of sends that did not go is read from and changed with. */
export interface NotSentDeps {
  store: Store;
  /** Whether the installed add-on says that a repeated send changes nothing. */
  idempotent(provider: string): boolean;
  now: () => Date;
}

/** Who presses, and what they saw: `attempts` as the page showed it, so that a second press finds it changed. */
export interface NotSentPress {
  brandId: string;
  userId: string;
  share: string;
  attempts: number;
}

/** SQL: states of a send that nobody tries again by itself (GATE.md e.2.8). */
const over = `('failed', 'unknown')`;

const select = `select h.id, h.attempts, iif(json_valid(h.allowed_json), h.allowed_json -> '$.allowed', '[]') as fields, h.state, h.at, i.sandbox, i.provider, i.connection,
  ${recipientName} as partner, c.number as chat,
  (select e.body_json ->> '$.cause' from entry e where e.conversation_id = h.conversation_id and e.kind = 'share'
    and e.body_json ->> '$.share' = h.id order by e.n desc limit 1) as cause,
  exists (select 1 from disclosure x join outcome o on o.disclosure_id = x.id
    where x.share_id = h.id and o.state in ('sent', 'unknown')) as out
  from share h join integration i on i.id = h.integration_id join conversation c on c.id = h.conversation_id
  left join manifest m on m.brand_id = h.brand_id and m.hash = i.manifest_hash
  where h.brand_id = ? and h.state in ${over}`;

function viewOf(d: NotSentDeps, r: Record<string, unknown>): NotSent {
  const twice = r.out === 1 && !d.idempotent(r.provider as string);
  return {
    id: r.id as string,
    attempts: r.attempts as number,
    partner: r.partner as string,
    sandbox: r.sandbox === 1,
    connected: r.connection === 'active',
    chat: r.chat as number,
    fields: JSON.parse(r.fields as string) as NotSent['fields'],
    cause: (r.cause as string | null) ?? 'Nobody tries it again by itself.',
    at: r.at as string,
    unsure: r.state === 'unknown',
    twice,
  };
}

/** Sends of the brand that nobody tries again by itself, with their cause; newest first, at most 200 (R12). */
export const notSent = (d: NotSentDeps, brandId: string): NotSent[] =>
  d.store.read
    .hot(`${select} order by h.seq desc limit 200`)
    .all(brandId)
    .map((r) => viewOf(d, r));

/** One of them. Raises `not-found`. */
export function notSentOne(d: NotSentDeps, brandId: string, share: string): NotSent {
  const row = d.store.read.hot(`${select} and h.id = ?`).get(brandId, share);
  return row ? viewOf(d, row) : problem('not-found');
}

/** How many there are: the number beside "Not sent" in the console. */
export const notSentCount = (read: Pick<Tx, 'hot'>, brandId: string): number =>
  read.hot(`select count(*) as n from share where brand_id = ? and state in ${over}`).get(brandId)?.n as number;

/** A press counts for what was seen: a send that moved on since is left as it is. Raises `moved-on`, `not-found`. */
function take(tx: Tx, { brandId, share, attempts }: NotSentPress, change: string): void {
  const known = tx.hot('select 1 as ok from share where id = ? and brand_id = ?').get(share, brandId);
  if (!known) problem('not-found');
  const row = tx
    .hot(`update share set ${change} where id = ? and brand_id = ? and attempts = ? and state in ${over} returning id`)
    .get(share, brandId, attempts);
  if (!row) problem('moved-on');
}

/**
 * Queues the send again with a fresh budget of tries: the same share and so the partner's same idempotency key, a new
 * claim with a new decision (GATE.md e.2.8, k.14). What the gate denies by now ends as withheld. `sure` is the person's
 * word where the partner might then have it twice. Raises `moved-on`, `not-found`, and `may-be-twice` without that word.
 */
export function tryAgain(d: NotSentDeps, press: NotSentPress & { sure: boolean }): Promise<Entry> {
  return d.store.write((tx) => {
    const seen = tx.hot(`${select} and h.id = ?`).get(press.brandId, press.share);
    if (seen && viewOf(d, seen).twice && !press.sure) problem('may-be-twice');
    take(tx, press, `state = 'queued', tries_from = attempts, not_before_ms = 0`);
    audit(tx, d, press, 'send-again');
    const share = readShareToEnd(tx, press.share) ?? problem('not-found');
    const at = d.now().toISOString();
    const partner = partnerOf(tx, share);
    const line = shareEntry(share, partner, 'waiting', share.captured.allowed, share.captured.denied);
    return appendEntry(tx, { ...share, key: Buffer.alloc(0), at }, line);
  });
}

/** Takes the send off the list for good; nothing leaves. Raises `moved-on`, `not-found`. */
export const drop = (d: NotSentDeps, press: NotSentPress): Promise<void> =>
  d.store.write((tx) => {
    take(tx, press, `state = 'dropped'`);
    audit(tx, d, press, 'send-dropped');
  });

const audit = (tx: Tx, d: NotSentDeps, { brandId, userId, share }: NotSentPress, act: string): void =>
  note(tx, d.now().getTime(), { brandId, actor: `user:${userId}`, act, detail: `share ${share}` });

const partnerOf = (tx: Pick<Tx, 'hot'>, share: { brandId: string; integrationId: string }): string =>
  tx
    .hot(
      `select ${recipientName} as name from integration i
       left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash where i.id = ? and i.brand_id = ?`,
    )
    .get(share.integrationId, share.brandId)?.name as string;

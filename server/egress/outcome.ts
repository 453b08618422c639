import type { Entry } from '#contract/chat.ts';
import type { Field } from '#contract/visitor.ts';
import { appendEntry } from '../store/entries.ts';
import type { Store, Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { noteAnswered, noteDown, noteGood, noteTurnedDown } from './circuit.ts';
import type { ClaimDeps } from './claim.ts';
import { combine } from './combine.ts';
import { type Reference, sealReference } from './reference.ts';
import { retryMs, waitAfter } from './schedule.ts';
import { readShareToEnd, type ShareRow, shareEntry } from './share-row.ts';

/** What became of one disclosure (GATE.md a), and of its share. */
export interface Result {
  /** sent: the partner answered; unknown: a byte may have left; failed, aborted: no byte left. */
  state: 'sent' | 'unknown' | 'failed' | 'aborted';
  httpStatus?: number;
  /** done: the partner took it; again: try after `afterMs`; over: nobody tries again by itself. */
  next: 'done' | 'again' | 'over';
  afterMs?: number;
  reference?: Reference;
  /** One plain sentence of ours for agent and console; never the partner's words. */
  cause?: string;
  /** Why there is nothing to draw on the card: no answer in time, or one that cannot be read (R69, R70). */
  why?: 'slow' | 'unreadable';
  /** What the console says about the connection from now on; undefined leaves it as it is. */
  trouble?: string;
  /** down: the partner's fault, counted by the circuit; key: a person has to reconnect. */
  fault?: 'down' | 'key';
}

/** What is said of a send whose records are damaged; nothing of it left (R16). */
export const unreadable = 'A record of this person or partner cannot be read, so nothing was sent.';

const noKey = Buffer.alloc(0);

/** Writes the outcome of a disclosure, once, with what follows for share, connection and conversation (GATE.md e.2.6). */
export function settle(
  tx: Tx,
  d: ClaimDeps,
  disclosure: { id: string; subjectId: string; fields: readonly Field[]; partner: string },
  share: ShareRow,
  result: Result,
): Entry | undefined {
  const at = d.now().toISOString();
  // The key is asked for only where there is something to seal: an outcome is written for whom it cannot be read, too.
  const key = result.reference ? d.keys.of(tx, share.brandId, disclosure.subjectId) : noKey;
  const ref = result.reference ? sealReference(key, disclosure.id, result.reference) : null;
  const record = result.reference?.record;
  const seq = tx.seq();
  tx.hot(
    `insert into outcome (brand_id, subject_id, disclosure_id, state, http_status, ref_enc, record_mac, seq, at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    share.brandId,
    disclosure.subjectId,
    disclosure.id,
    result.state,
    result.httpStatus ?? null,
    ref,
    record === undefined ? null : d.keys.record(share.brandId, share.integrationId, record),
    seq,
    at,
  );
  tx.hot('delete from lease where disclosure_id = ?').run(disclosure.id);
  const good = result.next === 'done';
  noteHealth(tx, d, disclosure.id, share, result, seq);
  if (result.reference?.values) addToRecord(tx, d, share, result.reference.values);
  if (readShareToEnd(tx, share.id)?.state !== 'sending') return undefined;

  const tries = share.attempts - share.triesFrom;
  const again = result.next === 'again' && tries <= retryMs.length;
  const wait = result.afterMs ?? waitAfter(tries) ?? 0;
  const over = result.state === 'unknown' ? 'unknown' : 'failed';
  const state = good ? 'done' : again ? 'queued' : over;
  tx.hot('update share set state = ?, not_before_ms = ? where id = ?').run(state, d.now().getTime() + wait, share.id);
  const shown = good ? 'sent' : again ? 'waiting' : over;
  return appendEntry(
    tx,
    { ...share, key, at },
    {
      ...shareEntry(share, disclosure.partner, shown, disclosure.fields, share.captured.denied, result.cause),
      ...(result.why ? { why: result.why } : {}),
    },
  );
}

/** What the call says about its connection: the last word, the circuit, and whom to tell (R5, R7). */
function noteHealth(
  tx: Tx,
  d: ClaimDeps,
  disclosureId: string,
  { brandId, integrationId }: ShareRow,
  result: Result,
  seq: number,
): void {
  const now = d.now();
  const good = result.next === 'done';
  // A connection that was ended or made anew meanwhile keeps its own word: this call was about the one before.
  const row = tx
    .hot(
      `select x.claim_seq from disclosure x join integration i on i.id = x.integration_id
       where x.id = ? and i.brand_id = ? and i.connection = 'active' and i.conn_epoch = x.conn_epoch`,
    )
    .get(disclosureId, brandId);
  if (!row) return;
  // So does one whose key was turned down: only a new key ends that.
  if (good || result.trouble)
    tx.hot(
      `update integration set last_good_at = coalesce(?, last_good_at),
       trouble = iif(trouble = 'needs_reconnect', trouble, ?) where id = ? and brand_id = ?`,
    ).run(good ? now.toISOString() : null, result.trouble ?? null, integrationId, brandId);
  const at = { brandId, integrationId, now };
  const { httpStatus, cause = '', trouble = cause, afterMs: waitMs } = result;
  if (good) noteGood(tx, at);
  else if (result.fault === 'key') noteTurnedDown(tx, at);
  else if (result.fault === 'down')
    noteDown(tx, at, { claimSeq: row.claim_seq as number, seq, cause: trouble, waitMs });
  else if (httpStatus !== undefined) noteAnswered(tx, at);
}

/** What came back joins the person's record where they said yes; a record that cannot be read keeps no outcome away. */
function addToRecord(tx: Tx, d: ClaimDeps, share: ShareRow, values: NonNullable<Reference['values']>): void {
  readable(() => combine(tx, d, share, values));
}

/**
 * A disclosure without an outcome that nobody is sending was interrupted, so a byte may have left (GATE.md e.2.7): at
 * start, and after the store failed. Its share is tried again only where the adapter is idempotent; otherwise an
 * operator decides. Each row is settled by itself, so that one unreadable record holds up no other.
 */
export async function settleInterrupted(
  d: ClaimDeps & { store: Store },
  how: { idempotent(provider: string): boolean; running(disclosureId: string): boolean; failed(e: unknown): void },
): Promise<Entry[]> {
  const open = d.store.read
    .hot(
      `select x.id, x.share_id, x.subject_id, x.fields_json, i.provider, m.body_json from disclosure x
       join integration i on i.id = x.integration_id
       left join manifest m on m.brand_id = x.brand_id and m.hash = i.manifest_hash
       where not exists (select 1 from outcome o where o.disclosure_id = x.id) order by x.claim_seq`,
    )
    .all()
    .filter((row) => !how.running(row.id as string));
  const settled = open.map((row) => d.store.write((tx) => settleOne(tx, d, row, how.idempotent)));
  const ends = await Promise.allSettled(settled);
  for (const end of ends) if (end.status === 'rejected') how.failed(end.reason);
  return ends.flatMap((end) => (end.status === 'fulfilled' && end.value ? [end.value] : []));
}

function settleOne(
  tx: Tx,
  d: ClaimDeps,
  row: Record<string, unknown>,
  idempotent: (provider: string) => boolean,
): Entry | undefined {
  const share = readShareToEnd(tx, row.share_id as string);
  if (!share) return undefined;
  const fields = JSON.parse(row.fields_json as string) as Field[];
  const partner = nameOf(row.body_json, row.provider as string);
  const disclosure = { id: row.id as string, subjectId: row.subject_id as string, fields, partner };
  return settle(tx, d, disclosure, share, {
    state: 'unknown',
    next: idempotent(row.provider as string) ? 'again' : 'over',
    afterMs: 0,
    cause: 'The hub stopped while this was being sent.',
  });
}

/** The partner's name, or its id where the manifest cannot be read. */
function nameOf(manifestJson: unknown, provider: string): string {
  try {
    return (JSON.parse(manifestJson as string) as { name: string }).name;
  } catch {
    return provider;
  }
}

/** A share that ended without a decision, and its line in the chat. */
export interface Stuck {
  share: ShareRow;
  entry: Entry;
}

/** Ends a waiting share whose records cannot be read: nothing left, and nobody tries it again (R16). */
export function finishUnreadable(tx: Tx, d: ClaimDeps, shareId: string): Stuck | undefined {
  const share = readShareToEnd(tx, shareId);
  if (share?.state !== 'queued') return undefined;
  const row = tx
    .hot(
      `select i.provider, m.body_json from integration i
       left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash where i.id = ? and i.brand_id = ?`,
    )
    .get(share.integrationId, share.brandId);
  tx.hot("update share set state = 'failed' where id = ?").run(share.id);
  const name = nameOf(row?.body_json, String(row?.provider ?? 'this partner'));
  const line = shareEntry(share, name, 'failed', [], share.captured.denied, unreadable);
  return { share, entry: appendEntry(tx, { ...share, key: noKey, at: d.now().toISOString() }, line) };
}

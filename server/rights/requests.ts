import { type Reason, reasons } from '#contract/consent.ts';
import { hoursSetting } from '#contract/hours.ts';
import type { RequestView, ToldView } from '#contract/rights.ts';
import type { Field } from '#contract/visitor.ts';
import { readChatSetting } from '../store/chat-settings.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { recipientName } from '../store/disclosures.ts';
import type { Tx } from '../store/open.ts';
import { digest, newToken } from '../store/seal.ts';
import { dueOn } from './clock.ts';

type Read = Pick<Tx, 'hot'>;

/** What a person asked for. */
export interface Asked {
  brandId: string;
  subjectId: string;
  kind: 'correct' | 'erase';
  field?: Field;
}

/** Writes a request down with its clock; the code opens its status page and is kept as its digest alone (R37). */
export function openRequest(
  tx: Tx,
  d: { now: () => Date; ids: () => string },
  asked: Asked,
): { id: string; code: string } {
  const id = d.ids();
  const code = newToken();
  const now = d.now();
  const { zone } = readChatSetting(tx, asked.brandId, hoursSetting).value;
  putRequest(tx, { id, ...asked, codeHash: digest(code), receivedAt: now.toISOString(), dueOn: dueOn(now, zone) });
  return { id, code };
}

/** A request as its row is. */
interface StoredRequest extends Omit<Asked, 'subjectId'> {
  id: string;
  /** Null once the person is forgotten: the row names nobody then. */
  subjectId: string | null;
  codeHash: string;
  /** ISO 8601 UTC. */
  receivedAt: string;
  /** The day alone (R38). */
  dueOn: string;
  doneAt?: string;
  leafIndex?: number;
}

/** Writes the row of a request. */
export function putRequest(tx: Tx, r: StoredRequest): void {
  tx.hot(
    `insert into rights_request (id, brand_id, subject_id, code_hash, kind, field, received_at, due_on, done_at, leaf_index)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    r.id,
    r.brandId,
    r.subjectId,
    r.codeHash,
    r.kind,
    r.field ?? null,
    r.receivedAt,
    r.dueOn,
    r.doneAt ?? null,
    r.leafIndex ?? null,
  );
}

/** Hangs the jobs a request made on it, so that its page shows what became of each. */
export function hangOn(tx: Tx, requestId: string, jobs: readonly string[]): void {
  for (const job of jobs) tx.hot('update propagation_job set request_id = ? where id = ?').run(requestId, job);
}

/** The request behind a status page's code; undefined for a code nobody has at this brand. */
export function requestOf(read: Read, brandId: string, code: string): RequestView | undefined {
  const row = read.hot('select * from rights_request where code_hash = ? and brand_id = ?').get(digest(code), brandId);
  return row && viewOf(read, row);
}

/** Everything a person asked for at a brand, the newest first; at most 20. */
export const requestsOf = (read: Read, who: { brandId: string; subjectId: string }): RequestView[] =>
  everyoneIn(closureOf(read, who.brandId, who.subjectId))
    .flatMap((id) =>
      read
        .hot(
          'select * from rights_request where brand_id = ? and subject_id = ? order by received_at desc, id limit 20',
        )
        .all(who.brandId, id),
    )
    .sort((a, b) => (b.received_at as string).localeCompare(a.received_at as string))
    .slice(0, 20)
    .map((row) => viewOf(read, row));

function viewOf(read: Read, row: Record<string, unknown>): RequestView {
  const told = toldBy(read, row.id as string);
  const open = row.done_at === null || told.some((t) => t.state === 'waiting');
  return {
    kind: row.kind as RequestView['kind'],
    ...(row.field === null ? {} : { field: row.field as Field }),
    receivedAt: row.received_at as string,
    dueOn: row.due_on as string,
    here: row.done_at !== null,
    ...(row.leaf_index === null ? {} : { leafIndex: row.leaf_index as number }),
    told,
    state: open ? 'open' : told.every((t) => t.state === 'done') ? 'done' : 'partly',
  };
}

const stateOf: Record<string, ToldView['state']> = {
  acknowledged: 'done',
  impossible: 'impossible',
  disproportionate: 'refused',
};
/** The least far of a recipient's jobs speaks for it: nobody reads that it is done before all of it is. */
const order: readonly ToldView['state'][] = ['waiting', 'refused', 'impossible', 'done'];

/** What became of each recipient, one line each (R40, R42). */
function toldBy(read: Read, requestId: string): ToldView[] {
  const lines = new Map<string, ToldView>();
  const jobs = read
    .hot(
      `select j.state, j.due_at, j.reason, i.id, i.sandbox, ${recipientName} as partner from propagation_job j
       join integration i on i.id = j.integration_id
       left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
       where j.request_id = ? order by partner, i.id`,
    )
    .all(requestId);
  for (const job of jobs) {
    const state = stateOf[job.state as string] ?? 'waiting';
    const before = lines.get(job.id as string);
    if (before && order.indexOf(before.state) <= order.indexOf(state)) continue;
    lines.set(job.id as string, {
      partner: job.partner as string,
      sandbox: job.sandbox === 1,
      state,
      dueAt: job.due_at as string,
      ...reasonOf(state, job.reason as string | null),
    });
  }
  return [...lines.values()];
}

const rules: ReadonlySet<string> = new Set(Object.values(reasons));

/** A rule where one spoke; what a person of the brand wrote; nothing where the partner offers no way. */
function reasonOf(state: ToldView['state'], reason: string | null): Pick<ToldView, 'why' | 'words'> {
  if (reason === null) return {};
  if (state === 'refused') return { words: reason };
  return rules.has(reason) ? { why: reason as Reason } : {};
}

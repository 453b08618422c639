import { beginErasure, type EraseDeps, erase } from '../consent/erase.ts';
import { recipientsOf, whatIsOut } from '../consent/under-way.ts';
import { closureOf } from '../store/closure.ts';
import { recipientName } from '../store/disclosures.ts';
import type { Tx } from '../store/open.ts';
import { createRowWorker, type RowWorker } from '../store/row-worker.ts';
import { digest, newToken } from '../store/seal.ts';
import { hangOn, openRequest, putRequest } from './requests.ts';

/** What forgetting needs. */
export type ForgetDeps = EraseDeps;

/**
 * A person asks to be forgotten (R40, GDPR 17): the request is stored and nothing about them starts any more when this
 * resolves; the worker does the rest, also after a restart. Asked again before that is done, it is the same request with a
 * new code. Returns the code of its status page.
 */
export async function askToForget(d: ForgetDeps, who: { brandId: string; subjectId: string }): Promise<string> {
  const { root } = closureOf(d.store.read, who.brandId, who.subjectId);
  const code = await d.store.write((tx) => {
    const open = tx
      .hot("select id from rights_request where brand_id = ? and subject_id = ? and kind = 'erase' and done_at is null")
      .get(who.brandId, root);
    if (!open) return openRequest(tx, d, { brandId: who.brandId, subjectId: root, kind: 'erase' }).code;
    const again = newToken();
    tx.hot('update rights_request set code_hash = ? where id = ?').run(digest(again), open.id as string);
    return again;
  });
  await beginErasure(d, { brandId: who.brandId, subjectIds: [root] });
  return code;
}

/** Erases whoever asked, as soon as nothing of theirs is on its way; wake it after `askToForget`. */
export function createForgetting(d: ForgetDeps & { failed(error: unknown): void }): RowWorker {
  const open = () =>
    d.store.read
      .hot("select * from rights_request where kind = 'erase' and done_at is null order by received_at limit 100")
      .all();
  return createRowWorker({
    async round() {
      const errors: unknown[] = [];
      // One that cannot be done keeps nobody else waiting; it is looked at again, and its error is told.
      for (const row of open()) await forget(d, row).catch((error) => errors.push(error));
      if (errors.length > 0) throw errors[0];
      return false;
    },
    // An open send ends by itself, at the latest when the partner's time is over: it is looked at again each second.
    nextMs: () => (open().length > 0 ? d.now().getTime() : null),
    now: () => d.now().getTime(),
    failed: d.failed,
  });
}

/** One request as far as it can be done now: its row outlives the person without naming them. */
async function forget(d: ForgetDeps, row: Record<string, unknown>): Promise<void> {
  const id = row.id as string;
  const who = { brandId: row.brand_id as string, subjectIds: [row.subject_id as string] };
  await beginErasure(d, who);
  await erase(d, who, (tx, { jobs, leafIndex }) => {
    putRequest(tx, {
      id,
      brandId: who.brandId,
      subjectId: null,
      kind: 'erase',
      codeHash: row.code_hash as string,
      receivedAt: row.received_at as string,
      dueOn: row.due_on as string,
      doneAt: d.now().toISOString(),
      leafIndex,
    });
    hangOn(tx, id, jobs);
  });
}

/** Who would be told to erase something of a person, by name: whoever got it, and nobody else (R40). */
export function wouldBeTold(
  d: Pick<ForgetDeps, 'store' | 'fence'>,
  who: { brandId: string; subjectId: string },
): { partner: string; sandbox: boolean; way: 'api' | 'manual' | 'none' }[] {
  const { read } = d.store;
  return recipientsOf(read, who).flatMap((integrationId) => {
    if (whatIsOut(read, d.fence, { ...who, integrationId }).length === 0) return [];
    const row = partnerOf(read, who.brandId, integrationId);
    const way = (row?.way ?? 'manual') as 'api' | 'manual' | 'none';
    return row ? [{ partner: row.partner as string, sandbox: row.sandbox === 1, way }] : [];
  });
}

const partnerOf = (read: Pick<Tx, 'hot'>, brandId: string, integrationId: string) =>
  read
    .hot(
      `select i.sandbox, ${recipientName} as partner,
       iif(json_valid(m.body_json), m.body_json ->> '$.capabilities.erase', null) as way from integration i
       left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash where i.id = ? and i.brand_id = ?`,
    )
    .get(integrationId, brandId);

import { isSilent } from '../consent/keywords.ts';
import type { Mailer } from '../egress/mail.ts';
import { waitAfter } from '../egress/schedule.ts';
import type { Store, Tx } from '../store/open.ts';
import { createRowWorker, type RowWorker } from '../store/row-worker.ts';
import type { Outbox } from './outbox.ts';

/** What `createPosting` needs; `now` gives milliseconds since 1970. */
export interface PostingDeps {
  store: Store;
  outbox: Pick<Outbox, 'open'>;
  mailer: Pick<Mailer, 'hand'>;
  now: () => number;
  /** Told when the store failed; the mail that was claimed then stays as it is. */
  onFailure(error: unknown): void;
}

/**
 * Why a mail about a person stays: STOP counts until the moment of posting, whenever the mail was asked for (R45). Where
 * it cannot be read whether the person wrote it, this mail fails and the others go on (R16). What its reader asked for on
 * the public page is no mail of ours to them but their own answer, and goes (R36).
 */
function whyNot(tx: Tx, { brand_id, subject_id, asked }: Record<string, unknown>) {
  if (brand_id === null || subject_id === null || asked === 1) return undefined;
  try {
    if (!isSilent(tx, { brandId: brand_id as string, subjectId: subject_id as string })) return undefined;
    return { state: 'withheld', trouble: 'The person told us to stop before it went.' };
  } catch {
    return { state: 'failed', trouble: 'Whether the person told us to stop could not be read.' };
  }
}

/**
 * Works the outbox off through the mail server, where one is set. Each mail is claimed in the store before it is handed
 * over, so that no second worker and no restart sends it again (R7). One that was claimed when the hub stopped may have
 * gone: it stays in the list as "unsure", and whoever runs the hub decides.
 */
export function createPosting(d: PostingDeps): RowWorker {
  const { store, outbox, now } = d;

  /** The next mail that is due: to be handed over, or withheld in the same transaction; undefined where none is. */
  const claim = () =>
    store.write((tx) => {
      const due = tx
        .hot(
          `select id, attempts, brand_id, subject_id, asked from outbox where state = 'waiting' and not_before_ms <= ?
           order by not_before_ms, at limit 1`,
        )
        .get(now());
      if (!due) return undefined;
      const id = due.id as string;
      const stays = whyNot(tx, due);
      if (stays) {
        tx.hot('update outbox set state = ?, trouble = ? where id = ?').run(stays.state, stays.trouble, id);
        return { id, stays: true as const };
      }
      tx.hot("update outbox set state = 'sending', attempts = attempts + 1, trouble = null where id = ?").run(id);
      return { id, attempts: (due.attempts as number) + 1 };
    });

  async function post(id: string, attempts: number): Promise<void> {
    const { to, subject, body } = await outbox.open(id);
    const end = await d.mailer.hand({ id, to, subject, text: body });
    const at = now();
    const wait = waitAfter(attempts);
    await store.write((tx) => {
      if (end.ok)
        tx.hot("update outbox set state = 'sent', sent_at = ? where id = ?").run(new Date(at).toISOString(), id);
      else {
        const state =
          end.next === 'unsure' ? 'unsure' : end.next === 'again' && wait !== undefined ? 'waiting' : 'failed';
        tx.hot('update outbox set state = ?, trouble = ?, not_before_ms = ? where id = ?').run(
          state,
          end.trouble,
          at + (wait ?? 0),
          id,
        );
      }
    });
  }

  return createRowWorker({
    async round() {
      const row = await claim();
      if (row && !row.stays) await post(row.id, row.attempts);
      return row !== undefined;
    },
    nextMs: () =>
      store.read.hot("select min(not_before_ms) as ms from outbox where state = 'waiting'").get()?.ms as number | null,
    now,
    failed: d.onFailure,
  });
}

/** Mail that was being handed over when the hub stopped may have gone: nobody sends it again by itself. */
export const settleUnsure = (store: Store): Promise<void> =>
  store.write((tx) =>
    tx
      .hot("update outbox set state = 'unsure', trouble = ? where state = 'sending'")
      .run('The hub stopped while it was handed over, so it may have gone.'),
  );

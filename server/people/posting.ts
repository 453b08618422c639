import type { Mailer } from '../egress/mail.ts';
import { waitAfter } from '../egress/schedule.ts';
import type { Store } from '../store/open.ts';
import type { Outbox } from './outbox.ts';

/** Works the outbox off through the mail server, where one is set. */
export interface Posting {
  /** Looks for waiting mail now. */
  wake(): void;
  /** Resolves when nothing is being handed over. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

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
 * Each mail is claimed in the store before it is handed over, so that no second worker and no restart sends it again
 * (R7). One that was claimed when the hub stopped may have gone: it stays in the list as "unsure", and whoever runs the
 * hub decides.
 */
export function createPosting(d: PostingDeps): Posting {
  const { store, outbox, now } = d;
  let running: Promise<void> | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let woken = false;

  const claim = () =>
    store.write((tx) =>
      tx
        .hot(
          `update outbox set state = 'sending', attempts = attempts + 1, trouble = null where id =
           (select id from outbox where state = 'waiting' and not_before_ms <= ? order by not_before_ms, at limit 1)
           returning id, attempts`,
        )
        .get(now()),
    );

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

  async function work(): Promise<void> {
    do {
      woken = false;
      while (!stopped) {
        const row = await claim();
        if (!row) break;
        await post(row.id as string, row.attempts as number);
      }
    } while (woken && !stopped);
    const next = store.read.hot("select min(not_before_ms) as ms from outbox where state = 'waiting'").get()?.ms;
    if (stopped || typeof next !== 'number') return;
    clearTimeout(timer);
    timer = setTimeout(wake, Math.min(Math.max(next - now(), 1_000), 60_000)).unref();
  }

  function wake(): void {
    woken = true;
    if (stopped || running) return;
    running = work()
      .catch(d.onFailure)
      .finally(() => {
        running = undefined;
      });
  }

  return {
    wake,
    async settled() {
      while (running) await running;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Mail that was being handed over when the hub stopped may have gone: nobody sends it again by itself. */
export const settleUnsure = (store: Store): Promise<void> =>
  store.write((tx) =>
    tx
      .hot("update outbox set state = 'unsure', trouble = ? where state = 'sending'")
      .run('The hub stopped while it was handed over, so it may have gone.'),
  );

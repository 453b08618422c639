import { randomUUID } from 'node:crypto';
import { problem } from '#contract/problem.ts';
import type { Store } from '../store/open.ts';
import { seal, unseal } from '../store/seal.ts';

/** A mail in the list: no body. `at` is ISO 8601 UTC. */
interface WaitingMail {
  id: string;
  to: string;
  subject: string;
  at: string;
}
/** Mail that waits because no mail server is set; only the operator opens it (`may(agent, 'read-outbox')`). */
export interface Outbox {
  /** Seals and stores one mail; resolves after the commit. `subject` is stored in clear: words of ours only. */
  put(to: string, subject: string, body: string): Promise<void>;
  /** Newest first, at most 100. */
  list(): Promise<WaitingMail[]>;
  /** One mail with its body. Problems: not-found. */
  open(id: string): Promise<WaitingMail & { body: string }>;
}

/** Makes the outbox; `key` has 32 bytes, `now` gives milliseconds since 1970. */
export function createOutbox({ store, key, now }: { store: Store; key: Buffer; now: () => number }): Outbox {
  return {
    put: (to, subject, body) => {
      const id = randomUUID();
      const row = {
        id,
        to_enc: seal(key, `outbox ${id} to`, to),
        subject,
        body_enc: seal(key, `outbox ${id} body`, body),
        at: new Date(now()).toISOString(),
      };
      return store.write((tx) => tx.run(tx.sql.insertInto('outbox').values(row)));
    },
    list: async () => {
      const rows = await store.db
        .selectFrom('outbox')
        .select(['id', 'to_enc', 'subject', 'at'])
        .orderBy('at', 'desc')
        .limit(100)
        .execute();
      return rows.map(({ id, to_enc, subject, at }) => ({
        id,
        to: unseal(key, `outbox ${id} to`, to_enc).toString(),
        subject,
        at,
      }));
    },
    open: async (id) => {
      const row = await store.db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return problem('not-found');
      const { subject, at } = row;
      const to = unseal(key, `outbox ${id} to`, row.to_enc).toString();
      return { id, to, subject, at, body: unseal(key, `outbox ${id} body`, row.body_enc).toString() };
    },
  };
}

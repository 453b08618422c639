import { randomUUID } from 'node:crypto';
import { problem } from '#contract/problem.ts';
import type { Store, Tx } from '../store/open.ts';
import { seal, unseal } from '../store/seal.ts';

/** A mail in the list: no body. `at` and `sentAt` are ISO 8601 UTC. */
interface OutboxMail {
  id: string;
  to: string;
  subject: string;
  at: string;
  /**
   * waiting: also where no mail server is set; unsure: handed over, perhaps; failed: nobody tries again by itself;
   * withheld: its reader wrote STOP, so nobody sends it at all.
   */
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'unsure' | 'withheld';
  sentAt?: string;
  /** Why it did not go, a sentence of ours. */
  trouble?: string;
}
/**
 * Mail on its way, and mail that waits because no mail server is set; only the operator opens it
 * (`may(agent, 'read-outbox')`).
 */
export interface Outbox {
  /** Seals and stores one mail; resolves after the commit. `subject` is stored in clear: words of ours only. */
  put(to: string, subject: string, body: string): Promise<void>;
  /**
   * The same inside a transaction of the caller. `of`: whose words are in it; then it goes with that person. `asked`: it
   * answers what they asked for on the public page, so it goes out after a STOP too.
   */
  putIn(
    tx: Tx,
    to: string,
    subject: string,
    body: string,
    of?: { brandId: string; subjectId: string; asked?: boolean },
  ): void;
  /** Newest first, at most 100. */
  list(): Promise<OutboxMail[]>;
  /** One mail with its body. Problems: not-found. */
  open(id: string): Promise<OutboxMail & { body: string }>;
  /** Puts one that did not go on its way again. Problems: not-found, moved-on. */
  again(id: string): Promise<void>;
}

const columns = 'id, to_enc, subject, at, state, sent_at, trouble';

/** Makes the outbox; `key` has 32 bytes, `now` gives milliseconds since 1970. `put` is told once a mail is stored. */
export function createOutbox({
  store,
  key,
  now,
  put: told = () => {},
}: {
  store: Store;
  key: Buffer;
  now: () => number;
  put?: () => void;
}): Outbox {
  const opened = (row: Record<string, unknown>): OutboxMail => ({
    id: row.id as string,
    to: unseal(key, `outbox ${row.id} to`, row.to_enc as string).toString(),
    subject: row.subject as string,
    at: row.at as string,
    state: row.state as OutboxMail['state'],
    ...(row.sent_at ? { sentAt: row.sent_at as string } : {}),
    ...(row.trouble ? { trouble: row.trouble as string } : {}),
  });
  const putIn: Outbox['putIn'] = (tx, to, subject, body, of) => {
    const id = randomUUID();
    tx.hot(
      'insert into outbox (id, to_enc, subject, body_enc, at, brand_id, subject_id, asked) values (?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(
      id,
      seal(key, `outbox ${id} to`, to),
      subject,
      seal(key, `outbox ${id} body`, body),
      new Date(now()).toISOString(),
      of?.brandId ?? null,
      of?.subjectId ?? null,
      of?.asked ? 1 : 0,
    );
  };
  return {
    putIn,
    put: (to, subject, body) => store.write((tx) => putIn(tx, to, subject, body)).then(told),
    list: async () => store.read.hot(`select ${columns} from outbox order by at desc limit 100`).all().map(opened),
    open: async (id) => {
      const row = store.read.hot(`select ${columns}, body_enc from outbox where id = ?`).get(id);
      if (!row) return problem('not-found');
      return { ...opened(row), body: unseal(key, `outbox ${id} body`, row.body_enc as string).toString() };
    },
    again: (id) =>
      store
        .write((tx) => {
          if (!tx.hot('select 1 as one from outbox where id = ?').get(id)) problem('not-found');
          const row = tx
            .hot(
              `update outbox set state = 'waiting', attempts = 0, not_before_ms = 0, trouble = null
             where id = ? and state in ('failed', 'unsure') returning id`,
            )
            .get(id);
          if (!row) problem('moved-on');
        })
        .then(told),
  };
}

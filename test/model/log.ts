import type { Field } from '#contract/visitor.ts';
import type { Store, Tx } from '../../server/store/open.ts';

/** What happened, in the order in which it did: committed rows by their seq, and writes in their tick. */
type Happened =
  | {
      kind: 'claim';
      id: string;
      share: string;
      subject: string;
      integration: string;
      fields: Field[];
      manifest: string;
    }
  | {
      kind: 'answer';
      type: string;
      subject: string;
      integration: string;
      fields: Field[];
      manifest: string;
      seq: number;
    }
  | { kind: 'outcome'; id: string; state: string }
  | { kind: 'disconnect' | 'connect'; integration: string; revokedBefore: number }
  | { kind: 'write'; id: string; body: string; answer: string }
  | { kind: 'ack'; subject: string; integration: string; listed: string[] }
  | { kind: 'crash' };

/** The record of one schedule. */
export interface Log {
  events: Happened[];
  faults: string[];
  fault(words: string): void;
  stopped(id: string, reason: Error): void;
  wrote(id: string, body: string, answer: string): void;
  happened(event: Happened): void;
  /** Takes up what was committed since the last look. */
  sync(): void;
  /** Runs one job and looks at what it did to leases, in its own transaction (GATE.md e.2.5). */
  watch<T>(tx: Tx, job: (tx: Tx) => T): T;
  lines: string[];
}

/** Starts the record of one brand at this moment. */
export function createLog(store: Store, brandId: string): Log {
  const read = store.read;
  let last = read.hot("select value from counter where name = 'seq'").get()?.value as number;
  const log: Log = {
    events: [],
    faults: [],
    lines: [],
    fault: (words) => void log.faults.push(words),
    stopped: (id, reason) => void log.lines.push(`stopped ${id}: ${reason.message}`),
    wrote(id, body, answer) {
      log.sync();
      if (!read.hot('select 1 as ok from disclosure where id = ?').get(id))
        log.fault(`I1: a write without a row: ${body}`);
      log.happened({ kind: 'write', id, body, answer });
    },
    happened(event) {
      log.events.push(event);
      log.lines.push(JSON.stringify(event));
    },
    sync() {
      const found = rowsSince(read, brandId, last).sort((a, b) => a.at - b.at);
      for (const { at, event } of found) {
        last = Math.max(last, at);
        log.happened(event);
      }
    },
    watch(tx, job) {
      const leases = () =>
        tx.hot('select disclosure_id as id, until_ms as until from lease where brand_id = ?').all(brandId);
      const before = new Map(leases().map((l) => [l.id, l.until]));
      const value = job(tx);
      for (const { id, until } of leases()) {
        if (!before.has(id) || before.get(id) === until) continue;
        const same = tx
          .hot(
            `select 1 as ok from disclosure x join subject s on s.id = x.subject_id and s.epoch = x.subject_epoch
             join integration i on i.id = x.integration_id and i.conn_epoch = x.conn_epoch and i.connection = 'active'
             where x.id = ? and not exists (select 1 from outcome o where o.disclosure_id = x.id)`,
          )
          .get(id as string);
        if (!same) log.fault(`e.2.5: the lease of ${id} was renewed after an epoch rose or its outcome was written`);
      }
      return value;
    },
  };
  return log;
}

const list = (text: unknown): Field[] => JSON.parse(text as string) as Field[];

function rowsSince(read: Store['read'], brandId: string, last: number): { at: number; event: Happened }[] {
  const since = (sql: string) => read.hot(sql).all(brandId, last);
  const claims = since(
    `select x.*, l.row from disclosure x join ledger_leaf l on l.idx = x.leaf_index where x.brand_id = ? and claim_seq > ?`,
  ).map((r) => ({
    at: r.claim_seq as number,
    event: {
      kind: 'claim' as const,
      id: r.id as string,
      share: r.share_id as string,
      subject: r.subject_id as string,
      integration: r.integration_id as string,
      fields: list(r.fields_json),
      manifest: (JSON.parse(r.row as string) as { manifest: string }).manifest,
    },
  }));
  const answers = since('select * from consent_event where brand_id = ? and seq > ?').map((r) => ({
    at: r.seq as number,
    event: {
      kind: 'answer' as const,
      type: r.type as string,
      subject: r.subject_id as string,
      integration: r.integration_id as string,
      fields: list(r.fields_json),
      manifest: r.manifest_hash as string,
      seq: r.seq as number,
    },
  }));
  const outcomes = since('select * from outcome where brand_id = ? and seq > ?').map((r) => ({
    at: r.seq as number,
    event: { kind: 'outcome' as const, id: r.disclosure_id as string, state: r.state as string },
  }));
  const links = since('select * from audit where brand_id = ? and seq > ?').map((r) => ({
    at: r.seq as number,
    event: {
      kind: r.act as 'connect' | 'disconnect',
      integration: r.detail as string,
      revokedBefore: read.hot('select revoked_before_seq as n from integration where id = ?').get(r.detail as string)
        ?.n as number,
    },
  }));
  return [...claims, ...answers, ...outcomes, ...links];
}

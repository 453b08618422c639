import type { Store } from '../store/open.ts';
import { isStopped } from '../store/stops.ts';
import type { StopFile } from './stop-file.ts';

/**
 * Why nothing was written: the lease was over, another call of the share used it, an opt-out or a disconnect came first,
 * or sending is stopped.
 */
export class Stopped extends Error {
  constructor(readonly why: 'lease_over' | 'lease_used' | 'epoch_changed' | 'stopped') {
    super(why);
    this.name = 'Stopped';
  }
}

/** The right to start one write, for a moment (GATE.md e.2.2). Milliseconds of the monotonic clock. */
export interface Lease {
  disclosureId: string;
  brandId: string;
  subjectId: string;
  integrationId: string;
  subjectEpoch: number;
  connEpoch: number;
  untilMs: number;
}

/** Where a test may hold a delivery (GATE.md l, seams); two are held by deliver.ts and two by http.ts. */
export type PausePoint = 'after-claim' | 'before-write' | 'after-write' | 'before-outcome';

/** Defaults of GATE.md e: how long a claim may take to its first byte. */
export const leaseMs = 1_500;

/** Leases of this process and the check made in the tick of the write (GATE.md e.2.4, e.3 "one egress process"). */
export interface Fence {
  open(lease: Lease): void;
  /** True while the disclosure has a lease that is not over. */
  live(disclosureId: string): boolean;
  /**
   * Throws Stopped unless the lease lives, both epochs are what the claim read and nobody stopped sending (P4).
   * Synchronous: no tick is lost.
   */
  check(disclosureId: string): void;
  /**
   * The bytes were handed to the socket: the lease is over, in the same tick (GATE.md e.2.5). `cut` destroys that socket
   * while it still holds some of them, and does nothing once it holds none or the call is over.
   */
  written(disclosureId: string, cut: () => void): void;
  /** True while this process is sure that no byte of the disclosure was handed to a socket. */
  unwritten(disclosureId: string): boolean;
  /** Its outcome is stored: nothing more is kept about it. */
  forget(disclosureId: string): void;
  /**
   * Cancels every open lease of a person (or of one integration) at once, and destroys the sockets that hold unflushed
   * bytes about them (GATE.md e.2 "Opt-out"). To be called in the tick in which the commit is known.
   */
  cancel(match: { subjectId?: string; integrationId?: string }): void;
}

/**
 * A fence over the hub's own handle: epochs and stops are read by prepared statements, never by an awaited query, and the
 * operator's stops from their folder: a hub that was paused meanwhile finds them before its next byte.
 */
export function createFence(store: Store, monotonic: () => number, stopFile?: Pick<StopFile, 'holds'>): Fence {
  const leases = new Map<string, Lease>();
  /** Disclosures of which a byte went to a socket, and how to stop what of it has not left yet. */
  const handed = new Map<string, { lease: Lease; cuts: (() => void)[] }>();
  const untouched = new Set<string>();
  const subject = store.read.hot('select epoch, erased_at from subject where id = ? and brand_id = ?');
  const integration = store.read.hot(
    `select i.conn_epoch, i.connection, i.provider, ${isStopped} as stopped from integration i
     where i.id = ? and i.brand_id = ?`,
  );
  return {
    open(lease) {
      leases.set(lease.disclosureId, lease);
      if (!handed.has(lease.disclosureId)) untouched.add(lease.disclosureId);
    },
    live(id) {
      const lease = leases.get(id);
      return lease !== undefined && monotonic() < lease.untilMs;
    },
    check(id) {
      const lease = leases.get(id);
      if (!lease) throw new Stopped(handed.has(id) ? 'lease_used' : 'lease_over');
      if (monotonic() >= lease.untilMs) throw new Stopped('lease_over');
      const s = subject.get(lease.subjectId, lease.brandId);
      const i = integration.get(lease.integrationId, lease.brandId);
      if (i?.stopped || stopFile?.holds(String(i?.provider))) throw new Stopped('stopped');
      const same =
        s?.epoch === lease.subjectEpoch &&
        s.erased_at === null &&
        i?.conn_epoch === lease.connEpoch &&
        i.connection === 'active';
      if (!same) throw new Stopped('epoch_changed');
    },
    written(id, cut) {
      const lease = leases.get(id);
      leases.delete(id);
      untouched.delete(id);
      const known = handed.get(id);
      if (known) known.cuts.push(cut);
      else if (lease) handed.set(id, { lease, cuts: [cut] });
    },
    unwritten: (id) => untouched.has(id),
    forget(id) {
      leases.delete(id);
      untouched.delete(id);
      handed.delete(id);
    },
    cancel({ subjectId, integrationId }) {
      const concerned = (l: Lease) => l.subjectId === subjectId || l.integrationId === integrationId;
      for (const [id, lease] of leases) if (concerned(lease)) leases.delete(id);
      for (const { lease, cuts } of handed.values()) if (concerned(lease)) for (const cut of cuts) cut();
    },
  };
}

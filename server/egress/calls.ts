import { Stopped } from './fence.ts';
import type { PartnerResult } from './partner.ts';

/** What the calls of one delivery came to, and an end after which none of them may begin to write. */
export interface Calls {
  /** In order; the last one is the one that stopped the adapter, where one did. */
  readonly results: PartnerResult[];
  /** Raises Stopped once the delivery ended; asked in the tick of the write. */
  check(): void;
  /** Told in that tick. */
  written(): void;
  /** True when a byte went to a socket, whatever the results say: an answered 401 is no result where a second try follows. */
  anyWritten(): boolean;
  perform(call: () => Promise<PartnerResult>): Promise<PartnerResult>;
  /**
   * Ends the delivery: from here on no write starts; resolves when those that started are answered. An adapter that is
   * stopped leaves calls under way, and their bytes count like all others (GATE.md I5).
   */
  end(): Promise<void>;
}

/** The calls of one delivery. */
export function createCalls(): Calls {
  const results: PartnerResult[] = [];
  const open = new Set<Promise<unknown>>();
  let over = false;
  let wrote = false;
  return {
    results,
    written() {
      wrote = true;
    },
    anyWritten: () => wrote,
    check() {
      if (over) throw new Stopped('lease_over');
    },
    async perform(call) {
      const running = call();
      const settled = running.then(
        (result) => results.push(result),
        () => {},
      );
      open.add(settled);
      await settled;
      open.delete(settled);
      return running;
    },
    async end() {
      over = true;
      const known = results.length;
      await Promise.all(open);
      const late = results.splice(known).filter((r) => r.kind === 'sent' || r.kind === 'unknown');
      results.unshift(...late);
    },
  };
}

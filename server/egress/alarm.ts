import { note } from '../store/audit.ts';
import type { Store } from '../store/open.ts';

/** What an operator is called for, each with its one sentence in the log (GATE.md preamble: "no row, no byte, an alarm"). */
const words = {
  'connect-outside-egress': 'a connection outside egress was refused',
  'record-unreadable': 'a record cannot be read; its send is over',
  'delivery-broke': 'a delivery broke; it is tried again',
  'webhook-refused': 'a call to a webhook address was refused',
  'send-unsettled': 'an interrupted send could not be settled',
  'call-without-row': 'a call left that no ledger row stands for',
  'revocation-late': 'a grant is not revoked at the partner after a minute; it is tried again',
  'revocation-given-up': 'a grant was not revoked at the partner; remove askfirst there by hand',
  'over-budget': 'too many people were sent to a partner at once; sending to it is stopped',
  'kill-failed': 'a stop of sending, or an unused connection, could not be stored; it is tried again',
} as const;

/** The name of an alarm, as it stands in log and audit. */
type AlarmName = keyof typeof words;

/** What an alarm may say beside its name: ids, kinds and places of ours, never a value, a host name or an error's words. */
interface AlarmFacts {
  brandId?: string;
  /** Name of an error's class. */
  kind?: string;
  /** Where: a place in the code without the path before it, `deliver.ts:88`; for a webhook its provider and why. */
  at?: string;
  /** Id of a connection. */
  integration?: string;
}

/** Raises one alarm; never throws. */
export type Alarm = (name: AlarmName, facts?: AlarmFacts) => void;

/** The same alarm of the same brand and place is one audit row a minute, so that no loop fills the disk; the log has all. */
const quietMs = 60_000;

/**
 * Makes the alarm: an error-level line `{ alarm, kind, at, brand, integration }` in the log, and an audit row `alarm` with the name
 * where the store can still write. Log watchers match on the key `alarm`.
 */
export function createAlarm(d: {
  store: Store;
  log: { error(facts: Record<string, unknown>, message: string): void };
  now: () => Date;
}): Alarm {
  const last = new Map<string, number>();
  return (name, { brandId, kind, at, integration } = {}) => {
    d.log.error({ alarm: name, kind, at, brand: brandId, integration }, words[name]);
    const now = d.now().getTime();
    const where = at ?? integration;
    const detail = where === undefined ? name : `${name}: ${where}`;
    const key = `${brandId}|${detail}`;
    if (now - (last.get(key) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
    if (last.size > 1_000) last.clear();
    last.set(key, now);
    d.store
      .write((tx) => note(tx, now, { brandId: brandId ?? null, actor: 'nobody', act: 'alarm', detail }))
      .catch(() => last.delete(key)); // the store cannot write: the line in the log stands alone, the next one tries again
  };
}

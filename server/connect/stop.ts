import { problem } from '#contract/problem.ts';
import { appendRow, minuteOf } from '../egress/ledger.ts';
import { note } from '../store/audit.ts';
import type { Tx } from '../store/open.ts';
import { endStop, insertStop, type Reach, reachedBy, type Stop, stopAt } from '../store/stops.ts';
import type { ConnectDeps } from './connect.ts';

/** What stopping needs; `runner` is told when sending goes on. */
export type StopDeps = Pick<ConnectDeps, 'store' | 'fence' | 'touch' | 'now' | 'ids'> & { runner: { wake(): void } };

/** Who did it, and why in their words or ours. */
interface By {
  by: string;
  why: string;
}

/** The shortest reason a person may give, in characters: "ok" explains nothing to whoever reads it later. */
const shortestReason = 3;
/** The longest. */
const longestReason = 300;

/** A person's reason, trimmed. Raises `bad-input`. */
export function reasonOf(text: string | undefined): string {
  const why = (text ?? '').trim();
  if (why.length < shortestReason || why.length > longestReason)
    problem('bad-input', `Write why, in ${shortestReason} to ${longestReason} characters.`);
  return why;
}

const brandsOf = (tx: Tx, { brandId }: Reach): string[] =>
  brandId === ''
    ? tx
        .hot('select id from brand order by id')
        .all()
        .map((r) => r.id as string)
    : [brandId];

/** What the audit says was stopped: ids of ours. A reason may name somebody, so it stays with the stop. */
const scopeOf = ({ integrationId, provider }: Reach): string =>
  integrationId ? `connection ${integrationId}` : provider ? `adapter ${provider}` : 'everything';

/** One ledger row and one audit row for each brand the stop reaches (GATE.md f, `setting`). */
function record(tx: Tx, now: Date, reach: Reach, by: string, on: boolean): void {
  const words = on ? { old: 'stopped', new: 'on' } : { old: 'on', new: 'stopped' };
  const of = {
    ...(reach.integrationId ? { integration: reach.integrationId } : {}),
    ...(reach.provider ? { adapter: reach.provider } : {}),
  };
  const act = on ? 'resume-sending' : 'stop-sending';
  for (const brandId of brandsOf(tx, reach)) {
    appendRow(tx, brandId, { v: 1, t: 'setting', setting: 'sending', ...of, ...words, minute: minuteOf(now) });
    note(tx, now.getTime(), { brandId, actor: by, act, detail: scopeOf(reach) });
  }
}

/**
 * Stops sending (SECURITY.md control 8, P4): from the commit on no byte is written to what `reach` names. Epochs rise, so
 * that what was claimed before is claimed anew afterwards; in the same tick leases end and sockets with unflushed bytes
 * are destroyed. Shares wait, and the gate decides them again when sending goes on: a stop is reversible, and nothing a
 * visitor asked for is lost by it (guess about P4 and R8, which do not say). False where that was stopped already.
 */
export async function stopSending(
  d: StopDeps,
  reach: Reach,
  { by, why, cause }: By & { cause: Stop['cause'] },
): Promise<boolean> {
  const reached = await d.store.write((tx) => {
    if (stopAt(tx, reach)) return undefined;
    const now = d.now();
    insertStop(tx, { ...reach, id: d.ids(), cause, by, why, at: now.toISOString() });
    const all = reachedBy(tx, reach);
    for (const { id } of all) tx.hot('update integration set conn_epoch = conn_epoch + 1 where id = ?').run(id);
    record(tx, now, reach, by, false);
    return all;
  });
  if (!reached) return false;
  for (const { id } of reached) d.fence.cancel({ integrationId: id });
  for (const brandId of new Set(reached.map((r) => r.brandId))) d.touch(brandId);
  return true;
}

/** Lets sending go on: what waits is decided anew and leaves if it still may. False where nothing was stopped. */
export async function resumeSending(d: StopDeps, reach: Reach, { by, why }: By): Promise<boolean> {
  const reached = await d.store.write((tx) => {
    const stop = stopAt(tx, reach);
    if (!stop) return undefined;
    const now = d.now();
    endStop(tx, stop.id, { by, why, at: now.toISOString() });
    record(tx, now, reach, by, true);
    return reachedBy(tx, reach);
  });
  if (!reached) return false;
  for (const brandId of new Set(reached.map((r) => r.brandId))) d.touch(brandId);
  d.runner.wake();
  return true;
}

/** What a stop of the operator says, and its end. */
const operatorWords = 'Stopped by whoever runs the hub.';

/**
 * Brings what the store says in line with the operator's folder: rows for ledger, audit and pages. The fence does not
 * wait for it. `stopped` holds adapters, '' for all.
 */
export async function followOperator(d: StopDeps, stopped: readonly string[]): Promise<void> {
  const known = d.store.read
    .hot("select provider from stop where resumed_at is null and brand_id = '' and integration_id = ''")
    .all()
    .map((r) => r.provider as string);
  const reach = (provider: string): Reach => ({ brandId: '', integrationId: '', provider });
  for (const provider of stopped.filter((p) => !known.includes(p)))
    await stopSending(d, reach(provider), { by: 'operator', why: operatorWords, cause: 'operator' });
  for (const provider of known.filter((p) => !stopped.includes(p)))
    await resumeSending(d, reach(provider), { by: 'operator', why: 'Resumed by whoever runs the hub.' });
}

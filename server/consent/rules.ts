import { problem } from '#contract/problem.ts';
import {
  type BrandConfig,
  brandConfig,
  type RuleChange,
  type RuleName,
  type Rules,
  strictRules,
} from '#contract/settings.ts';
import { appendRow, minuteOf } from '../egress/ledger.ts';
import { jcs } from '../gate/jcs.ts';
import { note } from '../store/audit.ts';
import { readBrandConfig, writeBrandConfig } from '../store/brand-config.ts';
import type { Tx } from '../store/open.ts';
import type { OptOutDeps } from './opt-out.ts';
import { stopWaiting } from './under-way.ts';

/** The rules by name, in the order in which pages show them. */
export const ruleNames = Object.keys(strictRules) as RuleName[];

const same = (a: unknown, b: unknown): boolean => jcs(a) === jcs(b);

/** What differs between two sets of rules. */
const changesOf = (before: Rules, after: Rules): RuleChange[] =>
  ruleNames
    .filter((name) => !same(before[name], after[name]))
    .map((name) => ({ setting: name, old: before[name], new: after[name] }) as RuleChange);

/**
 * Changes a brand's rules in one commit: settings, one ledger row and audit row for each rule that changed (GATE.md d, f).
 * Whichever way it changes, every connection's epoch rises and open questions die, so that nothing whose bytes have not
 * left is written under the old rules (I2, I8); what waits and is denied now is finished. Raises `conflict` where somebody
 * saved since `seen` was read, and `bad-input` for rules that are not of their type.
 */
export async function changeRules(
  d: OptOutDeps & { touch(brandId: string): void },
  who: { brandId: string; userId: string },
  seen: number,
  rules: Rules,
): Promise<RuleChange[]> {
  const { brandId } = who;
  const { changes, integrations, entries } = await d.store.write((tx) => {
    const before = readBrandConfig(tx, brandId);
    if (before.version !== seen) problem('conflict', 'Somebody else saved these rules meanwhile.');
    // One order, so that ticking the same places again is no change.
    const places = rules.places.toSorted();
    const next = brandConfig.safeParse({ ...rules, places, sites: before.sites, version: before.version + 1 });
    if (!next.success) problem('bad-input', 'These rules cannot be saved.');
    return apply(tx, d, who, before, next.data);
  });
  for (const integrationId of integrations) d.fence.cancel({ integrationId });
  d.publish(entries, brandId);
  if (changes.length > 0) d.touch(brandId);
  return changes;
}

function apply(
  tx: Tx,
  d: OptOutDeps,
  { brandId, userId }: { brandId: string; userId: string },
  before: BrandConfig,
  next: BrandConfig,
) {
  const changes = changesOf(before, next);
  if (changes.length === 0) return { changes, integrations: [], entries: [] };
  const now = d.now();
  writeBrandConfig(tx, brandId, next);
  for (const change of changes) {
    appendRow(tx, brandId, { v: 1, t: 'setting', ...change, minute: minuteOf(now) });
    const detail = `${change.setting}: ${jcs(change.old)} to ${jcs(change.new)}`;
    note(tx, now.getTime(), { brandId, actor: `user:${userId}`, act: 'change-rule', detail });
  }
  tx.hot('update integration set conn_epoch = conn_epoch + 1 where brand_id = ?').run(brandId);
  tx.hot('delete from ui_nonce where brand_id = ?').run(brandId);
  const integrations = tx
    .hot('select id from integration where brand_id = ?')
    .all(brandId)
    .map((r) => r.id as string);
  return { changes, integrations, entries: stopWaiting(tx, d, { brandId }) };
}

/** A change as the ledger keeps it. */
export type PastChange = RuleChange & { index: number; minute: string };

/** The newest changes of a brand's rules, newest first, from the ledger. */
export const pastChanges = (read: Pick<Tx, 'hot'>, brandId: string, most = 50): PastChange[] =>
  read
    .hot(
      `select idx, row from ledger_leaf where brand_id = ? and type = 'setting'
       and row ->> '$.setting' in (select value from json_each(?)) order by idx desc limit ?`,
    )
    .all(brandId, JSON.stringify(ruleNames), most)
    .map((r) => ({ ...(JSON.parse(r.row as string) as PastChange), index: r.idx as number }));

import { fieldKey, type Manifest } from '#contract/connection.ts';
import { keepManifest, publishNotice } from '../consent/notices.ts';
import { recordSetting } from '../consent/setting.ts';
import { suppliedBy } from '../gate/combine.ts';
import { manifestHash } from '../gate/manifest.ts';
import { keptOf, narrowedOf } from '../gate/narrow.ts';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { dropValues } from '../store/subjects.ts';
import { type Installed, installedOf, type Mapping, mappingOf, readManifest } from './mapping.ts';
import { lackingOf } from './scopes.ts';

/** What publishing needs: the time, and the add-ons as they are now. */
export interface RepublishDeps {
  now: () => Date;
  catalogue: Installed;
}

/**
 * Publishes what a connection may have from now on: manifest, notice, ledger row of type `setting` (GATE.md f) and audit
 * row, in the caller's transaction. What becomes less stops at once: the connection's epoch rises, and values that came
 * from the partner and may no longer be combined are deleted. Answers whether anything became less.
 */
export function publish(
  tx: Tx,
  d: Pick<RepublishDeps, 'now'>,
  before: Mapping,
  next: Pick<Mapping, 'approved' | 'kept' | 'off'> & { published: Manifest },
  by: { actor: string; act: string },
): boolean {
  const { id, brandId, provider } = before;
  const at = d.now().toISOString();
  const old = readManifest(tx, brandId, before.published);
  const gone = old.fields.filter((f) => !next.published.fields.some((n) => fieldKey(n) === fieldKey(f)));
  const approved = keepManifest(tx, brandId, next.approved, at);
  const kept = keepManifest(tx, brandId, next.kept, at);
  const hash = keepManifest(tx, brandId, next.published, at);
  tx.hot(`update integration set manifest_hash = ?, conn_epoch = conn_epoch + ? where id = ? and brand_id = ?`).run(
    hash,
    gone.length > 0 ? 1 : 0,
    id,
    brandId,
  );
  tx.hot(
    `insert into mapping (integration_id, brand_id, approved_hash, kept_hash, off_json, version) values (?, ?, ?, ?, ?, ?)
     on conflict (integration_id) do update set approved_hash = excluded.approved_hash, kept_hash = excluded.kept_hash,
     off_json = excluded.off_json, version = excluded.version`,
  ).run(id, brandId, approved, kept, JSON.stringify(next.off), before.version + 1);
  if (gone.some((f) => f.receives)) {
    const kept = next.published.fields.flatMap((f) => (f.receives ? [f.name] : []));
    dropValues(tx, { brandId, source: suppliedBy(id) }, kept);
  }
  // A question that is on a screen now asks for what was published before: it is asked anew.
  tx.hot('delete from ui_nonce where brand_id = ? and integration_id = ?').run(brandId, id);
  publishNotice(tx, brandId, at);
  recordSetting(tx, d.now(), brandId, { setting: by.act, integration: id, manifest: hash });
  note(tx, d.now().getTime(), { brandId, ...by, detail: `${provider}, version ${before.version + 1}` });
  return gone.length > 0;
}

/**
 * Takes away, at start, what the installed add-ons no longer declare, and every share that cannot run without something
 * not approved (R86, GATE.md k.2). Nothing is ever added here.
 */
export async function narrowToInstalled(d: RepublishDeps & { store: Store }): Promise<void> {
  await d.store.write((tx) => {
    // A record that cannot be read sends nothing (R16) and must not keep the hub from starting.
    for (const row of tx.hot('select id, brand_id, provider from integration').all())
      readable(() =>
        republish(tx, d, row.brand_id as string, row.id as string, { actor: 'operator', act: 'narrowed' }),
      );
  });
}

/**
 * Publishes a connection's fields as they follow from what was approved, turned off, is still declared and permitted by
 * the partner (R9, R86); nothing is done where that changes nothing. Answers whether anything became less.
 */
export function republish(
  tx: Tx,
  d: RepublishDeps,
  brandId: string,
  id: string,
  by: { actor: string; act: string },
): boolean {
  const before = mappingOf(tx, brandId, id);
  const installed = installedOf(d.catalogue, before.provider);
  if (!installed) return false; // gone from the catalogue: no script, so nothing can be sent to it
  const kept = keptOf(before.kept, installed);
  const lacking = lackingOf(tx, d.catalogue, before, kept.fields);
  const published = narrowedOf(kept, [...before.off, ...lacking], installed);
  if (manifestHash(kept) === manifestHash(before.kept) && manifestHash(published) === before.published) return false;
  return publish(tx, d, before, { approved: before.approved, kept, off: before.off, published }, by);
}

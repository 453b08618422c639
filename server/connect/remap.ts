import { type FieldObjection, fieldKey, type Manifest } from '#contract/connection.ts';
import { problem } from '#contract/problem.ts';
import { keepManifest, publishManifest, publishNotice } from '../consent/notices.ts';
import { recordSetting } from '../consent/setting.ts';
import type { ConnectingPerson } from '../egress/connector.ts';
import { suppliedBy } from '../gate/combine.ts';
import { manifestHash } from '../gate/manifest.ts';
import { keptOf, narrowedOf } from '../gate/narrow.ts';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { dropValues } from '../store/subjects.ts';
import type { Catalogue } from './catalogue.ts';
import type { ConnectDeps } from './connect.ts';
import { installedOf, type Mapping, mappingOf, readManifest } from './mapping.ts';

/**
 * Publishes what a connection may have from now on: manifest, notice, ledger row of type `setting` (GATE.md f) and audit
 * row, in the caller's transaction. What becomes less stops at once: the connection's epoch rises, and values that came
 * from the partner and may no longer be combined are deleted. Answers whether anything became less.
 */
function publish(
  tx: Tx,
  d: Pick<ConnectDeps, 'now'>,
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

/** Why the fields a brand wants on cannot be published; undefined where they can. */
function objection(kept: Manifest, installed: Manifest, off: readonly string[]): FieldObjection | undefined {
  const on = kept.fields.filter((f) => !off.includes(fieldKey(f)));
  if (!on.some((f) => !f.receives)) return { why: 'nothing' };
  for (const needed of kept.fields.filter((f) => f.need && off.includes(fieldKey(f)))) {
    const rest = on.filter((f) => f.purpose === needed.purpose).map((f) => f.name);
    if (rest.length > 0) return { why: 'needed', field: needed.name, purpose: needed.purpose, rest };
  }
  if (narrowedOf(kept, off, installed).fields.length === 0) return { why: 'held' };
  return undefined;
}

/** What a brand wants on, from the form of the connection's page. */
export interface FieldChoice {
  /** Of the page the choice was made on. */
  version: number;
  /** fieldKey of each field that may be asked for and sent. */
  on: readonly string[];
}

/**
 * Saves which fields a connection may have, as a new published manifest; the old one stays where it is (R13). What was
 * granted for the other fields holds, and a field turned on is a new one (GATE.md k.2). Resolves with an objection
 * where the choice cannot be, and then nothing is stored. Raises `bad-input` for a field the add-on does not
 * declare, `changed-meanwhile`, and `not-found` for another brand's connection.
 */
export async function saveFields(
  d: ConnectDeps,
  who: ConnectingPerson,
  id: string,
  choice: FieldChoice,
): Promise<{ objection?: FieldObjection }> {
  const done = await d.store.write((tx) => {
    const before = mappingOf(tx, who.brandId, id);
    const { kept } = before;
    const keys = kept.fields.map(fieldKey);
    if (choice.version !== before.version) problem('changed-meanwhile');
    if (choice.on.some((key) => !keys.includes(key))) problem('bad-input', `${kept.name} declares no such field.`);
    const off = keys.filter((key) => !choice.on.includes(key));
    const installed = installedOf(d.catalogue, before.provider) ?? kept;
    const no = objection(kept, installed, off);
    if (no) return { objection: no, less: false };
    if (off.length === before.off.length && off.every((key) => before.off.includes(key))) return { less: false };
    const next = { approved: before.approved, kept, off, published: narrowedOf(kept, off, installed) };
    return { less: publish(tx, d, before, next, { actor: `user:${who.userId}`, act: 'fields' }) };
  });
  if (done.less) d.fence.cancel({ integrationId: id });
  if (!done.objection) d.touch(who.brandId);
  return done.objection ? { objection: done.objection } : {};
}

/**
 * Approves what the installed version of the add-on declares, exactly as it was read (R86). Yeses whose terms stay the
 * same to the byte hold; everything new is asked first. Raises `changed-meanwhile`, `not-found`, and `bad-input` naming
 * a fact the new version lacks.
 */
export async function approveUpgrade(
  d: ConnectDeps,
  who: ConnectingPerson,
  id: string,
  read: { version: number; manifest: string },
): Promise<void> {
  const less = await d.store.write((tx) => {
    const before = mappingOf(tx, who.brandId, id);
    const installed = installedOf(d.catalogue, before.provider) ?? problem('not-found');
    if (read.version !== before.version || read.manifest !== manifestHash(installed)) problem('changed-meanwhile');
    publishManifest(tx, who.brandId, installed, d.now().toISOString());
    const off = before.off.filter((key) => installed.fields.some((f) => fieldKey(f) === key));
    const published = narrowedOf(installed, off, installed);
    const next = { approved: installed, kept: installed, off, published };
    return publish(tx, d, before, next, { actor: `user:${who.userId}`, act: 'upgrade' });
  });
  if (less) d.fence.cancel({ integrationId: id });
  d.touch(who.brandId);
}

/**
 * Takes away, at start, what the installed add-ons no longer declare, and every share that cannot run without something
 * not approved (R86, GATE.md k.2). Nothing is ever added here.
 */
export async function narrowToInstalled(d: { store: Store; now: () => Date; catalogue: Catalogue }): Promise<void> {
  await d.store.write((tx) => {
    // A record that cannot be read sends nothing (R16) and must not keep the hub from starting.
    for (const row of tx.hot('select id, brand_id, provider from integration').all())
      readable(() => narrow(tx, d, row.brand_id as string, row.id as string, row.provider as string));
  });
}

function narrow(
  tx: Tx,
  d: { now: () => Date; catalogue: Catalogue },
  brandId: string,
  id: string,
  provider: string,
): void {
  const installed = installedOf(d.catalogue, provider);
  if (!installed) return; // gone from the catalogue: no script, so nothing can be sent to it
  const before = mappingOf(tx, brandId, id);
  const kept = keptOf(before.kept, installed);
  const published = narrowedOf(kept, before.off, installed);
  if (manifestHash(kept) === manifestHash(before.kept) && manifestHash(published) === before.published) return;
  const next = { approved: before.approved, kept, off: before.off, published };
  publish(tx, d, before, next, { actor: 'operator', act: 'narrowed' });
}

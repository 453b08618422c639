import { type FieldObjection, fieldKey, type Manifest } from '#contract/connection.ts';
import { problem } from '#contract/problem.ts';
import { publishManifest } from '../consent/notices.ts';
import type { ConnectingPerson } from '../egress/connector.ts';
import { manifestHash } from '../gate/manifest.ts';
import { narrowedOf } from '../gate/narrow.ts';
import type { ConnectDeps } from './connect.ts';
import { installedOf, mappingOf } from './mapping.ts';
import { publish } from './republish.ts';
import { lackingOf } from './scopes.ts';

/** Why the fields a brand wants on cannot be published; undefined where they can. */
function objection(
  kept: Manifest,
  installed: Manifest,
  off: readonly string[],
  lacking: readonly string[],
): FieldObjection | undefined {
  const on = kept.fields.filter((f) => !off.includes(fieldKey(f)));
  if (!on.some((f) => !f.receives)) return { why: 'nothing' };
  for (const needed of kept.fields.filter((f) => f.need && off.includes(fieldKey(f)))) {
    const rest = on.filter((f) => f.purpose === needed.purpose).map((f) => f.name);
    if (rest.length > 0) return { why: 'needed', field: needed.name, purpose: needed.purpose, rest };
  }
  if (narrowedOf(kept, off, installed).fields.length === 0) return { why: 'held' };
  if (narrowedOf(kept, [...off, ...lacking], installed).fields.length === 0) return { why: 'ungranted' };
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
    const lacking = lackingOf(tx, d.catalogue, before, kept.fields);
    const no = objection(kept, installed, off, lacking);
    if (no) return { objection: no, less: false };
    if (off.length === before.off.length && off.every((key) => before.off.includes(key))) return { less: false };
    const next = { approved: before.approved, kept, off, published: narrowedOf(kept, [...off, ...lacking], installed) };
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
    const lacking = lackingOf(tx, d.catalogue, before, installed.fields);
    const published = narrowedOf(installed, [...off, ...lacking], installed);
    const next = { approved: installed, kept: installed, off, published };
    return publish(tx, d, before, next, { actor: `user:${who.userId}`, act: 'upgrade' });
  });
  if (less) d.fence.cancel({ integrationId: id });
  d.touch(who.brandId);
}

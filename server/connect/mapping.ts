import type { Manifest, Upgrade } from '#contract/connection.ts';
import { problem } from '#contract/problem.ts';
import type { AnyAdapter } from '#sdk';
import { manifestHash } from '../gate/manifest.ts';
import { differences } from '../gate/narrow.ts';
import type { Tx } from '../store/open.ts';

type Read = Pick<Tx, 'hot'>;
/** The add-ons this hub has now, by provider (a Catalogue). */
export type Installed = ReadonlyMap<string, { manifest: Manifest; facts: AnyAdapter['facts'] }>;

/** One connection with the manifests its brand agreed to. */
export interface Mapping {
  id: string;
  brandId: string;
  provider: string;
  /** Hash of what is published now. */
  published: string;
  approved: Manifest;
  kept: Manifest;
  off: readonly string[];
  version: number;
}

/** A published manifest by its hash; throws where it is missing, and the gate then denies (R16). */
export function readManifest(read: Read, brandId: string, hash: string): Manifest {
  const row = read.hot('select body_json from manifest where brand_id = ? and hash = ?').get(brandId, hash);
  if (!row) throw new Error('the manifest of this connection is missing');
  return JSON.parse(row.body_json as string) as Manifest;
}

/** A connection nobody mapped has no row: everything it published is approved, kept and on. Raises `not-found`. */
export function mappingOf(read: Read, brandId: string, id: string): Mapping {
  const row = read
    .hot(
      `select i.id, i.provider, i.manifest_hash, m.approved_hash, m.kept_hash, m.off_json, m.version
       from integration i left join mapping m on m.integration_id = i.id where i.id = ? and i.brand_id = ?`,
    )
    .get(id, brandId);
  if (!row) problem('not-found');
  const published = row.manifest_hash as string;
  return {
    id,
    brandId,
    provider: row.provider as string,
    published,
    approved: readManifest(read, brandId, (row.approved_hash as string | null) ?? published),
    kept: readManifest(read, brandId, (row.kept_hash as string | null) ?? published),
    off: JSON.parse((row.off_json as string | null) ?? '[]') as string[],
    version: (row.version as number | null) ?? 0,
  };
}

/** What the installed version of an add-on declares; undefined where it left the catalogue. */
export const installedOf = (catalogue: Installed, provider: string): Manifest | undefined =>
  catalogue.get(provider)?.manifest;

/** What the connection may have as a whole, whatever the brand turned off: the sheet of its page. */
export const keptManifest = (read: Read, brandId: string, id: string): Manifest => mappingOf(read, brandId, id).kept;

/** What the installed version of the add-on would change at this connection (R86). Raises `not-found`. */
export function upgradeOf(read: Read, catalogue: Installed, brandId: string, id: string): Upgrade {
  const { approved, kept, version, provider } = mappingOf(read, brandId, id);
  const installed = installedOf(catalogue, provider) ?? kept;
  return {
    version,
    manifest: manifestHash(installed),
    waits: differences(kept, installed),
    stopped: differences(approved, kept),
  };
}

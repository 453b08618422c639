import type { RecordSite } from '#contract/calls-find.ts';
import type { Store } from '../store/open.ts';
import type { Catalogue } from './catalogue.ts';
import { keptManifest } from './mapping.ts';

/**
 * The pages on which the brand's connected partners show one person (R78): from the facts of each add-on, with the
 * account that is connected filled in. A sandbox partner's pages are under its loopback base (`origins`).
 */
export function recordSitesOf(
  d: { store: Pick<Store, 'read'>; catalogue: Catalogue; origins: ReadonlyMap<string, string> },
  brandId: string,
): RecordSite[] {
  return d.store.read
    .hot(
      "select id, provider, account_id, sandbox from integration where brand_id = ? and connection = 'active' order by provider",
    )
    .all(brandId)
    .flatMap((row): RecordSite[] => {
      const facts = d.catalogue.get(row.provider as string)?.facts;
      if (!facts || !('recordPage' in facts) || !facts.recordPage) return [];
      const own = `https://${facts.recordPage.host}`;
      const place = URL.parse(row.sandbox === 1 ? (d.origins.get(own) ?? '') : own);
      if (!place) return [];
      const under = place.pathname.replace(/\/$/, '');
      const account = encodeURIComponent(row.account_id as string);
      return [
        {
          integration: row.id as string,
          partner: keptManifest(d.store.read, brandId, row.id as string).name,
          sandbox: row.sandbox === 1,
          origin: place.origin,
          paths: facts.recordPage.paths.map((path) => under + path.replaceAll('{account}', account)),
        },
      ];
    });
}

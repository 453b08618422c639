import type { RecordSite } from '#contract/calls-find.ts';
import type { HubClient, HubError } from '#contract/client.ts';

/** The tabs beside the panel, as far as the agent allowed it; handed in, since the panel knows no browser API (R78). */
export interface OpenTab {
  /** Addresses of the tabs in view whose site was allowed; any other tab has none. */
  look: () => Promise<readonly string[]>;
  allowed: (origin: string) => Promise<boolean>;
  /** The browser's own question about one site; only inside the agent's click. */
  allow: (origin: string) => Promise<boolean>;
}

/** What a look at the open tab came to; only `found` opens anything. */
export type Look =
  | { is: 'found'; conversation: string; partner: string }
  /** No connected partner says where its pages are. */
  | { is: 'no-sites' }
  /** What is in view is no page of an allowed site, and these were not allowed. */
  | { is: 'not-allowed'; sites: readonly RecordSite[] }
  | { is: 'no-page'; sites: readonly RecordSite[] }
  | { is: 'none' | 'many'; partner: string }
  | { is: 'two-pages' }
  | { is: 'failed'; why: string };

/** The record an address shows at a site, undefined where it is another page; an address is anybody's, so all of it must fit. */
export function recordAt(site: RecordSite, address: string): string | undefined {
  const url = URL.parse(address);
  if (url?.origin !== site.origin) return undefined;
  const shown = url.pathname.replace(/\/$/, '').split('/');
  for (const path of site.paths) {
    const parts = path.split('/');
    const at = parts.indexOf('{record}');
    if (parts.length !== shown.length || !parts.every((part, i) => i === at || part === shown[i])) continue;
    try {
      const record = decodeURIComponent(shown[at] ?? '');
      if (record !== '' && record.length <= 200) return record;
    } catch {
      // no address of a record
    }
  }
  return undefined;
}

/** Each site once, whatever number of partners' pages it has. */
const once = (sites: readonly RecordSite[]): RecordSite[] =>
  sites.filter((site, i) => sites.findIndex((s) => s.origin === site.origin) === i);

/**
 * Finds the person whose record the open tab shows (R78): the address alone is looked at, here; the hub is told the
 * partner and the record, and the partner nothing. Nobody is picked where two fit. Errors are left to `endedBy` first.
 */
export async function findFromTab({
  client,
  tab,
  endedBy,
}: {
  client: Pick<HubClient, 'call'>;
  tab: OpenTab;
  endedBy: (error: unknown) => boolean;
}): Promise<Look> {
  try {
    const { sites } = await client.call('panelSites', {});
    if (sites.length === 0) return { is: 'no-sites' };
    const addresses = await tab.look();
    const hits = new Map(
      sites.flatMap((site) =>
        addresses.flatMap((address) => {
          const record = recordAt(site, address);
          return record === undefined ? [] : [[`${site.integration} ${record}`, { site, record }] as const];
        }),
      ),
    );
    // One page may be that of several brands, each with the same partner: all of them are asked (R64).
    const pages = new Set([...hits.values()].map(({ site, record }) => `${site.origin} ${record}`));
    if (pages.size > 1) return { is: 'two-pages' };
    const [hit] = hits.values();
    if (!hit) {
      const asked = await Promise.all(
        once(sites).map(async (site) => ((await tab.allowed(site.origin)) ? [] : [site])),
      );
      const closed = asked.flat();
      return closed.length > 0 ? { is: 'not-allowed', sites: closed } : { is: 'no-page', sites: once(sites) };
    }
    const { partner } = hit.site;
    const asked = [...hits.values()].map(({ site, record }) =>
      client.call('panelFind', { integration: site.integration, record }),
    );
    const [found, another] = (await Promise.all(asked)).filter((f) => f.found !== 'none');
    if (!found) return { is: 'none', partner };
    if (another || found.found !== 'one') return { is: 'many', partner };
    return { is: 'found', conversation: found.conversation, partner };
  } catch (error) {
    return { is: 'failed', why: endedBy(error) ? '' : (error as HubError).message };
  }
}

import { useState } from 'preact/hooks';
import type { RecordSite } from '#contract/calls-find.ts';
import type { Look, OpenTab } from '../find.ts';
import type { Panel } from '../panel.ts';
import { usePassOn } from './pass-on.ts';

/** How a site is called: what stands in the browser's address bar. */
const hostOf = (site: RecordSite): string => new URL(site.origin).host;
const called = (site: RecordSite): string => `${site.partner}${site.sandbox ? ' (sandbox)' : ''}`;

/** What a look came to, in a sentence; nobody is picked unless one person fits (R78). */
export function lookWords(look: Look): string {
  switch (look.is) {
    case 'found':
      return `The chat of the person shown in ${look.partner} is open.`;
    case 'no-sites':
      return 'No connected partner has pages to find a person from.';
    case 'not-allowed':
      return 'No site you allowed is open. At a site you allow, the panel sees the address and reads nothing on the page.';
    case 'no-page':
      return `The open tab shows no person of ${look.sites.map(called).join(' or ')}.`;
    case 'none':
      return `Nobody here has this record of ${look.partner}. Nothing was created.`;
    case 'many':
      return `More than one person here has this record of ${look.partner}, so nobody was picked.`;
    case 'two-pages':
      return 'Two windows show a person each, so nobody was picked. Close one of them.';
    case 'failed':
      return look.why;
  }
}

/** Finds the person whose page is open beside the panel; asks for a site only by a press that names it (R77, R78). */
export function Find({ tab, panel }: { tab: OpenTab; panel: Pick<Panel, 'findFromTab' | 'select'> }) {
  const [look, setLook] = useState<Look>();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const root = usePassOn<HTMLDivElement>();

  async function run(): Promise<void> {
    setBusy(true);
    setRefused(undefined);
    const came = await panel.findFromTab(tab);
    setBusy(false);
    setLook(came);
    if (came.is === 'found') panel.select(came.conversation);
  }
  async function allow(site: RecordSite): Promise<void> {
    // The first thing after the click: after any other wait a browser no longer takes it as the person's own.
    if (await tab.allow(site.origin)) return run();
    setRefused(`${hostOf(site)} was not allowed, so nothing was looked up.`);
  }

  return (
    <div class="find" ref={root}>
      <button class="btn bare" type="button" data-act="find" aria-disabled={busy} onClick={() => busy || void run()}>
        Find from the open tab
      </button>
      <p role="status">{busy ? 'Looking.' : (refused ?? (look ? lookWords(look) : ''))}</p>
      {look?.is === 'not-allowed' && !busy ? (
        <ul class="again" aria-label="Sites">
          {look.sites.map((site) => (
            <li key={site.origin}>
              <button class="btn" type="button" data-act="allow" onClick={() => void allow(site)}>
                Allow {hostOf(site)}
              </button>{' '}
              <span class="faint">{called(site)}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

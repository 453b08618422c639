import { useEffect, useState } from 'preact/hooks';
import { browser } from '../../lib/browser.ts';

const read = async (): Promise<string[]> => (await browser.permissions.getAll()).origins ?? [];
/** `https://app.partner.example/*` as people write it. */
const nameOf = (pattern: string): string => pattern.replace(/^\w+:\/\//, '').replace(/\/\*$/, '');

/** The sites whose address the panel may know, each given by a click in the panel and taken back by one here (R77, R78). */
export function Sites() {
  const [sites, setSites] = useState<readonly string[]>([]);
  useEffect(() => {
    const again = (): void => void read().then(setSites);
    again();
    browser.permissions.onAdded.addListener(again);
    browser.permissions.onRemoved.addListener(again);
    return () => {
      browser.permissions.onAdded.removeListener(again);
      browser.permissions.onRemoved.removeListener(again);
    };
  }, []);
  return (
    <section aria-labelledby="sites">
      <h2 id="sites">Sites</h2>
      <p>
        {sites.length === 0
          ? 'None. The panel asks for a site when you look for the person of the open tab.'
          : 'The panel may know which page is open at these sites, to find the person it shows. It reads nothing on the page.'}
      </p>
      {sites.length > 0 ? (
        <ul class="sites">
          {sites.map((site) => (
            <li key={site} class="again">
              <span class="code">{nameOf(site)}</span>
              <button
                class="btn"
                type="button"
                aria-label={`Remove ${nameOf(site)}`}
                onClick={() => void browser.permissions.remove({ origins: [site] })}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

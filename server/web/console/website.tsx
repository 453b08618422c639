import type { JSX } from 'preact';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** The chat on the brand's own pages. */
export interface WebsiteProps {
  frame: Frame;
  /** The hub's own origin. */
  origin: string;
  slug: string;
  /** Exact origins on which the chat may stand. */
  sites: readonly string[];
  /** base64url of the key with which the brand signs who is signed in; absent for who may not read it. */
  signingKey?: string;
}

/** What goes into a page, and how the chat knows who is signed in there (R28). */
export const WebsitePage = ({ frame, origin, slug, sites, signingKey }: WebsiteProps): JSX.Element => (
  <Shell
    frame={frame}
    here={frame.chat ? 'chat' : 'connections'}
    title="The chat on your pages"
    lede="One line in your page. It stores nothing and sends nothing before a visitor opens the chat."
    up={frame.chat ? { href: paths.chat, label: 'Chat' } : { href: paths.connections, label: 'Connections' }}
  >
    <pre class="letter code">{`<script src="${origin}/widget.js?brand=${slug}" data-brand="${slug}" async></script>`}</pre>
    <p class="dim">It works on {sites.length === 0 ? 'no page yet' : sites.join(', ')}; any other page is shut out.</p>
    <p>
      How it looks and when it shows, which is set under Chat, comes with the script: a change needs no new line. A line
      without <code>?brand=</code> goes on working and draws the plain button.
    </p>
    <section aria-labelledby="signed-in">
      <h2 id="signed-in">Visitors who are signed in at your site</h2>
      <p>
        Your server can say who is there. Then answers hold on every device, and a yes somebody gave before signing in
        never counts for them. Sign a token (JWT, HS256) with the key below: <code>sub</code> is your own account
        number, <code>aud</code> is <code>{slug}</code>, <code>iat</code> and <code>exp</code> at most ten minutes
        apart. Put it into the line above as <code>data-identity</code>. Take it out when the visitor signs out, and
        this browser begins anew.
      </p>
      {signingKey ? (
        <>
          <p>
            <strong>The key</strong>, base64url of 32 bytes. Only your server may have it: who holds it can be any of
            your visitors here.
          </p>
          <pre class="letter code">{signingKey}</pre>
        </>
      ) : (
        <p class="dim">An owner reads the key here.</p>
      )}
    </section>
  </Shell>
);

import { Hono } from 'hono';
import { may } from '../people/may.ts';
import { note } from '../store/audit.ts';
import { brandConfigOrNone } from '../store/brand-config.ts';
import { WebsitePage } from '../web/console/website.tsx';
import type { Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';

/** How the chat gets onto the brand's pages; each look at the key is in the audit. */
export function websiteRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/console/website', signedIn(d, 'see-connections'), async (c) => {
    const agent = c.get('agent');
    const shown = may(agent, 'see-identity-key');
    const { brandId, userId, brandSlug } = agent;
    if (shown)
      await d.store.write((tx) =>
        note(tx, d.now().getTime(), { brandId, actor: `user:${userId}`, act: 'read-identity-key', detail: '' }),
      );
    const body = WebsitePage({
      frame: frameOf(d, c),
      origin: d.origin,
      slug: brandSlug,
      sites: brandConfigOrNone(d.store.read, brandId)?.sites ?? [],
      ...(shown ? { signingKey: d.identityKey(brandId).toString('base64url') } : {}),
    });
    return consolePage(c, 'The chat on your pages', body);
  });
  return app;
}

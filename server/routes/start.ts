import { resolve } from 'node:path';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { problem } from '#contract/problem.ts';
import { formatEvent } from '#contract/sse.ts';
import { pageStyles } from '../web/page.tsx';
import { ResetPage } from '../web/start/reset-page.tsx';
import { StartPage } from '../web/start/start-page.tsx';
import { stepOrder } from '../web/start/story.ts';
import { readForm } from './body.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { page } from './pages.ts';

/** What the demo adds to the hub. */
export interface Demo {
  brand: { id: string; slug: string; name: string };
  /** The shop's address, on another site than the hub. */
  shop: string;
  partners: { name: string; about: string; href: string }[];
  story(): Partial<Record<(typeof stepOrder)[number], { at: string; seen: string }>>;
  /** Puts everything back as it was at the first start. */
  reset(): Promise<void>;
  /** Told at every change of the story. */
  onChange(listener: () => void): () => void;
}

/** The demo's start page: seven steps that tick by themselves from what was really stored. */
export function startRoutes(d: HubDeps, demo: Demo): Hono<Env> {
  const app = new Hono<Env>();
  const head = { styles: pageStyles.start, bodyClass: 'public' };
  const hrefs: Record<(typeof stepOrder)[number], string> = {
    opened: demo.shop,
    wrote: demo.shop,
    answered: '/panel',
    connected: '/console/add/hubspot',
    decided: '/panel',
    sent: '/panel',
    withdrew: demo.shop,
  };

  app.get('/', (c) => {
    const story = demo.story();
    const steps = Object.fromEntries(stepOrder.map((id) => [id, { href: hrefs[id], ...story[id] }]));
    const body = StartPage({
      brand: demo.brand.name,
      steps: steps as never,
      partners: demo.partners,
      stream: '/start/stream',
      resetHref: '/start/reset',
      panelHref: '/panel',
      consoleHref: '/console',
      extension: { chrome: resolve('.output/chrome-mv3'), firefox: resolve('.output/firefox-mv3') },
    });
    return page(
      c,
      { ...head, title: 'askfirst: the demo in seven steps', script: 'start.js', refreshSeconds: 10 },
      body,
    );
  });

  app.get('/start/reset', (c) =>
    page(
      c,
      { ...head, title: 'Start the demo again?' },
      ResetPage({ action: '/start/reset', csrf: '', backHref: '/' }),
    ),
  );
  app.post('/start/reset', async (c) => {
    if (!d.people.csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    await readForm(c);
    await demo.reset();
    return c.redirect('/', 303);
  });

  app.get('/start/stream', (c) => {
    const { outgoing } = c.env;
    outgoing.writeHead(200, {
      ...Object.fromEntries(c.res.headers),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    outgoing.write(': open\n\n');
    const off = demo.onChange(() => outgoing.write(formatEvent({ data: {} })));
    const timer = setInterval(() => outgoing.write(': beat\n\n'), 15_000).unref();
    outgoing.on('close', () => {
      clearInterval(timer);
      off();
    });
    return RESPONSE_ALREADY_SENT;
  });
  return app;
}

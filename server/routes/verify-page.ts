import { Hono } from 'hono';
import { problem } from '#contract/problem.ts';
import { listedKeys } from '../egress/key-rows.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';

/** The page that checks receipts, with this hub's keys in it (GATE.md g); saved, it goes on without the hub. */
export function verifyPageRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/verify', (c) => {
    const html = d.asset('verify.html')?.body.toString();
    const policy = /http-equiv="content-security-policy" content="([^"]+)"/.exec(html ?? '')?.[1];
    if (!html || !policy) problem('not-found');
    c.header('content-security-policy', `${policy}; frame-ancestors 'none'`);
    c.header('x-frame-options', 'DENY');
    c.header('cross-origin-resource-policy', 'same-origin');
    c.header('cross-origin-opener-policy', 'same-origin');
    c.header('referrer-policy', 'no-referrer');
    c.header('cache-control', 'no-cache');
    const keys = listedKeys(d.store.read).map((k) => k.x);
    return c.html(html.replace('></textarea>', `>${keys.join('\n')}</textarea>`));
  });
  return app;
}

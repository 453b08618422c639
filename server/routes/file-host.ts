import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { Problem } from '#contract/problem.ts';
import { fileOf } from '../chat/files.ts';
import { readForm } from './body.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { consume } from './limits.ts';

/** What the files' host answers, and nothing else. */
export const filePaths = { open: '/chat-file' } as const;

/** RFC 6266, 4.3 and RFC 8187, 3.2.1: the name in ASCII for the oldest readers, and as it is. */
const disposition = (name: string): string => {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${whole}`;
};

/** Saved and never shown: nothing in a file runs, no page holds it, no cache keeps it (SECURITY.md 4.8). */
function profile(c: Context): void {
  c.header('strict-transport-security', 'max-age=31536000; includeSubDomains');
  c.header('x-content-type-options', 'nosniff');
  c.header('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'");
  c.header('x-frame-options', 'DENY');
  c.header('cross-origin-resource-policy', 'same-origin'); // a tab opens it; nothing embeds it
  c.header('cross-origin-opener-policy', 'same-origin');
  c.header('referrer-policy', 'no-referrer');
  c.header('cache-control', 'no-store');
}

/** The one answer of the files' host: a file for the link that its reader was just given, as a form's field (HO7). */
export function fileHostRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  app.post(filePaths.open, async (c) => {
    profile(c);
    try {
      const { code = '' } = await readForm(c);
      await consume(d.limits.pages, code.slice(0, 43));
      const { line, bytes } = fileOf(d, code);
      c.header('content-disposition', disposition(line.name));
      return c.body(new Uint8Array(bytes), 200, {
        'content-type': line.type === 'text/plain' ? 'text/plain; charset=utf-8' : line.type,
      });
    } catch (error) {
      const known = error instanceof Problem ? error : new Problem('internal', undefined, { cause: error });
      if (known.status >= 500) d.log.error({ kind: (error as Error).name }, 'a file could not be opened');
      const { title, remedy, status } = known.body();
      const what = known.slug === 'link-used' ? 'Go back to the chat and press Download again.' : remedy;
      return c.text(`${title} ${what}`, status as 400);
    }
  });
  return app;
}

/** Hub and files behind one port, told apart by name: on the files' host nothing of the hub is, and the other way round. */
export function withFileHost(
  app: { fetch: Hono<Env>['fetch'] },
  d: HubDeps,
  filesOrigin: string,
): Hono<{ Bindings: HttpBindings }> {
  const { host } = new URL(filesOrigin);
  const files = fileHostRoutes(d);
  files.notFound((c) => {
    profile(c);
    return c.text(new Problem('not-found').body().title, 404);
  });
  const whole = new Hono<{ Bindings: HttpBindings }>();
  whole.all('*', (c) =>
    c.req.header('host')?.toLowerCase() === host ? files.fetch(c.req.raw, c.env) : app.fetch(c.req.raw, c.env),
  );
  return whole;
}

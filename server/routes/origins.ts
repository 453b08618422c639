import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { problem } from '#contract/problem.ts';
import type { Env } from './callers.ts';

/**
 * Only the hub's own pages: a visitor's calls come from the frame the hub serves, never from the brand's page around
 * it, so page script can neither speak nor answer for the visitor (GATE.md c, UI nonce). Raises `wrong-origin`.
 */
export const ownOrigin =
  (origin: string): MiddlewareHandler<Env> =>
  async (c, next) => {
    if (c.req.header('origin') !== origin) problem('wrong-origin');
    await next();
  };

/** Origins of browser extensions: random per install in Firefox, so any, and always with a bearer and no cookie. */
const extension = /^(chrome|moz)-extension:\/\/[\w-]+$/;

/** CORS for the panel's calls: extension pages may read answers; credentials never come along (SECURITY.md 6). */
export const panelCors = cors({
  origin: (origin) => (extension.test(origin) ? origin : null),
  allowMethods: ['GET', 'POST', 'DELETE'],
  allowHeaders: ['authorization', 'content-type', 'last-event-id', 'x-askfirst'],
  credentials: false,
  maxAge: 600,
});

/** An extension speaks by bearer only: a cookie that came along from such an origin counts for nothing. */
export const bearerFromExtensions: MiddlewareHandler<Env> = async (c, next) => {
  const origin = c.req.header('origin');
  if (origin && extension.test(origin) && c.req.header('cookie') && !c.req.header('authorization'))
    problem('not-signed-in');
  await next();
};

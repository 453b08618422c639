import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MiddlewareHandler } from 'hono';

/** What node's server hands to the sandbox's apps. */
export type NodeEnv = { Bindings: { incoming: IncomingMessage; outgoing: ServerResponse } };

/**
 * The answer of a route where oidc-provider has written by itself: the Hono server looks for this header and sends
 * nothing more, but only on a full Response: asking for `body` turns its short form, written out unseen, into one.
 */
export const alreadySent = (): Response => {
  const sent = new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
  void sent.body;
  return sent;
};

/** Headers of the sandbox's pages, whose forms end at `redirectUri` of the hub. */
export const pageHeaders = (redirectUri: string): MiddlewareHandler<NodeEnv> => {
  // Chromium applies form-action to the redirects after a form too, so the hub's address must stand here
  const back = new URL(redirectUri).origin;
  return async (c, next) => {
    await next();
    c.header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${back}`,
    );
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
    // no-referrer would make the browser send "Origin: null" with our own forms
    c.header('referrer-policy', 'same-origin');
  };
};

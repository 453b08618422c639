import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { heardIn, noteSignals, type Signal } from '../consent/signals.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';

/** When the way this hub honors the signal last changed, for its statement of support (GATE.md h). */
const lastUpdate = '2026-11-22';

/** The signals a request carries, from its raw header lines (R23). */
export const heardFrom = (c: Context<Env>): Signal[] => heardIn(c.env?.incoming?.rawHeaders ?? []);

/** Hears the signals of a visitor's call before anything else is done with it: in force from this very request (R23). */
export const hears =
  (d: HubDeps): MiddlewareHandler<Env> =>
  async (c, next) => {
    await noteSignals(d, c.get('visitor'), heardFrom(c));
    await next();
  };

/** The public statement that Global Privacy Control is honored here (GATE.md h). */
export function signalRoutes(): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/.well-known/gpc.json', (c) => c.json({ gpc: true, lastUpdate }));
  return app;
}

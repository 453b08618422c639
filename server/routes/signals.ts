import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { type Heard, heardIn, noteHeard } from '../consent/signals.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';

/** When the way this hub honors the signal last changed, for its statement of support (GATE.md h). */
const lastUpdate = '2026-11-22';

/** What a request tells: signals from its raw header lines (R23), and the country of its client's address (R26). */
export function heardFrom(d: Pick<HubDeps, 'countryOf'>, c: Context<Env>): Heard {
  const country = d.countryOf(c.get('client'));
  return { signals: heardIn(c.env?.incoming?.rawHeaders ?? []), ...(country ? { country } : {}) };
}

/** Hears what a visitor's call tells before anything else is done with it: in force from this very request (R23). */
export const hears =
  (d: HubDeps): MiddlewareHandler<Env> =>
  async (c, next) => {
    await noteHeard(d, c.get('visitor'), heardFrom(d, c));
    await next();
  };

/** The public statement that Global Privacy Control is honored here (GATE.md h). */
export function signalRoutes(): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/.well-known/gpc.json', (c) => c.json({ gpc: true, lastUpdate }));
  return app;
}

import { demoPeople } from '../../../server/people/seed.ts';
import { paths } from '../../../server/web/console/paths.ts';
import { appWith } from '../../support/app-codes.ts';
import { type DoorOptions, frontDoor } from '../../support/front-door.ts';
import { openStream } from '../../support/open-stream.ts';
import type { Client } from '../../support/people-at.ts';
import { panel } from './stage.ts';

/** The hidden field of the first form of a page. */
export const csrfIn = (html: string) => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
/** What `doors` answers when every page and every call says the same. */
export const all = (page: number | string, call: number) => ({
  console: page,
  ledger: page,
  agents: page,
  own: page,
  pair: page,
  panel: page,
  outbox: page,
  api: call,
  stream: call,
});

/** A hub whose people have second steps, with a clock that is pushed and never waited for. */
export async function openStepStage(options: DoorOptions = {}) {
  let clock = Date.now();
  const door = await frontDoor({ ...options, now: () => new Date(clock) });
  const csrfAt = async (client: Client, path: string) => csrfIn(await (await client.get(path)).text());
  const cookieOf = (client: Client) => [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const asCookie = (client: Client) => ({ cookie: cookieOf(client), ...panel });
  return {
    ...door,
    csrfAt,
    cookieOf,
    asCookie,
    /** Uses a printed link, as the browser would; answers with where it leads. */
    async link(who: { email: string } = demoPeople.maria, client = door.client()) {
      const href = door.hub.deps.people.signIn.printedLink(who.email);
      const done = await client.submit(href, { token: href.split('/').at(-1) ?? '' });
      return { client, to: done.headers.get('location') };
    },
    /** Follows "Set it up" to the end; the clock then stands one second into a step no code was used for. */
    async setUp(client: Client, from: string = paths.ownStep) {
      const scan = await (await client.submit(paths.beginStep, { csrf: await csrfAt(client, from) })).text();
      const app = appWith(/class="code key">([^<]+)</.exec(scan)?.[1] ?? '');
      const done = await client.submit(paths.confirmStep, { csrf: csrfIn(scan), code: await app(clock) });
      const html = await done.text();
      if (done.status !== 200) throw new Error(`setting up ended with ${done.status}`);
      clock += 61_000 - (clock % 30_000);
      const codes = [...html.matchAll(/<li class="code">([\w-]+)</g)].map(([, code = '']) => code);
      return { app: () => app(clock), codes, html };
    },
    enter: async (client: Client, code: string) =>
      client.submit(paths.secondStep, { csrf: await csrfAt(client, paths.secondStep), code }),
    audit: (act: string) => door.store.read.hot('select actor, detail from audit where act = ? order by seq').all(act),
    watch: (headers: Record<string, string>) => openStream(`${door.origin}/api/panel/stream`, headers),
    /** Pairs a panel by this client: what that panel sends. */
    async pairBy(client: Client) {
      const begun = await client.json<{ code: string; secret: string }>('POST', '/api/pair/start', {
        browser: 'Chrome',
      });
      const csrf = await csrfAt(client, `/pair?code=${begun.body.code}`);
      await client.submit('/pair', { csrf, code: begun.body.code, answer: 'confirm' });
      const polled = await client.json<{ token?: string }>('POST', '/api/pair/poll', { secret: begun.body.secret });
      return { authorization: `Bearer ${polled.body.token}` };
    },
    /** What each door answers to this client: a status, or where it leads. */
    async doors(client: Client) {
      const page = async (path: string) => {
        const res = await client.get(path);
        return res.headers.get('location') ?? res.status;
      };
      const stream = await fetch(`${door.origin}/api/panel/stream`, { headers: asCookie(client) });
      await stream.body?.cancel();
      return {
        console: await page('/console'),
        ledger: await page('/console/ledger'),
        agents: await page('/console/agents'),
        own: await page(paths.ownStep),
        pair: await page('/pair'),
        panel: await page('/panel'),
        outbox: await page('/console/outbox'),
        api: (await client.json('GET', '/api/panel/queue', undefined, panel)).status,
        stream: stream.status,
      };
    },
  };
}
/** What openStepStage returns. */
export type StepStage = Awaited<ReturnType<typeof openStepStage>>;

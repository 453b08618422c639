import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileHead } from '#contract/call.ts';
import { panelRoutes } from '#contract/client.ts';
import { type EndpointName, endpoints } from '#contract/endpoints.ts';
import { createApp } from '../../../server/app.ts';
import { saveReply } from '../../../server/chat/replies.ts';
import { pngFile, uploadBody } from '../../support/files.ts';
import { care, crm, panel } from './stage.ts';
import { boats, motors, openTwoBrands, type TwoBrands } from './two-brands.ts';

interface Place {
  brand: string;
  conversation: string;
  file: string;
  integration: string;
}
let hub: TwoBrands;
let places: Record<'motors' | 'boats', Place>;
beforeAll(async () => {
  hub = await openTwoBrands();
  for (const limit of Object.values(hub.hub.deps.limits)) limit.points = 1_000_000;
  const place = async (brand: string, integration: string): Promise<Place> => {
    const visitor = await hub.visitorOf(brand, 'Ada Brandt', `Words for ${brand} alone`);
    const sent = await upload(hub.panels.jens.bearer, visitor.id);
    const { entry } = (await sent.json()) as { entry: { file: string } };
    await saveReply(
      { store: hub.store, now: () => new Date(), ids: () => `reply-of-${brand}` },
      { brandId: brand, userId: 'u' },
      { name: 'Opening', text: `Reply of ${brand}` },
    );
    return { brand, conversation: visitor.id, file: entry.file, integration };
  };
  places = { motors: await place(motors, hub.integration()), boats: await place(boats, 'crm-of-boats') };
  await hub.hub.deps.routing.settled();
});
afterAll(() => hub.close());

const upload = (headers: Record<string, string>, conversation: string) =>
  fetch(`${hub.origin}/api/panel/conversations/${conversation}/files`, {
    method: 'POST',
    headers: { origin: hub.origin, 'content-type': 'application/octet-stream', ...headers },
    body: new Uint8Array(uploadBody('f', 'a.png', pngFile())),
  });

type Agents = Extract<EndpointName, `panel${string}`>;
const agentCalls = (Object.keys(panelRoutes) as EndpointName[]).filter((name): name is Agents =>
  name.startsWith('panel'),
);
/** A whole body of each call, with the ids of a place; a call that is missing here fails the walk. */
const bodies: Record<Agents, (at: Place) => Record<string, unknown> | undefined> = {
  panelQueue: () => undefined,
  panelConversation: () => undefined,
  panelColleagues: () => undefined,
  panelReplies: () => undefined,
  panelLayout: () => undefined,
  panelSites: () => undefined,
  panelSend: () => ({ clientId: 'c', text: 'Foreign words' }),
  panelTyping: () => ({}),
  panelSeen: () => ({ n: 1 }),
  panelFile: () => ({ clientId: 'c', name: 'a.png' }),
  panelFileLink: () => ({}),
  panelFilePicture: () => undefined,
  panelNote: () => ({ clientId: 'w', text: 'Foreign note' }),
  panelTag: () => ({ tag: 'refund', on: true }),
  panelAssign: () => ({ to: hub.jensId, from: null }),
  panelAvailability: () => ({ available: true }),
  panelEnd: () => ({}),
  panelSearch: () => ({ words: 'words' }),
  panelArrange: () => ({ order: [], pinned: [], folded: ['about'] }),
  panelAsk: (at) => ({ integration: at.integration, purpose: crm }),
  panelReveal: () => ({ field: 'phone', reason: 'because' }),
  panelUnderAge: () => ({}),
  panelClearUnderAge: () => ({ reason: 'because' }),
  panelRecord: (at) => ({
    integration: at.integration,
    purpose: care,
    by: 'guardian',
    answer: 'yes',
    fields: ['email'],
    evidence: '',
  }),
  panelUnmerge: () => ({}),
  panelPreview: (at) => ({ integration: at.integration, purpose: crm }),
  panelShare: (at) => ({ clientId: 's', integration: at.integration, purpose: crm }),
  panelFind: (at) => ({ integration: at.integration, record: '101' }),
};
const named = (name: Agents) => panelRoutes[name][1].includes(':id') || name === 'panelFind';

/** One call with the ids of a place. */
async function send(name: Agents, at: Place, headers: Record<string, string>) {
  const [method, path] = panelRoutes[name];
  const to = path.replace('files/:id', `files/${at.file}`).replace(':id', at.conversation);
  const body = bodies[name](at);
  if (endpoints[name].input === fileHead) {
    const res = await upload(headers, at.conversation);
    return { status: res.status, text: await res.text() };
  }
  const res = await fetch(hub.origin + to, {
    method,
    headers: { origin: hub.origin, ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: res.status, text: await res.text() };
}
/** Everything that is stored, but when a token was last used, by table. */
const everything = () => {
  const tables = hub.store.read.hot("select name from sqlite_master where type = 'table' and name <> 'pairing'").all();
  return Object.fromEntries(
    tables.map(({ name }) => [
      name,
      hub.store.read
        .hot(`select * from "${name}"`)
        .all()
        .map((row) => ({ ...row })),
    ]),
  );
};
const nowhere: Place = { brand: 'none', conversation: 'not-there', file: 'not-there', integration: 'not-there' };

describe('R64 DB4 an id of a brand one is no agent of', () => {
  test('every call of the panel is walked, and every route of it is a call', () => {
    expect(Object.keys(bodies).sort()).toEqual([...agentCalls].sort());
    for (const name of agentCalls) {
      const input = bodies[name](places.boats);
      if (input) expect([name, endpoints[name].input.safeParse(input).success]).toEqual([name, true]);
    }
    const app = createApp(hub.hub.deps);
    const mounted = app.routes.filter((r) => r.method !== 'ALL' && r.path.startsWith('/api/panel/'));
    const known = [...agentCalls.map((name) => panelRoutes[name].join(' ')), 'GET /api/panel/stream'];
    expect(new Set(mounted.map((r) => `${r.method} ${r.path}`))).toEqual(new Set(known));
  });

  test.each([
    ['Maria of Motors, by her paired panel', 'motors', 'boats', () => hub.panels.maria.bearer],
    ['Maria of Motors, at the page of the hub', 'motors', 'boats', () => hub.asCookie(hub.maria)],
    ['Alva of Boats, by a paired panel', 'boats', 'motors', () => hub.panels.alva.bearer],
  ] as const)('%s: 404 like for none, and nothing is stored', async (_, own, foreign, headers) => {
    await send('panelQueue', places[own], headers()); // the first use of a token is written down
    await hub.hub.deps.routing.settled();
    const before = everything();
    for (const name of agentCalls.filter(named)) {
      const answer = await send(name, places[foreign], headers());
      expect([name, answer.status]).toEqual([name, 404]);
      expect([name, answer]).toEqual([name, await send(name, nowhere, headers())]);
    }
    await hub.hub.deps.runner.idle();
    expect(everything()).toEqual(before);
  });

  test('an id of one’s own brand in a chat of another is none either, also for who serves both', async () => {
    const mixed: Place = { ...places.motors, integration: 'crm-of-boats' };
    const before = everything();
    for (const name of ['panelAsk', 'panelPreview', 'panelShare'] as const)
      expect([name, (await send(name, mixed, hub.panels.jens.bearer)).status]).toEqual([name, 404]);
    expect(everything()).toEqual(before);
  });

  test('what is asked without an id names nothing of the other brand', async () => {
    for (const [headers, foreign] of [
      [hub.panels.maria.bearer, places.boats],
      [hub.asCookie(hub.maria), places.boats],
      [hub.panels.alva.bearer, places.motors],
    ] as const)
      for (const name of agentCalls.filter((one) => !named(one))) {
        const { status, text } = await send(name, foreign, headers);
        expect([name, status]).toEqual([name, 200]);
        for (const word of [...Object.values(foreign), `Reply of ${foreign.brand}`])
          expect([name, text.includes(word)]).toEqual([name, false]);
      }
  });

  test('a call that names a brand is refused: no brand is anybody’s word', async () => {
    for (const name of agentCalls.filter((one) => panelRoutes[one][0] === 'POST' && one !== 'panelFile')) {
      const [, path] = panelRoutes[name];
      const at = places.motors;
      const res = await fetch(
        hub.origin + path.replace('files/:id', `files/${at.file}`).replace(':id', at.conversation),
        {
          method: 'POST',
          headers: { origin: hub.origin, 'content-type': 'application/json', ...panel, ...hub.panels.jens.bearer },
          body: JSON.stringify({ ...bodies[name](at), brand: boats }),
        },
      );
      // What Jens may not do at all in Motors is refused before its body is read.
      expect([name, [400, 403]]).toEqual([name, expect.arrayContaining([res.status])]);
    }
  });
});

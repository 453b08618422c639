import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { readEvents, type StreamEvent } from '#contract/sse.ts';
import { type Chat, count, openChat, openStage, panel, type Stage, until } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const jar = () => [...stage.maria.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
const ways = {
  visitor: () => ({ path: '/api/chat/stream', headers: chat.ada.auth as Record<string, string> }),
  agent: () => ({ path: '/api/panel/stream', headers: { cookie: jar(), ...panel } as Record<string, string> }),
};
/** One connection of a stream; what arrives is kept. */
async function open(way: keyof typeof ways, lastId?: number | string) {
  const { path, headers } = ways[way]();
  const abort = new AbortController();
  const res = await fetch(stage.door.origin + path, {
    headers: { ...headers, ...(lastId === undefined ? {} : { 'last-event-id': String(lastId) }) },
    signal: abort.signal,
  });
  const events: StreamEvent[] = [];
  let ended = false;
  const reading = (async () => {
    if (res.status !== 200 || !res.body) return;
    for await (const e of readEvents(res.body)) events.push(e);
  })()
    .catch(() => {})
    .then(() => {
      ended = true;
    });
  return {
    status: res.status,
    events,
    entries: () => events.filter((e) => e.id !== undefined).map((e) => JSON.parse(e.data) as Entry),
    ended: () => ended,
    async close() {
      abort.abort();
      await reading;
    },
  };
}
const texts = (entries: Entry[]) => entries.flatMap((e) => (e.kind === 'message' ? [e.text] : []));
const limitless = () => {
  for (const limit of Object.values(stage.door.hub.deps.limits)) limit.points = 1_000_000;
};

test('P1 DB6 sec-R18 the same client id 50 times at once: one row, one answer; other words are a conflict', async () => {
  limitless();
  const before = count(stage.door, 'entry');
  const answers = await Promise.all(Array.from({ length: 50 }, () => chat.message('Once, please.', 'same-id')));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]).toMatchObject({ status: 201 });
  expect(count(stage.door, 'entry') - before).toBe(1);
  expect(await chat.message('Twice?', 'same-id')).toMatchObject({ status: 409, body: { type: '/problems/conflict' } });
  expect(count(stage.door, 'entry') - before).toBe(1);
});

test('P1 many senders at once: numbers of the conversation without a gap', async () => {
  limitless();
  await Promise.all(Array.from({ length: 120 }, (_, i) => chat.message(`line ${i}`, `gap-${i}`)));
  const n = stage.door.store.read
    .hot('select n from entry order by seq')
    .all()
    .map((r) => r.n);
  expect(n).toEqual(Array.from({ length: 121 }, (_, i) => i + 1));
});

test('DB6 the press of Send repeated: one share, one answer; the same id for another purpose is a conflict', async () => {
  await chat.answer({ email: 'yes' });
  const [a, b] = await Promise.all([chat.press(undefined, 'p1'), chat.press(undefined, 'p1')]);
  expect(a.body.share).toBe(b.body.share);
  expect((await chat.press('CustomerCare', 'p1')).status).toBe(409);
  await stage.door.hub.deps.runner.idle();
  expect(stage.recorder.calls.filter((c) => c.path.endsWith('/upsert'))).toHaveLength(1);
});

test.each(['visitor', 'agent'] as const)(
  'P5 %s: cut and resumed at any event: no gap, no double, order kept',
  async (way) => {
    limitless();
    const got: Entry[] = [];
    let last: number | undefined;
    for (let round = 0; round < 4; round++) {
      const live = await open(way, last);
      const sending = Promise.all(
        Array.from({ length: 25 }, (_, i) => chat.message(`r${round} m${i}`, `r${round}m${i}`)),
      );
      await until('some have come', () => live.entries().length >= 10);
      const part = live.entries();
      got.push(...part);
      last = part.at(-1)?.seq;
      await live.close();
      await sending;
    }
    const rest = await open(way, last);
    await until('all have come', () => got.length + rest.entries().length >= 101);
    const all = [...got, ...rest.entries()];
    expect(all.map((e) => e.seq)).toEqual(
      stage.door.store.read
        .hot('select seq from entry order by seq')
        .all()
        .map((r) => r.seq),
    );
    expect(new Set(texts(all)).size).toBe(101);
    await rest.close();
  },
);

test('P5 1,500 long messages were missed: all come, once and in order, whatever the reader takes at a time', async () => {
  limitless();
  for (let i = 0; i < 1_500; i += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, k) =>
        chat.message('x'.repeat(3_990) + String(i + k).padStart(5, '0'), `big-${i + k}`),
      ),
    );
  const live = await open('agent');
  // Written while the reader still catches up: they come too, and in their place.
  await Promise.all(Array.from({ length: 20 }, (_, k) => chat.message(`meanwhile ${10_000 + k}`, `now-${k}`)));
  await until('all have come', () => live.entries().length >= 1_521, 20_000);
  const seqs = stage.door.store.read.hot('select seq from entry order by seq').all();
  expect(live.entries().map((e) => e.seq)).toEqual(seqs.map((r) => r.seq));
  expect(new Set(texts(live.entries()).map((t) => t.slice(-5))).size).toBe(1_521);
  await live.close();
}, 60_000);

test.each(['visitor', 'agent'] as const)(
  'P5 %s: an id that never was, and one of another chat or brand, is 404',
  async (way) => {
    const other = await openChat(stage, {}, 'another chat');
    const foreign = other.ada.conversation;
    const seq = stage.door.store.read.hot('select seq from entry where conversation_id = ?').get(foreign)
      ?.seq as number;
    if (way === 'agent')
      await stage.door.store.write((tx) => tx.hot("update entry set brand_id = 'other-brand' where seq = ?").run(seq));
    for (const id of [999_999, seq, -1, 'abc', '1e3', '99999999999999999999'])
      expect((await open(way, id)).status).toBe(404);
  },
);

test('BA5 P5 signed out: the stream says gone and ends within 2 s, and is not opened again', async () => {
  const live = await open('agent');
  await until('it is open', () => live.events.length > 0);
  const at = performance.now();
  await stage.maria.submit('/sign-out', {});
  await until('it ended', live.ended, 3_000);
  expect(performance.now() - at).toBeLessThan(2_000);
  expect(live.events.at(-1)?.event).toBe('gone');
  expect((await open('agent')).status).toBe(401);
});

test('P4 E09 unpaired in the console: the panel’s stream says gone and closes within 2 s, its token is dead', async () => {
  const ext = stage.door.client('moz-extension://0b7c');
  const started = await ext.json<{ code: string; secret: string }>('POST', '/api/pair/start', {
    browser: 'Firefox on Linux',
  });
  const csrf = async () =>
    /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get('/console')).text())?.[1] ?? '';
  await stage.maria.submit('/pair', { csrf: await csrf(), code: started.body.code, answer: 'confirm' });
  const polled = await ext.json<{ state: string; token: string }>('POST', '/api/pair/poll', {
    secret: started.body.secret,
  });
  expect(polled.body.state).toBe('paired');
  const auth = { authorization: `Bearer ${polled.body.token}`, origin: 'moz-extension://0b7c' };
  const res = await fetch(`${stage.door.origin}/api/panel/stream`, { headers: auth });
  expect(res.status).toBe(200);
  let text = '';
  let over = false;
  void (async () => {
    for await (const part of res.body ?? []) text += Buffer.from(part).toString();
    over = true;
  })();
  const pairing = stage.door.store.read.hot("select id from pairing where state = 'paired'").get()?.id as string;
  const at = performance.now();
  await stage.maria.submit('/console/agents/unpair', { csrf: await csrf(), pairing });
  await until('it ended', () => over, 3_000);
  expect(performance.now() - at).toBeLessThan(2_000);
  expect(text).toContain('event: gone');
  expect((await ext.json('GET', '/api/panel/queue', undefined, auth)).status).toBe(401);
});

test('R62 a reader that is slow to go is not written to after its end: the hub lives', async () => {
  const live = await open('agent');
  await until('it is open', () => live.events.length > 0);
  await stage.maria.submit('/sign-out', {});
  for (let i = 0; i < 20; i++) expect((await chat.message(`after ${i}`, `after-${i}`)).status).toBe(201);
  expect((await fetch(`${stage.door.origin}/healthz`)).status).toBe(200);
  await live.close();
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, json, openRecorder } from '../../support/recorder.ts';
import { type Chat, count, openChat, openStage, type Stage, until } from './stage.ts';

let clock: number;
let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  clock = Date.now();
  const recorder = await openRecorder();
  stage = await openStage({ recorder, now: () => new Date(clock), egress: { totalMs: 400 } });
  chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
});
afterEach(() => stage.close());

const upserts = () => stage.recorder.calls.filter((c) => c.path.endsWith('/batch/upsert')).length;
const notes = () => stage.recorder.calls.filter((c) => c.path.endsWith('/objects/notes')).length;
const notesHeld = async () =>
  ((await (await fetch(`${stage.door.shop}/sandbox/hubspot/`)).text()).match(/is kept in askfirst/g) ?? []).length;
const health = async () =>
  (await (await stage.maria.get(`/console/connections/${stage.integration}`)).text()).replace(/<[^>]+>/g, ' ');
const shareRow = () => stage.door.store.read.hot('select state, attempts, not_before_ms from share').get();
const outcomes = () =>
  stage.door.store.read
    .hot('select state, http_status from outcome order by seq')
    .all()
    .map((r) => [r.state, r.http_status]);
/** Misbehaves on one call by its path, `times` often. */
const on = (end: string, answer: Answer, times = Number.POSITIVE_INFINITY): Answer => {
  let left = times;
  return (request, res) => request.path.endsWith(end) && left-- > 0 && answer(request, res);
};
/** The hub's clock moves and its runner looks again, as its timer would. */
async function later(ms: number) {
  clock += ms;
  stage.door.hub.deps.runner.wake();
  await stage.door.hub.deps.runner.idle();
}

describe('a partner that has a bad day', () => {
  test('R18 sec-O28 429 with Retry-After on the first call: waits as told, then sends once', async () => {
    stage.recorder.answer(on('/upsert', (_, res) => json(res, 429, {}, { 'retry-after': '7' }), 1));
    await chat.send();
    expect(await chat.lastShare()).toMatchObject({ state: 'waiting', cause: 'HubSpot is busy.' });
    expect(shareRow()).toMatchObject({ state: 'queued', not_before_ms: clock + 7_000 });
    expect(await health()).toContain('HubSpot is busy. Sends wait their turn.');
    await later(6_999);
    expect(upserts()).toBe(1);
    await later(1);
    expect(await chat.lastShare()).toMatchObject({ state: 'sent', fields: ['name', 'email'] });
    expect(await health()).toContain('Every call was answered.');
    expect([upserts(), notes(), await notesHeld()]).toEqual([2, 1, 1]);
    expect(outcomes()).toEqual([
      ['sent', 429],
      ['sent', 200],
    ]);
  });

  test('GATE-14 503 on the first call for ever: eight tries with the waits of WH4, then over, each with a row of its own', async () => {
    stage.recorder.answer(on('/upsert', (_, res) => json(res, 503, {})));
    await chat.send();
    for (const wait of [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000]) {
      const tries = upserts();
      await later(wait - 1);
      expect(upserts()).toBe(tries);
      await later(1);
    }
    await later(36_000_000);
    expect(upserts()).toBe(8);
    expect(count(stage.door, 'disclosure')).toBe(8);
    expect(shareRow()).toMatchObject({ state: 'failed', attempts: 8 });
    expect(await notesHeld()).toBe(0);
  });

  test.each([429, 500, 503])(
    'R71 %i after a taken call: not repeated, nothing doubled, a plain cause',
    async (status) => {
      stage.recorder.answer(on('/objects/notes', (_, res) => json(res, status, {})));
      await chat.send();
      await later(3_600_000);
      expect([upserts(), notes()]).toEqual([1, 1]);
      expect(await chat.lastShare()).toMatchObject({
        state: 'failed',
        cause: 'HubSpot took a part of it and then failed.',
      });
    },
  );

  test('R71 500 on the last of three calls: the note is there once and stays the only one', async () => {
    stage.recorder.answer((request, res) => request.method === 'PUT' && json(res, 500, {}));
    await chat.send();
    await later(3_600_000);
    expect([upserts(), notes(), await notesHeld()]).toEqual([1, 1, 1]);
  });

  test('500 on the first call may have been half done: not repeated, and the connection says so', async () => {
    stage.recorder.answer(on('/upsert', (_, res) => json(res, 500, {})));
    await chat.send();
    await later(3_600_000);
    expect(upserts()).toBe(1);
    expect(await chat.lastShare()).toMatchObject({ state: 'failed', cause: 'HubSpot had a fault of its own.' });
    expect(await health()).toContain('HubSpot had a fault of its own.');
  });

  test('401 once: a new token is fetched and the same call goes once more', async () => {
    stage.recorder.answer(on('/upsert', (_, res) => json(res, 401, {}), 1));
    await chat.send();
    expect(await chat.lastShare()).toMatchObject({ state: 'sent' });
    expect([upserts(), await notesHeld()]).toEqual([2, 1]);
  });

  test('R5 401 for ever: the connection asks to be reconnected, the share waits for that, nothing loops', async () => {
    stage.recorder.answer(on('/upsert', (_, res) => json(res, 401, {})));
    await chat.send();
    await later(3_600_000);
    expect(upserts()).toBe(2);
    expect(await chat.lastShare()).toMatchObject({ state: 'waiting', cause: 'HubSpot needs reconnecting.' });
    expect(await health()).toContain('HubSpot turned our key down. Reconnect once; nothing is lost.');
  });

  test('HTML instead of JSON with 200: said in plain words, not blamed on the add-on, not repeated', async () => {
    stage.recorder.answer(
      on('/upsert', (_, res) => {
        res.writeHead(200, { 'content-type': 'text/html' });
        res.end('<!doctype html><h1>Welcome back</h1>');
        return true;
      }),
    );
    await chat.send();
    await later(3_600_000);
    expect(upserts()).toBe(1);
    expect(await chat.lastShare()).toMatchObject({
      state: 'failed',
      cause: 'HubSpot sent an answer we could not read.',
    });
    expect(await health()).toContain('HubSpot sent an answer we could not read.');
    expect(await health()).not.toContain('Welcome back');
  });

  test('JSON of another form than declared: a plain cause, no value of the partner in it', async () => {
    stage.recorder.answer(on('/upsert', (_, res) => json(res, 200, { results: 'MARKED-ANSWER' })));
    await chat.send();
    const line = await chat.lastShare();
    expect(line).toMatchObject({
      state: 'failed',
      why: 'unreadable',
      cause: 'HubSpot sent an answer we could not read.',
    });
    expect(JSON.stringify(line) + stage.door.logged()).not.toContain('MARKED-ANSWER');
  });

  test.each([
    ['nothing at all', () => true],
    [
      'one byte at a time',
      (_: unknown, res: Parameters<Answer>[1]) => {
        res.writeHead(200, { 'content-type': 'application/json' });
        res.write('{');
        return true;
      },
    ],
  ] as [string, Answer][])(
    'R31 %s: the row says so, the chat goes on meanwhile, nobody repeats it',
    async (_, answer) => {
      stage.recorder.answer(on('/upsert', answer));
      await chat.press();
      await until('the partner has the request', () => upserts() === 1);
      expect((await chat.message('Are you there?')).status).toBe(201);
      await stage.door.hub.deps.runner.idle();
      const line = await chat.lastShare();
      expect(['unknown', 'failed']).toContain(line?.state);
      expect(line?.why).toBe('slow');
      expect(line?.cause).toMatch(/^HubSpot (did not answer in time|sent an answer we could not read)\.$/);
      await later(3_600_000);
      expect(upserts()).toBe(1);
      expect(await health()).toContain(line?.cause);
    },
  );

  test('a partner that hangs up at once: unknown, because a byte was written', async () => {
    stage.recorder.answer(
      on('/upsert', (_, res) => {
        res.socket?.destroy();
        return true;
      }),
    );
    await chat.send();
    expect(outcomes()).toEqual([['unknown', null]]);
    expect(await chat.lastShare()).toMatchObject({ state: 'unknown' });
  });

  test('a redirect is an answer like any other: not followed', async () => {
    stage.recorder.answer(
      on('/upsert', (_, res) => {
        res.writeHead(307, { location: `${stage.door.shop}/sandbox/hubspot/crm/v3/objects/contacts/batch/upsert` });
        res.end();
        return true;
      }),
    );
    await chat.send();
    expect(stage.recorder.calls).toHaveLength(1);
    expect((await chat.lastShare())?.state).toBe('failed');
  });
});

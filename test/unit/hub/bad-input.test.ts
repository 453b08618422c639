import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileHead } from '#contract/call.ts';
import { type EndpointName, endpoints } from '#contract/endpoints.ts';
import { type ProblemSlug, problems } from '#contract/problem.ts';
import { type Chat, openChat, openStage, panel, type Stage, stored } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeAll(async () => {
  stage = await openStage();
  chat = await openChat(stage);
  for (const limit of Object.values(stage.door.hub.deps.limits)) limit.points = 1_000_000;
});
afterAll(() => stage.close());

type Raw = { status: number; headers: Headers; body: { type: string; title: string; remedy: string; detail?: string } };
const posts = (Object.entries(endpoints) as [EndpointName, (typeof endpoints)[EndpointName]][]).filter(
  ([, e]) => e.method === 'POST' && e.input !== fileHead, // an upload: files.test.ts
);
const pathOf = (path: string) => path.replace(':id', chat.ada.conversation);
/** Headers with which this call is allowed to be made. */
function allowed(caller: string): Record<string, string> {
  const origin = { origin: stage.door.origin };
  if (caller === 'visitor') return { ...origin, ...chat.ada.auth };
  if (caller === 'agent')
    return { ...origin, ...panel, cookie: [...stage.maria.cookies].map(([k, v]) => `${k}=${v}`).join('; ') };
  return origin;
}
async function raw(path: string, init: RequestInit): Promise<Raw> {
  const res = await fetch(stage.door.origin + path, init);
  return { status: res.status, headers: res.headers, body: (await res.json().catch(() => ({}))) as Raw['body'] };
}
function says(answer: Raw, slug: ProblemSlug) {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer).toMatchObject({
    status: problems[slug].status,
    body: { type: `/problems/${slug}`, title: problems[slug].title, remedy: problems[slug].remedy },
  });
}
/** Nothing was stored or sent, and the chat goes on. */
async function untouched(act: () => Promise<void>) {
  const before = stored(stage.door);
  await act();
  await stage.door.hub.deps.runner.idle();
  expect(stored(stage.door)).toEqual(before);
  expect(stage.recorder.calls).toEqual([]);
  expect((await chat.message('Still there?')).status).toBe(201);
}

describe.each(posts)('%s', (_, { path, caller }) => {
  const send = (body: BodyInit, headers: Record<string, string> = {}) =>
    raw(pathOf(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...allowed(caller), ...headers },
      body,
    });

  test('malformed JSON is refused by its name', () =>
    untouched(async () => {
      for (const body of ['{', '', 'null undefined', '{"a":1,}', '\u0000', '[1'.repeat(20_000)])
        says(await send(body), 'bad-json');
    }));

  test('HO3 another content type is 415, whatever the body says', () =>
    untouched(async () => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/jsonx',
        '',
      ])
        says(await send('{}', { 'content-type': type }), 'wrong-type');
    }));

  test('sec-H09 over 64 kB is refused, announced or chunked', () =>
    untouched(async () => {
      says(await send(JSON.stringify({ text: 'x'.repeat(70_000) })), 'too-large');
      const status = await new Promise<number>((resolve, reject) => {
        const req = request(
          stage.door.origin + pathOf(path),
          {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...allowed(caller), 'transfer-encoding': 'chunked' },
          },
          (res) => {
            res.resume();
            resolve(res.statusCode ?? 0);
          },
        );
        req.on('error', reject);
        for (let i = 0; i < 9; i++) req.write('x'.repeat(9_000));
        req.end();
      });
      expect(status).toBe(413);
    }));

  test('HO6 an unknown key is refused', () =>
    untouched(async () => {
      says(await send('{"__proto__":{"admin":true}}'), 'bad-input');
      says(await send('{"brandId":"harbor-motors"}'), 'bad-input');
    }));

  test('sec-H21 objects, arrays, numbers and null where strings are expected: 400 and nothing stored', () =>
    untouched(async () => {
      const names = [
        'brand',
        'clientId',
        'text',
        'name',
        'email',
        'integration',
        'purpose',
        'nonce',
        'answers',
        'later',
        'secret',
        'token',
        'browser',
      ];
      const odd = fc.oneof(
        fc.constant(null),
        fc.integer(),
        fc.array(fc.string(), { maxLength: 3 }),
        fc.constant({ $ne: '' }),
        fc.constant({ $gt: '', toString: 'x' }),
        fc.dictionary(fc.string(), fc.integer(), { maxKeys: 3 }),
      );
      await fc.assert(
        fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), odd, { minKeys: 1, maxKeys: 5 }), async (body) => {
          const answer = await send(JSON.stringify(body));
          expect(answer.status).toBe(400);
          expect(answer.body.type).toBe('/problems/bad-input');
        }),
        { numRuns: 25 },
      );
      for (const top of ['[]', '"x"', '7', 'null', 'true', '[{"text":"x"}]']) says(await send(top), 'bad-input');
    }));

  test('without the right of its caller it is refused before the body is read', () =>
    untouched(async () => {
      if (caller === 'anyone') return;
      const headers = { 'content-type': 'application/json', origin: stage.door.origin, ...panel };
      says(await raw(pathOf(path), { method: 'POST', headers, body: '{' }), 'not-signed-in');
      const other = caller === 'visitor' ? allowed('agent') : allowed('visitor');
      expect((await raw(pathOf(path), { method: 'POST', headers: { ...headers, ...other }, body: '{' })).status).toBe(
        401,
      );
    }));
});

describe('who is asking', () => {
  const visitors = posts.filter(([name]) => name.startsWith('chat'));
  test.each(visitors)(
    'GATE c: %s from the shop’s page, or from no page at all, is no word of the visitor',
    (_, { path, caller }) =>
      untouched(async () => {
        const { origin: __, ...headers } = allowed(caller);
        for (const origin of [
          stage.door.shop,
          'null',
          'https://brand.com.evil',
          `${stage.door.origin}.evil`,
          undefined,
        ])
          says(
            await raw(path, {
              method: 'POST',
              headers: { 'content-type': 'application/json', ...headers, ...(origin ? { origin } : {}) },
              body: '{}',
            }),
            'wrong-origin',
          );
      }),
  );

  test('sec-H08 a cookie without the header, or with a form’s content type, moves nothing', () =>
    untouched(async () => {
      const { 'x-askfirst': _, ...cookie } = allowed('agent');
      for (const what of ['ask', 'shares', 'messages', 'preview'])
        says(
          await raw(`/api/panel/conversations/${chat.ada.conversation}/${what}`, {
            method: 'POST',
            headers: { ...cookie, 'content-type': 'application/json' },
            body: '{}',
          }),
          'wrong-origin',
        );
      expect((await raw('/api/panel/queue', { headers: cookie })).status).toBe(403);
    }));

  test('sec-H08 the console’s forms: no field, another’s field, a foreign page, another type; GET does nothing', async () => {
    const forms = [
      '/console/add/hubspot',
      `/console/connections/${stage.integration}/disconnect`,
      '/console/agents/unpair',
      '/console/agents/end-session',
      '/pair',
      '/console/confirm/none',
    ];
    const { 'x-askfirst': _, ...cookie } = allowed('agent');
    const csrf = /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get('/console')).text())?.[1] ?? '';
    await untouched(async () => {
      for (const path of forms) {
        const form = (body: string, more: Record<string, string> = {}) =>
          raw(path, {
            method: 'POST',
            redirect: 'manual',
            headers: { ...cookie, 'content-type': 'application/x-www-form-urlencoded', ...more },
            body,
          });
        says(await form('answer=connect'), 'wrong-origin');
        says(await form('csrf=AAAA'), 'wrong-origin');
        says(await form(`csrf=${csrf}`, { origin: stage.door.shop }), 'wrong-origin');
        says(await form(`csrf=${csrf}`, { origin: 'null' }), 'wrong-origin');
        says(await form(`csrf=${csrf}`, { 'sec-fetch-site': 'cross-site' }), 'wrong-origin');
        says(await form(`csrf=${csrf}&csrf=${csrf}`), 'bad-input');
        says(await form(JSON.stringify({ csrf }), { 'content-type': 'text/plain' }), 'wrong-type');
        says(await form(JSON.stringify({ csrf }), { 'content-type': 'application/json' }), 'wrong-type');
        expect((await raw(path, { headers: cookie, redirect: 'manual' })).status).not.toBe(500);
      }
    });
    expect(stage.door.store.read.hot('select connection from integration').get()).toEqual({ connection: 'active' });
  });
});

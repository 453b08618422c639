import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { fileRefusals, maxFileBytes, type ShownFile } from '#contract/file.ts';
import { beginErasure, erase } from '../../../server/consent/erase.ts';
import { openStore } from '../../../server/store/open.ts';
import { pdfFile, pngFile } from '../../support/files.ts';
import { fileHands, had } from './file-stage.ts';
import { care, count, crm, openChat, openStage, panel, type Stage } from './stage.ts';

let clock = Date.parse('2026-11-22T12:00:00Z');
const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});
async function begin(options: Parameters<typeof openStage>[0] = {}) {
  const stage = await openStage({ now: () => new Date(clock), ...options });
  stages.push(stage);
  return fileHands(stage, await openChat(stage));
}

test('R62 a file goes from the visitor to the agent and one back, in the order of the talk', async () => {
  const { chat, visitorSends, agentSends, visitorLink, agentLink } = await begin();
  const picture = pngFile(20, 10);
  const sent = await visitorSends('marlin.png', picture);
  expect(sent).toMatchObject({
    status: 201,
    body: { entry: { kind: 'file', author: 'visitor', by: 'visitor', name: 'marlin.png', type: 'image/png', n: 2 } },
  });
  await chat.message('Is this the one?');
  const back = await agentSends('offer.pdf', pdfFile());
  expect(back).toMatchObject({ status: 201, body: { entry: { author: 'agent', by: 'Maria', n: 4 } } });
  const kinds = (await chat.view()).entries.map((e) => e.kind);
  expect(kinds).toEqual(['message', 'file', 'message', 'file', 'assigned']); // who answers so, holds it (R66)
  const seen = await had((await agentLink(sent.body.entry.file)).body);
  expect([seen.status, Buffer.from(await seen.arrayBuffer()).equals(picture)]).toEqual([200, true]);
  const got = await had((await visitorLink(back.body.entry.file)).body);
  expect([got.status, Buffer.from(await got.arrayBuffer()).equals(pdfFile())]).toEqual([200, true]);
  expect(sent.body.entry.file).toMatch(/^[\w-]{43}$/);
});

test('R62 a picture is read by both sides to be shown small, as data of an answer that is no page; no other file is', async () => {
  const { stage, chat, visitorSends, agentSends } = await begin();
  const shown = async (who: 'visitor' | 'agent', file: string, from = chat.ada) =>
    who === 'visitor'
      ? from.json<ShownFile>('GET', `/api/chat/files/${file}/picture`, undefined, from.auth)
      : stage.maria.json<ShownFile>('GET', `/api/panel/files/${file}/picture`, undefined, panel);
  const picture = pngFile(20, 10);
  const { file } = (await visitorSends('marlin.png', picture)).body.entry;
  for (const who of ['visitor', 'agent'] as const)
    expect(await shown(who, file)).toEqual({ status: 200, body: { base64: picture.toString('base64') } });
  const bare = await fetch(`${stage.door.origin}/api/chat/files/${file}/picture`, { headers: chat.ada.auth });
  expect([bare.headers.get('content-type'), bare.headers.get('x-content-type-options')]).toEqual([
    'application/json',
    'nosniff',
  ]);
  // Of another chat, no picture, too large, or nobody asking: as if there were none.
  const other = await openChat(stage, { name: 'Bob Lund' });
  expect((await shown('visitor', file, other.ada)).status).toBe(404);
  const { file: paper } = (await agentSends('offer.pdf', pdfFile())).body.entry;
  const large = Buffer.concat([pngFile(), Buffer.alloc(4 * 1024 * 1024)]);
  const { file: wide } = (await agentSends('large.png', large)).body.entry;
  for (const one of [paper, wide, 'x'.repeat(43)]) {
    expect((await shown('visitor', one)).status).toBe(404);
    expect((await shown('agent', one)).status).toBe(404);
  }
  expect((await fetch(`${stage.door.origin}/api/panel/files/${file}/picture`, { headers: panel })).status).toBe(401);
});

test('R62 the same upload again is stored once; other bytes, another name or words under its client id are a conflict', async () => {
  const { chat, door, visitorSends, agentSends } = await begin();
  const first = await visitorSends('a.png', pngFile(), 'same');
  expect(await visitorSends('a.png', pngFile(), 'same')).toEqual(first);
  for (const [name, bytes] of [
    ['a.png', pngFile(3, 3)],
    ['b.png', pngFile()],
  ] as const)
    expect((await visitorSends(name, bytes, 'same')).body.type).toBe('/problems/conflict');
  expect((await chat.message('words', 'same')).status).toBe(409);
  expect((await agentSends('a.png', pngFile(), 'same')).status).toBe(201); // another author, another line
  expect(count(door, 'file')).toBe(2);
});

test('R62 what cannot be sent is refused in plain words, with nothing stored', async () => {
  const { door, visitorSends, agentSends, post, chat } = await begin();
  const lines = count(door, 'entry');
  const svg = Buffer.from('<svg onload="alert(1)"/>');
  const wide = pngFile(2, 2, { width: 6000, height: 6000 });
  const table: [string, Buffer, number, string][] = [
    ['a.svg', svg, 422, fileRefusals.type],
    ['a.png', svg, 422, fileRefusals.type],
    ['a.zip', Buffer.from('PK\x03\x04'), 422, fileRefusals.type],
    ['a.png', Buffer.alloc(0), 422, fileRefusals.empty],
    ['a.png', wide, 422, fileRefusals.pixels],
    ['a.txt', Buffer.alloc(maxFileBytes + 1, 'a'), 413, fileRefusals.large],
    ['a.txt', Buffer.alloc(maxFileBytes + 9000, 'a'), 413, fileRefusals.large],
  ];
  for (const send of [visitorSends, agentSends])
    for (const [name, bytes, status, detail] of table)
      expect(await send(name, bytes), name).toMatchObject({ status, body: { status, detail } });
  for (const [body, slug] of [
    [Buffer.from('no line at all'), 'bad-json'],
    [Buffer.from('{"clientId":\n'), 'bad-json'],
    [Buffer.from('{"clientId":"x","name":"a.png","also":1}\n'), 'bad-input'],
  ] as const)
    expect((await post('/api/chat/files', chat.ada.auth, body)).body.type).toBe(`/problems/${slug}`);
  expect([count(door, 'file'), count(door, 'entry')]).toEqual([0, lines]);
});

test('R62 DB4 another chat’s and another brand’s file is not there, for link and for upload', async () => {
  const { stage, door, chat, visitorSends, visitorLink, agentSends, agentLink } = await begin();
  const { entry } = (await visitorSends('a.png', pngFile())).body;
  const grace = await openChat(stage, { name: 'Grace' });
  expect((await visitorLink(entry.file, grace.ada)).status).toBe(404);
  expect((await visitorLink('none')).status).toBe(404);
  expect((await visitorLink(entry.file)).status).toBe(200);
  expect((await agentLink(entry.file)).status).toBe(200);
  await door.store.write((tx) => {
    tx.exec(`update file set brand_id = 'other'`);
    tx.hot(`update conversation set brand_id = 'other' where id = ?`).run(chat.ada.conversation);
  });
  expect((await agentLink(entry.file)).status).toBe(404);
  expect((await agentSends('a.png', pngFile())).status).toBe(404);
  expect((await visitorLink(entry.file)).status).toBe(404);
});

test('SECURITY 4.8 a link lives a minute, cannot be made up, and opens its own file alone', async () => {
  const { visitorSends, visitorLink } = await begin();
  const one = (await visitorSends('a.png', pngFile())).body.entry.file;
  const two = (await visitorSends('b.png', pngFile(3, 3))).body.entry.file;
  const link = (await visitorLink(one)).body;
  expect((await had(link)).status).toBe(200);
  const [file = '', ends = '', signed = ''] = link.code.split('.');
  for (const code of [
    `${two}.${ends}.${signed}`,
    `${file}.${Number(ends) + 1}.${signed}`,
    `${file}.${ends}.${signed.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`,
    file,
    '',
  ])
    expect((await had({ ...link, code })).status, code).toBe(410);
  clock += 60_001;
  const late = await had(link);
  expect([late.status, await late.text()]).toEqual([410, expect.stringContaining('press Download again')]);
});

test('SECURITY 4.8 the files’ host saves and never shows: its headers, with every kind of name', async () => {
  const { door, visitorSends, visitorLink } = await begin();
  const page = Buffer.from('<!doctype html><script>alert(1)</script>');
  const { file } = (await visitorSends('../"ünder;\r\n\u202Etxt.htm.txt', page)).body.entry;
  const link = (await visitorLink(file)).body;
  expect(link.action).toBe(`${door.shop}/chat-file`);
  const res = await had(link);
  const { date: _, connection: __, 'keep-alive': ___, ...headers } = Object.fromEntries(res.headers);
  expect(headers).toMatchInlineSnapshot(`
    {
      "cache-control": "no-store",
      "content-disposition": "attachment; filename="__nder;txt.htm.txt"; filename*=UTF-8''_%C3%BCnder%3Btxt.htm.txt",
      "content-length": "40",
      "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
      "content-type": "text/plain; charset=utf-8",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    }
  `);
  const late = await had({ ...link, code: 'x' });
  expect(late.headers.get('content-security-policy')).toBe(res.headers.get('content-security-policy'));
  expect(late.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await had({ ...link, action: `${door.origin}/chat-file` })).status).toBe(404);
  expect((await fetch(`${link.action}?code=${link.code}`)).status).toBe(404);
  expect((await fetch(`${door.shop}/api/chat/entries`)).status).toBe(404);
});

test('R88 I9 canary: neither bytes nor name stand clear on the disk or in the log, and an erasure leaves not even the sealed ones', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'askfirst-'));
  const { door, visitorSends } = await begin({ store: openStore(join(folder, 'hub.db')) });
  const onDisk = () => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
  const bytes = Buffer.from('canarybytes in a file '.repeat(400));
  expect((await visitorSends('canaryname.txt', bytes)).status).toBe(201);
  const row = door.store.read.hot('select * from file').get();
  const part = Buffer.from(row?.bytes_enc as Uint8Array).subarray(0, 64);
  expect([onDisk().includes('canary'), onDisk().includes(part)]).toEqual([false, true]);
  expect(door.logged()).not.toMatch(/canary/);
  const who = { brandId: 'harbor-motors', subjectIds: [row?.subject_id as string] };
  await beginErasure(door.hub.deps, who);
  expect(await erase(door.hub.deps, who)).toMatchObject({ done: true });
  expect(onDisk().includes(part)).toBe(false);
});

test('R52 a card number is masked in a name too', async () => {
  const { visitorSends } = await begin();
  expect((await visitorSends('card 4111 1111 1111 1111.png', pngFile())).body.entry.name).toBe(
    'card •••• •••• •••• ••••.png',
  );
});

test('I9 R88 after an erasure nothing opens a file: its row is gone, and its bytes kept elsewhere have no key', async () => {
  const { door, visitorSends, visitorLink, agentLink } = await begin();
  const { entry } = (await visitorSends('a.png', pngFile())).body;
  const link = (await visitorLink(entry.file)).body;
  const { deps } = door.hub;
  const kept = door.store.read.hot('select * from file').get() as Record<string, string>;
  const who = { brandId: 'harbor-motors', subjectIds: [kept.subject_id as string] };
  await beginErasure(deps, who);
  expect(await erase(deps, who)).toMatchObject({ done: true });
  expect(count(door, 'file')).toBe(0);
  expect([(await had(link)).status, (await agentLink(entry.file)).status]).toEqual([404, 404]);
  expect((await visitorSends('b.png', pngFile())).status).toBe(401);
  expect(() => deps.keys.of(door.store.read, 'harbor-motors', kept.subject_id as string)).toThrow('no key');
});

test('GATE no partner ever gets a file or its name: the transcript is what was written', async () => {
  const { stage, chat, visitorSends } = await begin();
  await chat.answer({ email: 'yes' }, crm);
  await chat.send(crm);
  await chat.answer({ transcript: 'yes' }, care);
  await visitorSends('canaryname.txt', Buffer.from('canarybytes'));
  await chat.message('After the file');
  await chat.send(care);
  expect((await chat.lastShare())?.state).toBe('sent');
  const left = stage.recorder.calls.map((c) => c.path + c.body).join();
  expect(left).toContain('After the file');
  expect(left).not.toMatch(/canary/);
});

test('R62 the queue counts a file as unread and names it; an agent’s own ends that', async () => {
  const { stage, visitorSends, agentSends } = await begin();
  const row = async () =>
    (
      await stage.maria.json<{ files?: true; rows: { unread: number; lastLine: string }[] }>(
        'GET',
        '/api/panel/queue',
        undefined,
        panel,
      )
    ).body;
  await visitorSends('marlin.png', pngFile());
  expect(await row()).toMatchObject({ files: true, rows: [{ unread: 2, lastLine: 'File: marlin.png' }] });
  await agentSends('offer.pdf', pdfFile());
  expect(await row()).toMatchObject({ rows: [{ unread: 0, lastLine: 'You: File: offer.pdf' }] });
});

test('R62 a chat has an end of files, said in words; what it holds can still be sent again', async () => {
  const { door, chat, visitorSends } = await begin();
  const first = await visitorSends('a.png', pngFile(), 'first');
  await door.store.write((tx) =>
    tx.hot('update file set bytes = 104857600 where conversation_id = ?').run(chat.ada.conversation),
  );
  expect(await visitorSends('b.png', pngFile())).toMatchObject({ status: 422, body: { detail: fileRefusals.full } });
  expect(await visitorSends('a.png', pngFile(), 'first')).toEqual(first);
});

test('HO4 uploads are limited: by the minute, and two at a time of one visitor', async () => {
  const { door, chat, visitorSends } = await begin();
  const { origin } = door;
  const slow = Array.from({ length: 3 }, () => {
    let end: () => void = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(to) {
        to.enqueue(Buffer.from('{"clientId":"slow","name":"a.txt"}\n'));
        end = () => {
          to.enqueue(Buffer.from('text'));
          to.close();
        };
      },
    });
    const headers = { origin, 'content-type': 'application/octet-stream', ...chat.ada.auth };
    const init = { method: 'POST', headers, body, duplex: 'half' };
    return { answer: fetch(`${origin}/api/chat/files`, init as RequestInit), end: () => end() };
  });
  const third = await Promise.race(slow.map(({ answer }) => answer));
  expect([third.status, third.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  for (const { end } of slow) end();
  const all = await Promise.all(slow.map(({ answer }) => answer));
  expect(all.map((r) => r.status).sort()).toEqual([201, 201, 429]);
  let last = 0;
  for (let n = 0; n < 20 && last !== 429; n++) last = (await visitorSends('a.png', pngFile(), `n-${n}`)).status;
  expect(last).toBe(429);
});

test('SECURITY 4.8 without a host of their own files are off: no call is there and nobody is offered one', async () => {
  const { stage, visitorSends, agentSends } = await begin({ noFiles: true });
  expect([(await visitorSends('a.png', pngFile())).status, (await agentSends('a.png', pngFile())).status]).toEqual([
    404, 404,
  ]);
  const queue = await stage.maria.json('GET', '/api/panel/queue', undefined, panel);
  expect(queue.body).not.toHaveProperty('files');
  expect(await (await stage.maria.get('/widget/frame?brand=harbor-motors')).text()).not.toContain('&quot;files&quot;');
});

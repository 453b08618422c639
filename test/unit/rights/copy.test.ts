import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Copy } from '#contract/copy.ts';
import { survey } from '#contract/survey.ts';
import { fieldNames } from '#contract/visitor.ts';
import { runNow } from '../../../server/gate/asking.ts';
import { nodePrimitives } from '../../../server/gate/node-primitives.ts';
import { openedRows } from '../../../server/gate/openings.ts';
import { keysIn } from '../../../server/gate/receipt-check.ts';
import { safeName } from '../../../server/rights/copy-chats.ts';
import { saveChatSetting } from '../../../server/store/chat-settings.ts';
import { ofSubject } from '../../../server/store/erasing.ts';
import { putStatement } from '../../../server/store/statements.ts';
import { putValue } from '../../../server/store/subjects.ts';
import { pngFile } from '../../support/files.ts';
import { zipEntries } from '../../support/zip-entries.ts';
import { fileHands } from '../hub/file-stage.ts';
import { subjectOf } from '../hub/person.ts';
import { about, type Chat, care, openChat, openPreferences, openStage, panel, type Stage } from '../hub/stage.ts';

const brandId = 'harbor-motors';
const home = '/privacy/harbor-motors';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** The copy as a visitor's browser downloads it, opened by a reader that is not the writer's. */
async function download(chat: Chat, lang = 'en') {
  const { browser } = await openPreferences(stage, chat);
  const res = await browser.get(`${home}/copy?lang=${lang}`);
  const files = zipEntries(Buffer.from(await res.arrayBuffer()));
  const json = files.get('copy.json')?.toString() ?? '{}';
  return { res, files, html: files.get('copy.html')?.toString() ?? '', json, copy: JSON.parse(json) as Copy };
}

/** A person who used everything; each thing they left has words of its own. */
async function fullStory(mark: string, values: Record<string, string>) {
  const { store, hub } = stage.door;
  const chat = await openChat(stage, values, `${mark}-first`, {
    'user-agent': 'Mozilla/5.0 (X11; Linux) Firefox/143.0',
  });
  const id = subjectOf(stage.door, chat);
  const hands = fileHands(stage, chat);
  const say = (path: string, body: object) =>
    stage.maria.json('POST', `/api/panel/conversations/${chat.ada.conversation}${path}`, body, panel);
  await chat.ask();
  await chat.answer({ email: 'yes', name: 'yes', phone: 'no' });
  await chat.send();
  await chat.answer({ transcript: 'no' }, care);
  await chat.press(care);
  await hub.deps.runner.idle();
  await say('/messages', { text: `${mark}-answer`, clientId: 'a' });
  await say('/notes', { text: `${mark}-note`, clientId: 'n' });
  await say('/tags', { tag: `${mark}-tag`, on: true });
  await hands.visitorSends(`${mark}-pic.png`, pngFile(3, 3));
  await hands.agentSends(`${mark}-back.png`, pngFile(4, 4));
  await chat.ada.say('/api/chat/page', { address: `${stage.door.shop}/${mark}-one`, title: `${mark}-title` });
  await chat.ada.say('/api/chat/page', { address: `${stage.door.shop}/${mark}-two`, title: 'Two' });
  await store.write((tx) => {
    const key = hub.deps.keys.of(tx, brandId, id);
    const at = '2026-11-22T10:00:00.000Z';
    const base = { source: 'visitor', noticeHash: null, seq: tx.seq(), at };
    putValue(tx, key, brandId, id, { field: 'company', value: `${mark}-company`, ...base });
    for (const [kind, value] of [
      ['place', 'DK'],
      ['age', '16_or_over/16_or_over'],
      ['revealed', JSON.stringify({ by: 'user-of-maria', field: 'phone', reason: `${mark}-reason` })],
    ] as const)
      putStatement(tx, key, { brandId, subjectId: id, kind, value, by: 'self', at });
    tx.hot("insert into signal_seen (id, brand_id, subject_id, kind, value, seq) values (?, ?, ?, 'dnt', '1', ?)").run(
      `signal-${id}`,
      brandId,
      id,
      tx.seq(),
    );
  });
  await chat.ada.say('/api/chat/transcript', { to: `${mark}@mailed.example`, clientId: 'mail' });
  await chat.ada.say('/api/chat/end', {});
  await chat.ada.say('/api/chat/rating', { score: 4, comment: `${mark}-comment` });
  return { chat, id };
}
const askForRating = () =>
  saveChatSetting(stage.door.hub.deps, { brandId, userId: 'maria' }, survey, 0, { ...survey.standard, on: true });

test('R39 one download: a page and JSON with profile, chats, files, survey, answers, ledger; it works without a network', async () => {
  await askForRating();
  const { chat } = await fullStory('ada', about);
  const { res, files, html, json, copy } = await download(chat);
  expect([res.status, res.headers.get('content-type'), res.headers.get('cache-control')]).toEqual([
    200,
    'application/zip',
    'no-store',
  ]);
  expect(res.headers.get('content-disposition')).toBe('attachment; filename="askfirst-copy-harbor-motors.zip"');
  expect([...files.keys()]).toEqual([
    'copy.html',
    'copy.json',
    'proof-keys.json',
    'files/001-ada-pic.png',
    'files/002-ada-back.png',
  ]);
  expect(files.get('files/001-ada-pic.png')?.equals(pngFile(3, 3))).toBe(true);
  expect(html).not.toMatch(/<script|<link|<img|src=|@import|url\(/);
  expect(copy.profile.map((v) => [v.field, v.value, v.source]).sort()).toEqual([
    ['company', 'ada-company', { by: 'you' }],
    ['email', about.email, { by: 'you' }],
    ['name', about.name, { by: 'you' }],
    ['phone', about.phone, { by: 'you' }],
  ]);
  expect(copy.answers.map((a) => [a.partner, a.event])).toEqual([
    ['HubSpot', 'requested'],
    ['HubSpot', 'given'],
    ['HubSpot', 'refused'],
  ]);
  expect(copy.answers[1]?.receipt).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(copy.recipients).toMatchObject([
    { partner: 'HubSpot', legalName: 'HubSpot, Inc.', role: 'processor', gave: { record: expect.any(String) } },
  ]);
  expect(copy.ledger.map((r) => [r.partner, r.result])).toEqual(
    expect.arrayContaining([
      ['HubSpot', 'sent'],
      ['HubSpot', 'withheld'],
    ]),
  );
  expect(html).toContain('You rated the chat 4 of 5. ada-comment');
  expect(json).not.toContain('user-of-maria');
});

/** Every sealed column of a person: where a copy has it, or why not. A new one fails the test below until it is named here. */
const sealedColumns: Record<string, string> = {
  'outcome.ref_enc': 'recipients.gave',
  'statement.value_enc': 'said',
  'file.bytes_enc': 'files/',
  'entry.text_enc': 'chats.lines',
  'outbox.to_enc': 'a mail on its way: the chat says where it went',
  'outbox.body_enc': 'a mail on its way: the chat holds the same words',
  'visit.page_enc': 'chats.page',
  'visit.trail_enc': 'chats.trail',
  'visit.device_enc': 'chats.device',
  'value.value_enc': 'profile',
  'subject_key.wrapped_key': 'a key: the proof keys open what is the person’s',
};
/** Every table of a person: where a copy has it, or why not. */
const tables: Record<string, string> = {
  receipt: 'answers.receipt',
  outcome: 'ledger, recipients.gave',
  lease: 'of a moment',
  disclosure: 'ledger',
  decision: 'ledger',
  share: 'ledger',
  signal_seen: 'signals',
  ui_nonce: 'an open screen',
  consent_head: 'a cache of answers',
  consent_event: 'answers',
  statement: 'said',
  link: 'that two visits are one person: the copy holds both',
  identifier: 'foundBy',
  notice_served: 'answers.notice',
  file: 'files',
  entry: 'chats.lines',
  visitor_token: 'opens the chat',
  preference_session: 'opens the page',
  outbox: 'a mail on its way',
  rights_request: 'requests',
  visit: 'chats',
  conversation: 'chats',
  value: 'profile',
  subject_key: 'a key',
};

test('R39 no stored personal field is missing: each field, kind of line and sealed column is in the copy, or named with a reason', async () => {
  expect(Object.keys(tables).sort()).toEqual([...ofSubject].sort());
  const sealed = ofSubject.flatMap((table) =>
    stage.door.store.read
      .hot(`select name from pragma_table_info('${table}')`)
      .all()
      .map((c) => `${table}.${c.name}`)
      .filter((name) => /(_enc|wrapped_key)$/.test(name)),
  );
  expect(sealed.sort()).toEqual(Object.keys(sealedColumns).sort());
  await askForRating();
  const { chat, id } = await fullStory('ada', about);
  await stage.door.store.write((tx) => {
    const key = stage.door.hub.deps.keys.of(tx, brandId, id);
    for (const field of fieldNames)
      putValue(tx, key, brandId, id, {
        field,
        value: `canary-${field}`,
        source: 'visitor',
        noticeHash: null,
        seq: tx.seq(),
        at: '2026-11-22T10:00:00.000Z',
      });
  });
  const { html, json, copy } = await download(chat);
  const left = [
    ...fieldNames.map((f) => `canary-${f}`),
    'ada-first',
    'ada-answer',
    'ada-pic.png',
    'ada-back.png',
    'ada-one',
    'ada-two',
    'ada-title',
    'ada-reason',
    'ada@mailed.example',
    'ada-comment',
    'Firefox',
    copy.recipients[0]?.gave?.record ?? 'the record',
  ];
  for (const canary of left)
    expect([canary, json.includes(canary), html.includes(canary)]).toEqual([canary, true, true]);
  for (const word of ['Denmark', 'I am 16 or older', 'DNT', 'HubSpot (sandbox)']) expect(html).toContain(word);
});

test('R39 other people’s data stays out: another visitor, another brand, and what agents keep among themselves', async () => {
  await askForRating();
  const { chat } = await fullStory('ada', about);
  const alone = (await download(chat)).copy;
  await fullStory('grace', { name: 'Grace Holm', email: 'grace@holm.example', phone: '+45 31 22 10 77' });
  const { files, copy } = await download(chat);
  // A receipt is another one once the ledger is signed anew; the rest of an answer stays.
  const answers = (of: typeof copy) => of.answers.map(({ receipt: _, ...answer }) => answer);
  // Rows of a ledger name nobody, so that only their number tells whose they are.
  expect([copy.ledger, answers(copy), copy.chats.length]).toEqual([alone.ledger, answers(alone), 1]);
  const all = [...files.values()].map((b) => b.toString('latin1')).join('\n') + [...files.keys()].join('\n');
  expect(all).toContain('ada-first');
  expect(all).not.toMatch(/grace|Holm|31 22 10/i);
  expect(all).not.toMatch(/ada-note|ada-tag|maria@|user-of-maria/);
});

test('R39 GATE-44 the recipients are the ledger’s, and the keys in it open the own commitments', async () => {
  await askForRating();
  const { chat } = await fullStory('ada', about);
  const page = await openPreferences(stage, chat);
  await page.choose('no');
  await page.choose('yes');
  await page.choose('yes');
  await stage.door.hub.checkpoints.sign();
  const { files, copy } = await download(chat);
  const keys = keysIn(await (await fetch(`${stage.door.origin}/.well-known/consent-keys.json`)).text());
  const opened = runNow(openedRows(files.get('proof-keys.json')?.toString() ?? '', keys), nodePrimitives);
  const sends = opened.filter((o) => o.row.t === 'disclosure');
  expect(sends.map((o) => o.index)).toEqual(copy.ledger.flatMap((r) => r.index ?? []).sort((a, b) => a - b));
  expect(sends[0]?.values).toMatchObject({ 'f:email': about.email });
  expect(new Set(copy.ledger.map((r) => r.partner))).toEqual(new Set(copy.recipients.map((r) => r.partner)));
});

test('R39 foreign words stay words, and a foreign file name stays one plain file', async () => {
  const chat = await openChat(stage, { ...about, name: '<script>alert(1)</script>' }, '</style><b>&amp;');
  await fileHands(stage, chat).visitorSends('../../etc/<b>.png', pngFile(2, 2));
  const { files, html } = await download(chat);
  expect(html).not.toMatch(/<script|<\/style><b>/);
  expect(html).toContain('&lt;script>alert(1)&lt;/script>');
  expect([...files.keys()].filter((name) => name.startsWith('files/'))).toEqual([
    expect.stringMatching(/^files\/001-[^/\\<>]+\.png$/),
  ]);
  expect(safeName(1, '../../x')).toBe('files/001-_.._x');
  expect(safeName(2, 'CON')).toBe('files/002-CON');
  expect(safeName(3, `${'ä'.repeat(300)}.pdf`)).toBe(`files/003-${'ä'.repeat(80)}.pdf`);
  expect(safeName(4, '\u202egnp.exe\u0000')).toBe('files/004-_gnp.exe_');
  expect(safeName(5, ' ... ')).toBe('files/005-file');
});

test('R36 R39 only for whom the browser is known to be, in the language that was asked for', async () => {
  const chat = await openChat(stage);
  const { html } = await download(chat, 'de');
  expect(html).toContain('<html lang="de">');
  expect(html).toContain('Was Harbor Motors über Sie hat');
  const stranger = stage.door.client();
  const res = await stranger.get(`${home}/copy`);
  expect([res.status, (await res.text()).includes('We do not know this browser.')]).toEqual([404, true]);
  const { browser } = await openPreferences(stage, chat);
  expect((await browser.get('/privacy/none/copy')).status).toBe(404);
});

test('R39 R42 a copy says of each request what the page says: who waits to be told, and why somebody was not', async () => {
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  await chat.send();
  const { browser, page } = await openPreferences(stage, chat);
  const csrfOf = (html: string) => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
  await browser.submit(`${home}/correct`, { csrf: csrfOf(await page()), field: 'email', value: 'ada@holm.example' });
  const { html } = await download(chat);
  expect(html).toMatch(/HubSpot is to be told by Harbor Motors, by \d/);
  expect(html).toContain('Name: Your yes did not include this. Phone: Your yes did not include this.');
  const follow = `/console/connections/${stage.integration}/follow-ups`;
  const list = await (await stage.maria.get(follow)).text();
  const job = /name="job" value="([^"]+)"/.exec(list)?.[1] ?? '';
  await stage.maria.submit(follow, { csrf: csrfOf(list), job, reason: 'An invoice keeps it.' });
  expect((await download(chat)).html).toContain('HubSpot is not updated: An invoice keeps it.');
});

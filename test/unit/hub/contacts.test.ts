import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConversationView, Fact, Preview, QueueRow } from '#contract/chat.ts';
import type { ProblemBody } from '#contract/problem.ts';
import type { SearchPage } from '#contract/search.ts';
import { pdfFile } from '../../support/files.ts';
import { type OpenStream, openStream } from '../../support/open-stream.ts';
import { fileHands, had } from './file-stage.ts';
import { grace } from './person.ts';
import { about, type Chat, count, crm, openChat, openStage, panel, type Stage } from './stage.ts';

/*
 * R51: an agent's answers hold neither e-mail nor phone of a person. What is looked at is the text of each answer, so that
 * no field can be forgotten.
 */

let stage: Stage;
let chat: Chat;
const open: OpenStream[] = [];
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
});
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await stage.close();
});

const setRole = (role: 'agent' | 'admin' | 'owner') =>
  stage.door.store.write((tx) => tx.hot('update member set role = ?').run(role));
const at = () => `/api/panel/conversations/${chat.ada.conversation}`;
const get = async (path: string) => JSON.stringify((await stage.maria.json('GET', path, undefined, panel)).body);
const post = async (path: string, body: object) =>
  JSON.stringify((await stage.maria.json('POST', path, body, panel)).body);
/** The address in any case, and any part of the number that could be dialled. */
const contact = /ada@brandt|brandt\.example|ada%40|20\D{0,3}55\D{0,3}04\D{0,3}18/i;
async function follow(): Promise<OpenStream> {
  const cookie = [...stage.maria.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const stream = await openStream(`${stage.door.origin}/api/panel/stream`, { cookie, ...panel, 'last-event-id': '0' });
  open.push(stream);
  return stream;
}
const reveal = (field: string, reason: string) =>
  stage.maria.json<{ value: string } & ProblemBody>('POST', `${at()}/reveal`, { field, reason }, panel);
const factsOf = async () =>
  Object.fromEntries(
    (await stage.maria.json<ConversationView>('GET', at(), undefined, panel)).body.facts.map((f: Fact) => [
      f.field,
      f.value,
    ]),
  );
/** Everything Ada and Maria can write an address or a number into. */
async function writeAll(): Promise<void> {
  await chat.answer({ email: 'yes', name: 'yes', phone: 'yes' });
  await chat.send();
  await fileHands(stage, chat).visitorSends('ada@brandt.example.pdf', pdfFile());
  await post(`${at()}/notes`, { clientId: 'n', text: 'Call 0045 20550418' });
  await post(`${at()}/tags`, { tag: 'ada@brandt.example', on: true });
  await chat.ada.say('/api/chat/transcript', { to: 'other@brandt.example', clientId: 't' });
  await post(`${at()}/messages`, { clientId: 'm', text: 'I write to ada@brandt.example, or ring (+45) 20-55-04-18.' });
  await chat.message(`${'So. '.repeat(46)}ADA@Brandt.example or 2055 04 18`); // the queue cuts it in the middle
}

test('R51 no answer an agent gets holds e-mail or phone, whatever it is asked; an admin’s holds both', async () => {
  await writeAll();
  const answers = async () => ({
    queue: await get('/api/panel/queue'),
    view: await get(at()),
    preview: await post(`${at()}/preview`, { integration: stage.integration, purpose: crm }),
    words: await post('/api/panel/search', { words: 'write ring' }),
    head: await post('/api/panel/search', { words: 'brandt' }),
    live: (await follow().then((s) => s.until((e) => e.data.includes('ring')).then(() => s.events)))
      .map((e) => e.data)
      .join(),
  });
  for (const [what, text] of Object.entries(await answers())) {
    expect(text, what).toMatch(/Ada|write/);
    if (what !== 'head') expect(text, what).toMatch(contact);
  }
  await setRole('agent');
  for (const [what, text] of Object.entries(await answers())) {
    expect(text, what).toMatch(/Ada|write/);
    expect(text, what).not.toMatch(contact);
    if (what !== 'head') expect(text, what).toContain('•••');
  }
});

test('R51 a stream that is open tells each new line so too, to each by the role they have in that brand', async () => {
  await setRole('agent');
  const live = await follow();
  expect(await post(`${at()}/messages`, { clientId: 'again', text: 'So 20 55 04 18 it is.' })).toContain(
    'So •••• ••• 418',
  );
  await chat.message('Mail me: ada@brandt.example');
  const told = await live.until((e) => e.data.includes('Mail me'));
  expect(JSON.parse(told.data)).toMatchObject({ kind: 'message', text: 'Mail me: a•••@•••', by: 'visitor' });
});

test('R51 BA5 whose role is changed while a stream is open reads on by the new one: that stream ends at the next beat', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const live = await follow();
    await vi.advanceTimersByTimeAsync(15_000); // nothing changed: it goes on
    await chat.message('Mail me: ada@brandt.example');
    expect((await live.until((e) => e.data.includes('Mail me'))).data).toMatch(contact);
    await setRole('agent');
    await vi.advanceTimersByTimeAsync(15_000);
    await live.ended;
  } finally {
    vi.useRealTimers();
  }
  const again = await follow();
  expect((await again.until((e) => e.data.includes('Mail me'))).data).not.toMatch(contact);
});

test('R51 what is hidden says so and keeps its source; what is not known is unknown to everybody', async () => {
  await setRole('agent');
  const { body } = await stage.maria.json<ConversationView>('GET', at(), undefined, panel);
  expect(body.facts).toMatchObject([
    { field: 'name', value: about.name },
    { field: 'email', value: 'a•••@•••', hidden: true, source: 'typed' },
    { field: 'phone', value: '•••• ••• 418', hidden: true, source: 'typed' },
    { field: 'company' },
  ]);
  expect(body.facts[0]).not.toHaveProperty('hidden');
  const preview = await stage.maria.json<Preview>(
    'POST',
    `${at()}/preview`,
    { integration: stage.integration, purpose: crm },
    panel,
  );
  expect(preview.status).toBe(200);
  const other = await openChat(stage, { name: 'Grace Hopper' });
  const { body: hers } = await stage.maria.json<ConversationView>(
    'GET',
    `/api/panel/conversations/${other.ada.conversation}`,
    undefined,
    panel,
  );
  expect(hers.facts.find((f) => f.field === 'email')).not.toHaveProperty('hidden');
  // Names of chats, lines and times stay what they are, though a number could be read into them.
  const { body: queue } = await stage.maria.json<{ rows: QueueRow[] }>('GET', '/api/panel/queue', undefined, panel);
  expect(queue.rows.map((r) => r.conversation).sort()).toEqual([chat.ada.conversation, other.ada.conversation].sort());
});

test('R51 two people of one queue each have their own hidden: a number of another stays as it was said', async () => {
  const other = await openChat(stage, grace, 'Ask for Ada at ada@brandt.example');
  await setRole('agent');
  const { body } = await stage.maria.json<{ rows: QueueRow[] }>('GET', '/api/panel/queue', undefined, panel);
  const line = (c: Chat) => body.rows.find((r) => r.conversation === c.ada.conversation)?.lastLine;
  expect(line(other)).toBe('Ask for Ada at ada@brandt.example');
});

test('R51 a search finds by a whole address the agent knows, and by no part of it', async () => {
  await setRole('agent');
  const hits = async (words: string) =>
    (await stage.maria.json<SearchPage>('POST', '/api/panel/search', { words }, panel)).body.hits.length;
  const guesses = '99999992055041899999999';
  for (const words of ['ada@', 'brandt.ex', '0418', '2055', '55', '45 20', '550418', '0550418', '1550418', guesses])
    expect([words, await hits(words)]).toEqual([words, 0]);
  for (const words of ['ada@brandt.example', 'ADA@Brandt.example', '20550418', '+4520550418', '004520550418'])
    expect([words, await hits(words)]).toEqual([words, 1]);
});

test('R51 a search for an address is no way to try many of them, and tells of none however it was written', async () => {
  const odd = '+45 (20) - 55 04 19';
  await stage.door.visitor({ name: 'Bo Brandt', email: 'bo@brandt.example', phone: odd });
  await setRole('agent');
  const search = (words: string) => stage.maria.json<SearchPage>('POST', '/api/panel/search', { words }, panel);
  const found = (await search('brandt')).body;
  expect(found.hits.map((hit) => hit.title).sort()).toEqual(['Ada Brandt', 'Bo Brandt']);
  expect(JSON.stringify(found)).not.toMatch(/04 1[89]|@brandt/);
  for (let i = 0; i < 60; i++) expect((await search(`0${1_550_418 + i}0`)).status).toBe(200);
  expect((await search('+4520550418')).status).toBe(429);
  expect((await search('blue Marlin')).status).toBe(200);
});

test('R51 a tag that holds an address is taken away by the words its reader sees', async () => {
  const tag = (words: string, on: boolean) => post(`${at()}/tags`, { tag: words, on });
  await tag('ada@brandt.example', true);
  await setRole('agent');
  const { rows } = JSON.parse(await get('/api/panel/queue')) as { rows: QueueRow[] };
  const [shown = ''] = rows.find((r) => r.conversation === chat.ada.conversation)?.tags ?? [];
  expect(shown).toBe('a•••@•••');
  expect(JSON.parse(await tag(shown, true))).toEqual({ tags: [shown] });
  expect(JSON.parse(await tag(shown, false))).toEqual({ tags: [] });
});

test('R51 a file is saved under the name its reader sees, and no reader writes their own link', async () => {
  const hands = fileHands(stage, chat);
  const { file } = (await hands.visitorSends('ada@brandt.example.pdf', pdfFile())).body.entry;
  const name = async (code?: string) => {
    const { body } = await hands.agentLink(file);
    const answer = await had(code === undefined ? body : { ...body, code });
    return decodeURIComponent(answer.headers.get('content-disposition') ?? `${answer.status}`);
  };
  expect(await name()).toContain('ada@brandt.example.pdf');
  await setRole('agent');
  const { code } = (await hands.agentLink(file)).body;
  expect(await name()).toContain('a•••@•••.pdf');
  expect(await name()).not.toMatch(contact);
  expect(await name(code.replace('.veiled', ''))).toBe('410');
});

test('R51 R53 Reveal asks for a reason, answers with the value, and stands in the audit without value or reason', async () => {
  await setRole('agent');
  const reason = 'Ada asked to be called back at once';
  expect(await reveal('phone', reason)).toMatchObject({ status: 200, body: { value: about.phone } });
  const { read } = stage.door.store;
  expect(read.hot("select actor, brand_id, detail from audit where act = 'reveal'").all()).toEqual([
    {
      actor: expect.stringMatching(/^user:./),
      brand_id: 'harbor-motors',
      detail: expect.stringMatching(/^phone, chat \d+, console$/),
    },
  ]);
  const kept = read.hot("select value_enc, by from statement where kind = 'revealed'").all();
  expect(kept).toMatchObject([{ by: 'operator' }]);
  expect(JSON.stringify(kept)).not.toContain('called back');
  expect(await get(at())).not.toContain('revealed');
  await setRole('admin');
  expect((await chat.view()).revealed).toEqual([{ by: 'Maria', field: 'phone', reason, at: expect.any(String) }]);
  await setRole('agent');
  // It was for one look: what comes next is hidden again.
  expect(await factsOf()).toMatchObject({ phone: '•••• ••• 418' });
});

test('R51 without a reason, for what is no contact, or what is not known: refused in words, nothing is written', async () => {
  await setRole('agent');
  const before = count(stage.door, 'audit');
  for (const [field, reason] of [
    ['phone', '  '],
    ['phone', 'no'],
    ['phone', 'x'.repeat(501)],
    ['name', 'I would like to'],
  ] as const)
    expect([field, reason.length, (await reveal(field, reason)).status]).toEqual([field, reason.length, 400]);
  chat = await openChat(stage, { name: 'Grace Hopper' });
  const unknown = await reveal('phone', 'To call back');
  expect([unknown.status, unknown.body.detail]).toEqual([404, 'The hub does not know it.']);
  expect([count(stage.door, 'audit'), count(stage.door, 'statement', "kind = 'revealed'")]).toEqual([before, 0]);
});

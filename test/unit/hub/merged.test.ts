import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Colleague } from '#contract/calls-agent.ts';
import type { CannedReply, Entry, OfBrand } from '#contract/chat.ts';
import type { CardLayout } from '#contract/layout.ts';
import type { SearchPage } from '#contract/search.ts';
import { saveReply } from '../../../server/chat/replies.ts';
import { demoPeople } from '../../../server/people/seed.ts';
import { paths } from '../../../server/web/console/paths.ts';
import { count, panel } from './stage.ts';
import { boats, motors, openTwoBrands, type TwoBrands } from './two-brands.ts';

let hub: TwoBrands;
beforeEach(async () => {
  hub = await openTwoBrands();
});
afterEach(() => hub.close());

/** A visitor in each brand. */
const visitors = async () => ({
  ada: await hub.visitorOf(motors, 'Ada Brandt', 'Is the blue Marlin still there?'),
  grace: await hub.visitorOf(boats, 'Grace', 'Do you rent out a marlin rod?'),
});
const lineOf = (words: string) => (event: { id: string | undefined; data: string }) =>
  event.id !== undefined && (JSON.parse(event.data) as { text?: string }).text === words;
const said = (entries: readonly Entry[]) =>
  entries.flatMap((e) => (e.kind === 'message' ? [`${e.by}: ${e.text}`] : []));

test('R64 an agent of two brands has one queue over both, newest first, and answers in each; the others see their own', async () => {
  const { ada, grace } = await visitors();
  const { jens, maria, alva } = hub.panels;
  const { body } = await jens.queue();
  expect(body.brands.map((b) => [b.id, b.name, b.role])).toEqual([
    [boats, 'Harbor Boats', 'agent'],
    [motors, 'Harbor Motors', 'agent'],
  ]);
  expect(body.rows.map((r) => [r.brand, r.title])).toEqual([
    [boats, 'Grace'],
    [motors, 'Ada Brandt'],
  ]);
  expect(body.stepAsked).toBeUndefined();
  for (const [one, brand] of [
    [ada, motors],
    [grace, boats],
  ] as const) {
    expect((await jens.view(one.id)).body.brand).toBe(brand);
    expect((await jens.reply(one.id, `Hello from ${brand}`)).status).toBe(201);
    expect(said(await one.entries())).toContain(`Jens: Hello from ${brand}`);
  }
  for (const [who, chat, brand] of [
    [maria, ada, motors],
    [alva, grace, boats],
  ] as const) {
    const queue = (await who.queue()).body;
    expect([queue.brands.map((b) => b.id), queue.rows.map((r) => r.conversation)]).toEqual([[brand], [chat.id]]);
  }
});

test('R64 one stream tells of both brands in order, from where it was cut, and an agent of one hears of one', async () => {
  const { ada, grace } = await visitors();
  const { jens, maria } = hub.panels;
  const { lastSeq } = (await jens.queue()).body;
  const [both, one] = [await jens.watch(lastSeq), await maria.watch((await maria.queue()).body.lastSeq)];
  for (const [who, words] of [
    [ada, 'first'],
    [grace, 'second'],
    [ada, 'third'],
    [grace, 'fourth'],
    [ada, 'fifth'],
  ] as const)
    await who.say(words);
  await Promise.all([both.until(lineOf('fifth')), one.until(lineOf('fifth'))]);
  const heard = (stream: typeof both) =>
    stream.events.flatMap((e) => (e.id ? [(JSON.parse(e.data) as { text: string }).text] : []));
  expect(heard(both)).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
  expect(heard(one)).toEqual(['first', 'third', 'fifth']);
  const second = both.events.find(lineOf('second'))?.id;
  both.close();
  const again = await jens.watch(Number(second));
  await again.until(lineOf('fifth'));
  expect(heard(again)).toEqual(['third', 'fourth', 'fifth']);
  again.close();
  one.close();
  // The number of a line of the other brand is no place to go on from.
  await expect(maria.watch(Number(second))).rejects.toThrow('404');
});

test('R64 search looks through both as through one log; replies, colleagues and cards are of their brand', async () => {
  const { ada, grace } = await visitors();
  const { jens, maria, alva } = hub.panels;
  const find = async (who: typeof jens) =>
    (await who.call<SearchPage>('POST', 'search', { words: 'marlin' })).body.hits;
  expect((await find(jens)).map((h) => [h.brand, h.conversation])).toEqual([
    [boats, grace.id],
    [motors, ada.id],
  ]);
  expect((await find(maria)).map((h) => h.conversation)).toEqual([ada.id]);
  expect((await find(alva)).map((h) => h.conversation)).toEqual([grace.id]);

  const d = { store: hub.store, now: () => new Date(), ids: () => crypto.randomUUID() };
  await saveReply(d, { brandId: motors, userId: 'u' }, { name: 'Opening', text: 'At nine.' });
  await saveReply(d, { brandId: boats, userId: 'u' }, { name: 'Opening', text: 'At ten.' });
  const { replies } = (await jens.call<{ replies: OfBrand<CannedReply>[] }>('GET', 'replies')).body;
  expect(replies.map((r) => [r.brand, r.text])).toEqual([
    [boats, 'At ten.'],
    [motors, 'At nine.'],
  ]);
  const { colleagues } = (await jens.call<{ colleagues: OfBrand<Colleague>[] }>('GET', 'colleagues')).body;
  expect(colleagues.map((c) => [c.brand, c.name])).toEqual([
    [boats, 'Alva'],
    [boats, 'Jens'],
    [motors, 'Jens'],
    [motors, 'Maria'],
  ]);
  // Nobody of the other brand takes a chat over.
  expect((await jens.call('POST', `conversations/${ada.id}/assign`, { to: 'alva', from: null })).status).toBe(404);
  expect((await jens.call('POST', `conversations/${grace.id}/assign`, { to: 'alva', from: null })).status).toBe(200);

  const arrangement = { order: [], pinned: ['crm-of-boats'], folded: [] };
  await jens.call('POST', `conversations/${grace.id}/layout`, arrangement);
  const { layouts } = (await jens.call<{ layouts: Record<string, CardLayout> }>('GET', 'layout')).body;
  expect([layouts[boats]?.pinned, layouts[motors]?.version]).toEqual([['crm-of-boats'], 0]);
});

test('R64 available or away is chosen for all brands at once, and each keeps its own', async () => {
  const { jens } = hub.panels;
  const chosen = async () => (await jens.queue()).body.brands.map((b) => b.available);
  await jens.call('POST', 'availability', { available: false });
  expect(await chosen()).toEqual([false, false]);
  expect(count(hub, 'presence', 'away = 1')).toBe(2);
  await hub.store.write((tx) => tx.hot('update presence set away = 0 where brand_id = ?').run(boats));
  expect(await chosen()).toEqual([true, false]);
});

test('R64 BA9 what an agent may do is the role in the chat’s own brand, read at that call', async () => {
  const { ada, grace } = await visitors();
  const jens = () => hub.panels.jens;
  const part = (id: string) => jens().call('POST', `conversations/${id}/unmerge`, {});
  expect([(await part(ada.id)).status, (await part(grace.id)).status]).toEqual([403, 403]);
  const live = await jens().watch();
  await hub.setRole('admin');
  await live.ended;
  expect(live.events.some((e) => e.event === 'gone')).toBe(false);
  // Nobody is merged here, so there is nothing to take back; but it may be asked.
  expect([(await part(ada.id)).status, (await part(grace.id)).status]).toEqual([404, 403]);
  expect((await jens().queue()).body.brands.map((b) => b.role)).toEqual(['agent', 'admin']);
});

test('R64 BA5 sec-E11 removed from one brand: its chats are gone at once, from the open stream too; the other goes on', async () => {
  const { ada, grace } = await visitors();
  const { jens } = hub.panels;
  await ada.say('before');
  const live = await jens.watch();
  const last = Number((await live.until(lineOf('before'))).id);
  const from = performance.now();
  await hub.removeJens();
  await ada.say('after');
  await live.ended;
  expect(performance.now() - from).toBeLessThan(2000);
  expect(live.events.some((e) => e.event === 'gone' || lineOf('after')(e))).toBe(false);
  const { body } = await jens.queue();
  expect([body.brands.map((b) => b.id), body.rows.map((r) => r.conversation)]).toEqual([[boats], [grace.id]]);
  expect([(await jens.view(ada.id)).status, (await jens.view(grace.id)).status]).toEqual([404, 200]);
  expect((await jens.call<SearchPage>('POST', 'search', { words: 'marlin' })).body.hits).toHaveLength(1);
  await expect(jens.watch(last)).rejects.toThrow('404'); // the panel then reads everything afresh
  const again = await jens.watch(body.lastSeq);
  await ada.say('still after');
  await grace.say('here');
  await again.until(lineOf('here'));
  expect(again.events.some(lineOf('still after'))).toBe(false);
  // The pairing was approved in Motors: what is written of it from now on is written in Boats.
  expect(hub.store.read.hot('select brand_id from pairing where user_id = ?').get(hub.jensId)?.brand_id).toBe(boats);
  await hub.leaveBoats();
  expect((await jens.queue()).body).toMatchObject({ type: '/problems/token-ended' });
  again.close();
});

test('R64 BA1 BA8 one brand asks for a second step: its chats alone are left out, by name, until it is given', async () => {
  const { ada, grace } = await visitors();
  const { jens, alva } = hub.panels;
  await hub.setUp(hub.maria);
  const live = await jens.watch();
  const other = await alva.watch();
  const csrf = await hub.csrfAt(hub.maria, '/console/agents');
  await hub.maria.submit(paths.demandStep, { csrf, answer: 'everyone' });
  await live.ended;
  expect(live.events.some((e) => e.event === 'gone')).toBe(false);
  const { body } = await jens.queue();
  expect([body.brands.map((b) => b.id), body.stepAsked]).toEqual([[boats], ['Harbor Motors']]);
  expect(body.rows.map((r) => r.conversation)).toEqual([grace.id]);
  const foreign = await jens.view(ada.id);
  expect(foreign).toEqual(await jens.view('not-there'));
  expect(foreign.status).toBe(404);
  expect((await jens.reply(grace.id, 'We do.')).status).toBe(201);
  await other.until(lineOf('We do.')); // nobody else was cut
  other.close();
  const { client } = await hub.link(demoPeople.jens);
  await hub.setUp(client, paths.secondStep);
  expect((await jens.queue()).status).toBe(401); // BA10: all that was open without it ended
  const bearer = await hub.pairBy(client);
  const now = await client.json<{ brands: { id: string }[]; stepAsked?: string[] }>(
    'GET',
    '/api/panel/queue',
    undefined,
    bearer,
  );
  expect([now.body.brands.map((b) => b.id), now.body.stepAsked]).toEqual([[boats, motors], undefined]);
});

test('R64 R54 a pairing is ended whole by its person or by either brand, within 2 s, and by no other brand', async () => {
  const { people } = hub.hub.deps;
  const ends = async (by: { client: { cookies: Map<string, string> } }) => {
    const who = hub.panels.jens;
    const jens = await hub.panelOf(demoPeople.jens);
    const live = await jens.watch();
    const id = (await people.whoIs(new Headers(jens.bearer)))?.sessionId ?? '';
    const csrf = await hub.csrfAt(by.client as typeof who.client, '/console/agents');
    await (by.client as typeof who.client).submit('/console/agents/unpair', { csrf, pairing: id });
    await live.ended;
    expect(live.events.some((e) => e.event === 'gone')).toBe(true);
    expect((await jens.queue()).status).toBe(401);
    return hub.store.read.hot("select brand_id from audit where act = 'unpaired' order by seq desc").get()?.brand_id;
  };
  expect(await ends(hub.panels.maria)).toBe(motors);
  expect(await ends(hub.panels.alva)).toBe(boats);
  const { sessionId = '' } = (await people.whoIs(new Headers(hub.panels.maria.bearer))) ?? {};
  const asAlva = await people.whoIs(new Headers({ cookie: hub.cookieOf(hub.panels.alva.client) }));
  await expect(people.pairing.end(asAlva as never, sessionId)).rejects.toMatchObject({ slug: 'not-found' });
  expect((await hub.panels.maria.queue()).status).toBe(200);
  const html = await (await hub.panels.alva.client.get('/console/agents')).text();
  expect([html.includes('Jens'), html.includes('Maria')]).toEqual([true, false]);
});

test('R64 a brand joined while the panel is open: its stream ends at the next beat and comes again with both', async () => {
  const { ada, grace } = await visitors();
  const { maria } = hub.panels;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const live = await maria.watch();
    const email = demoPeople.maria.email;
    const userId = String(hub.store.read.hot('select id from "user" where email = ?').get(email)?.id);
    await vi.advanceTimersByTimeAsync(15_000); // nothing changed: it goes on
    await ada.say('still one');
    await live.until(lineOf('still one'));
    await hub.join(boats, userId, 'agent');
    await vi.advanceTimersByTimeAsync(15_000);
    await live.ended;
    expect(live.events.some((e) => e.event === 'gone')).toBe(false);
  } finally {
    vi.useRealTimers();
  }
  const again = await maria.watch();
  await grace.say('for both');
  await again.until(lineOf('for both'));
  again.close();
});

test('R64 the page of the hub shows the same, whichever brand its console has open', async () => {
  const { ada, grace } = await visitors();
  const { client } = hub.panels.jens;
  const { rows } = (
    await client.json<{ rows: { conversation: string }[] }>('GET', '/api/panel/queue', undefined, panel)
  ).body;
  expect(rows.map((r) => r.conversation)).toEqual([grace.id, ada.id]);
  const live = await hub.watch(hub.asCookie(client));
  await grace.say('for the page');
  await live.until(lineOf('for the page'));
  live.close();
});

test('R64 BA8 whoever says yes to a code reads which brands the panel will open', async () => {
  const { client } = hub.panels.jens;
  const { code } = (await client.json<{ code: string }>('POST', '/api/pair/start', { browser: 'Chrome' })).body;
  expect(await (await client.get(`/pair?code=${code}`)).text()).toContain(
    '<strong>Harbor Motors and Harbor Boats</strong>',
  );
  const alone = hub.panels.alva.client;
  expect(await (await alone.get(`/pair?code=${code}`)).text()).toContain('<strong>Harbor Boats</strong>');
});

import { afterEach, expect, test } from 'vitest';
import type { Manifest } from '#contract/connection.ts';
import { json } from '../../support/recorder.ts';
import { withAuth } from '../../support/with-auth.ts';
import { care, count, crm, openChat, openStage, type Stage } from './stage.ts';

const extra = 'crm.objects.notes.write';
const base = ['oauth', 'crm.objects.contacts.read', 'crm.objects.contacts.write'];

let stage: Stage | undefined;
let clock = 0;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

/** HubSpot as it would be if notes needed a permission of their own. */
const withNotes = withAuth({ scopes: [...base, extra], scopesFor: { [care]: [extra], [crm]: base.slice(1) } });
async function open(): Promise<Stage> {
  clock = 0;
  stage = await openStage({ adapters: withNotes, monotonic: () => performance.now() + clock });
  return stage;
}

const address = (s: Stage) => `/console/connections/${s.integration}`;
const page = async (s: Stage) => (await s.maria.get(address(s))).text();
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
/** Saves the fields that stay on. */
async function keepOn(s: Stage, fields: readonly string[]) {
  const html = await page(s);
  const version = /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
  const on = Object.fromEntries(fields.map((f) => [`on.${f === 'transcript' ? care : crm}.${f}`, 'on']));
  return s.maria.submit(`${address(s)}/fields`, { csrf: await csrf(s), version, ...on });
}
const csrf = async (s: Stage) => /name="csrf" value="([^"]+)"/.exec(await page(s))?.[1] ?? '';
/** What the partner is asked for when Maria presses the button of the connection's page. */
async function reconnecting(s: Stage) {
  const res = await s.maria.submit('/console/add/hubspot', { csrf: await csrf(s) });
  const to = res.headers.get('location') ?? '';
  return { to, asked: new URL(to).searchParams.get('scope')?.split(' ') ?? [] };
}
/** Maria's way through the partner and back, to the page that asks whether it is the right account. */
async function allowed(s: Stage, to: string, account?: string) {
  const back = await (await s.maria.get(await s.door.allow(to, account))).text();
  const confirm = /\/console\/confirm\/[\w-]+/.exec(back)?.[0] ?? '';
  const shown = await (await s.maria.get(confirm)).text();
  return { confirm, shown, yes: async () => s.maria.submit(confirm, { csrf: await csrf(s), answer: 'connect' }) };
}
/** From now on the partner says it gave these. */
const gives = (s: Stage, scopes: readonly string[]) =>
  s.recorder.answer((request, res) => {
    if (!/\/oauth\/[\d-]+\/token$/.test(request.path)) return false;
    const origin = new URL(s.door.shop).origin;
    const { 'content-type': type } = request.headers;
    const headers = { 'content-type': type ?? '' };
    void fetch(origin + request.path, { method: 'POST', headers, body: request.body })
      .then((answer) => answer.json() as Promise<object>)
      .then((answer) => json(res, 200, { ...answer, scopes }));
    return true;
  });
const granted = (s: Stage) =>
  JSON.parse(s.door.store.read.hot('select scopes_json from integration').get()?.scopes_json as string);
/** Fields that visitors may be asked for and that may be sent. */
const published = (s: Stage) => {
  const at = 'select m.body_json from integration i join manifest m on m.hash = i.manifest_hash';
  const { fields } = JSON.parse(s.door.store.read.hot(at).get()?.body_json as string) as Manifest;
  return fields.map((f) => f.name);
};
const fieldsAsked = async (s: Stage) => {
  const chat = await openChat(s);
  const questions = await Promise.all([chat.question(crm), chat.question(care)]);
  return questions.map((q) => q.body.fields?.map((f) => f.field) ?? q.status);
};

test('R9 all fields on: what is asked for is what they need, each once, and nothing is warned of', async () => {
  const s = await open();
  expect((await reconnecting(s)).asked).toEqual([...base, extra]);
  expect(granted(s)).toEqual([...base, extra]);
  expect(words(await page(s))).not.toMatch(/may do more|did not give/);
});

test('R9 a field turned off: its permission is named as surplus, not asked for again, and gone after reconnecting', async () => {
  const s = await open();
  expect((await keepOn(s, ['name', 'email', 'phone'])).status).toBe(303);
  expect(words(await page(s))).toContain(
    `The key may do more than is needed: ${extra} . No field that is on needs it.`,
  );
  const { to, asked } = await reconnecting(s);
  expect(asked).toEqual(base);
  const { yes } = await allowed(s, to);
  expect((await yes()).status).toBe(303);
  expect(granted(s)).toEqual(base);
  expect(words(await page(s))).not.toContain('may do more');
});

test('R9 OA11 fewer permissions than asked: said before confirming and after; that share is off, the other one works', async () => {
  const s = await open();
  gives(s, base);
  const { to } = await reconnecting(s);
  const { shown, yes } = await allowed(s, to);
  expect(words(shown)).toContain(`Asked for and not given: ${extra}`);
  expect((await yes()).status).toBe(303);
  const said = words(await page(s));
  expect(said).toContain(`HubSpot did not give a permission: ${extra} . Without it the transcript is not asked for`);
  expect(said).toContain('Not sent: HubSpot gave no permission for it.');
  expect(await fieldsAsked(s)).toEqual([['name', 'email', 'phone'], 404]);

  const again = await reconnecting(s);
  expect(again.asked).toEqual([...base, extra]); // the brand still wants it
  s.recorder.answer(() => false);
  await (await allowed(s, again.to)).yes();
  expect(await fieldsAsked(s)).toEqual([['name', 'email', 'phone'], ['transcript']]);
  expect(words(await page(s))).not.toContain('did not give');
});

test('R9 nothing could be sent with what was given: refused, the old connection stays, the grant is handed back', async () => {
  const s = await open();
  const before = s.door.store.read.hot('select * from integration').get();
  const sealed = s.door.store.read.hot('select sealed from vault').get();
  gives(s, ['oauth']);
  const { yes } = await allowed(s, (await reconnecting(s)).to);
  s.recorder.tokenCalls.length = 0;
  const res = await yes();
  expect([res.status, words(await res.text())]).toEqual([400, expect.stringContaining('nothing could be sent')]);
  expect(s.door.store.read.hot('select * from integration').get()).toEqual(before);
  expect(s.door.store.read.hot('select sealed from vault').get()).toEqual(sealed);
  expect(s.recorder.tokenCalls.map((c) => c.path.split('/').at(-1))).toEqual(['revoke']);
});

test('R9 OA11 a refresh that permits less turns that share off; one that permits it again brings it back', async () => {
  const s = await open();
  const chat = await openChat(s);
  await chat.answer({ email: 'yes' });
  gives(s, base);
  clock += 1_900_000;
  await chat.send();
  await expect.poll(() => granted(s)).toEqual(base);
  await expect.poll(() => published(s)).toEqual(['name', 'email', 'phone']);
  expect(s.door.store.read.hot("select actor, detail from audit where act = 'scopes'").all()).toEqual([
    { actor: 'partner', detail: 'hubspot, version 1' },
  ]);
  s.recorder.answer(() => false);
  clock += 1_900_000;
  await chat.send();
  await expect.poll(() => published(s)).toEqual(['name', 'email', 'phone', 'transcript']);
  expect(count(s.door, 'audit', "act = 'scopes'")).toBe(2);
});

test('R9 more than asked at a reconnect: refused and handed back, and the connection is as it was', async () => {
  const s = await open();
  await keepOn(s, ['email']);
  const before = s.door.store.read.hot('select * from integration').get();
  gives(s, [...base, extra]);
  s.recorder.tokenCalls.length = 0;
  const { to } = await reconnecting(s);
  const res = await s.maria.get(await s.door.allow(to));
  expect(res.status).toBe(400);
  expect(s.recorder.tokenCalls.map((c) => c.path.split('/').at(-1))).toEqual(['token', 'revoke']);
  expect(s.door.store.read.hot('select * from integration').get()).toEqual(before);
  expect(s.door.store.read.hot("select detail from audit where act = 'connect-refused'").get()).toEqual({
    detail: 'hubspot: scope_exceeded',
  });
});

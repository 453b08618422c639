import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderGalleryPage } from '../../support/gallery.tsx';
import { json } from '../../support/recorder.ts';
import { care, count, crm, openChat, openStage, type Stage } from './stage.ts';

let stage: Stage;
let ticks = 0;
beforeEach(async () => {
  ticks = 0;
  stage = await openStage({ monotonic: () => performance.now() + ticks });
});
afterEach(() => stage.close());

const address = () => `/console/connections/${stage.integration}`;
const page = async () => (await stage.maria.get(address())).text();
const csrf = async () => /name="csrf" value="([^"]+)"/.exec(await page())?.[1] ?? '';
const form = (html: string) =>
  [...html.matchAll(/<form[^>]*action="([^"]+)".*?<\/form>/gs)].find(([f]) => f.includes('Reconnect HubSpot'));
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

/** Presses Reconnect on the connection's page, signs in at the partner, and answers the page that asks. */
async function reconnect(account = '4810000', answer = 'connect'): Promise<Response> {
  const { maria, door } = stage;
  const begun = await maria.submit(form(await page())?.[1] ?? '', { csrf: await csrf() });
  const back = await (await maria.get(await door.allow(begun.headers.get('location') ?? '', account))).text();
  const confirm = /\/console\/confirm\/[\w-]+/.exec(back)?.[0] ?? '';
  return maria.submit(confirm, { csrf: await csrf(), answer });
}
/** Every stored thing that a reconnect must leave alone. */
const kept = () =>
  Object.fromEntries(
    ['mapping', 'manifest', 'notice', 'consent_event', 'consent_head', 'value', 'share', 'ledger_leaf'].map((table) => [
      table,
      stage.door.store.read.hot(`select * from ${table}`).all(),
    ]),
  );
const row = () => stage.door.store.read.hot('select * from integration').get();
const vault = () => stage.door.store.read.hot('select * from vault').all();

/** HubSpot ends the grant: the key is turned down for good. */
async function lose(): Promise<void> {
  stage.recorder.answer((request, res) =>
    request.path.endsWith('/token') ? json(res, 400, { error: 'invalid_grant' }) : false,
  );
  ticks += 1_900_000;
}

test('R6 the key is lost: one press on the page brings the connection back as it was, and it sends again', async () => {
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'no', phone: 'yes' });
  const version = /name="version" value="(\d+)"/.exec(await page())?.[1] ?? '';
  const on = { [`on.${crm}.email`]: 'on', [`on.${crm}.phone`]: 'on', [`on.${care}.transcript`]: 'on' };
  expect((await stage.maria.submit(`${address()}/fields`, { csrf: await csrf(), version, ...on })).status).toBe(303);
  await lose();
  await chat.send();
  expect(words(await page())).toContain('turned our key down. Reconnect once; nothing is lost.');
  const before = kept();
  const old = row();

  stage.recorder.answer(() => false);
  expect((await reconnect()).status).toBe(303);
  expect(kept()).toEqual(before);
  expect(row()).toEqual({
    ...old,
    trouble: null,
    conn_epoch: (old?.conn_epoch as number) + 1,
    connected_at: expect.any(String),
  });
  expect(words(await page())).not.toContain('Reconnect once');
  stage.recorder.calls.length = 0;
  await chat.send();
  expect(stage.recorder.calls.map((c) => c.body).join()).toContain('ada@brandt.example');
  expect(stage.recorder.calls.map((c) => c.body).join()).not.toContain('Ada Brandt');
  expect((await chat.lastShare())?.state).toBe('sent');
});

test.each(['healthy', 'lost'])(
  'R6 another account, while the connection is %s: refused, its grant handed back, nothing changed',
  async (state) => {
    if (state === 'lost') {
      const chat = await openChat(stage);
      await chat.answer({ email: 'yes' });
      await lose();
      await chat.send();
      stage.recorder.answer(() => false);
    }
    const before = { ...kept(), row: row(), vault: vault() };
    stage.recorder.tokenCalls.length = 0;
    const res = await reconnect('4820000');
    expect([res.status, await res.text()]).toEqual([400, expect.stringContaining('different HubSpot account')]);
    expect({ ...kept(), row: row(), vault: vault() }).toEqual(before);
    expect(stage.recorder.tokenCalls.map((c) => c.path.split('/').at(-1))).toEqual(['token', 'introspect', 'revoke']);
    expect(count(stage.door, 'connect_transaction')).toBe(0);
  },
);

test('R6 not this account after all: nothing changed, and its grant is handed back', async () => {
  const before = { ...kept(), row: row(), vault: vault() };
  stage.recorder.tokenCalls.length = 0;
  expect((await reconnect('4810000', 'discard')).headers.get('location')).toBe('/console?done=discarded');
  expect({ ...kept(), row: row(), vault: vault() }).toEqual(before);
  expect(stage.recorder.tokenCalls.map((c) => c.path.split('/').at(-1))).toContain('revoke');
});

test('R6 only who may connect finds the button; the page lets its form lead to the partner', async () => {
  const res = await stage.maria.get(address());
  expect(res.headers.get('content-security-policy')).toContain(`form-action 'self' ${new URL(stage.door.shop).origin}`);
  expect(form(await res.text())?.[1]).toBe('/console/add/hubspot');
  expect(form(renderGalleryPage('connection'))).toBeDefined();
  expect(form(renderGalleryPage('connection-read'))).toBeUndefined();
  expect(form(renderGalleryPage('disconnected'))).toBeUndefined();
});

test('R6 OA16 an account is known by its id: the same name with another id is another account, a new name is the same one', async () => {
  const as = (hub_id: number, hub_domain: string) =>
    stage.recorder.answer((request, res) =>
      request.path.endsWith('/introspect') ? json(res, 200, { active: true, hub_id, hub_domain }) : false,
    );
  const before = row();
  as(4820000, before?.account_name as string);
  expect((await reconnect('4820000')).status).toBe(400);
  expect(row()).toEqual(before);
  as(4810000, 'renamed.example');
  expect((await reconnect()).status).toBe(303);
  expect(row()).toMatchObject({ id: before?.id, account_id: '4810000', account_name: 'renamed.example' });
});

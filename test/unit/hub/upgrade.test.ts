import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Manifest } from '#contract/connection.ts';
import type { AdapterFacts, SharingAdapter } from '#sdk';
import { facts as hubspotFacts } from '../../../integrations/hubspot/facts.ts';
import { manifestHash } from '../../../server/gate/manifest.ts';
import { type Chat, care, count, crm, openChat, openStage, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  // Version 1: e-mail (needed), name; the transcript is a share of its own.
  stage = await openStage({ adapters: (list) => list.map((a) => ({ ...a, shares: without(a.shares, 'phone') })) });
  chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
});
afterEach(() => stage.close());

type Shares = SharingAdapter['shares'];
const without = (shares: Shares, ...names: (keyof Shares)[]): Shares =>
  Object.fromEntries(Object.entries(shares).filter(([name]) => !names.includes(name as never)));

/** Version 2 of the add-on, installed by starting the hub anew. */
const upgrade = (change: { shares?: Shares; facts?: Partial<Omit<AdapterFacts, 'auth'>>; code?: string }) =>
  stage.door.upgrade(
    (list) =>
      list.map((a) => ({
        ...a,
        shares: { ...a.shares, ...change.shares },
        facts: { ...a.facts, ...change.facts },
      })),
    change.code ? { hubspot: change.code } : {},
  );
const phone: Shares = { phone: { purpose: crm, because: 'to call you back' } };
const where = () => `/console/connections/${stage.integration}`;
const text = async (path: string) =>
  (await (await stage.maria.get(path)).text())
    .replaceAll('\u2060', '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
const html = async (path: string) => (await stage.maria.get(path)).text();
const hidden = (page: string, name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? '';
/** Approves as the owner does: what the page showed, sent back by its form. */
async function approve(page?: string) {
  const shown = page ?? (await html(`${where()}/changes`));
  const form = ['csrf', 'version', 'manifest'].map((name) => [name, hidden(shown, name)]);
  return stage.maria.submit(`${where()}/changes`, Object.fromEntries(form));
}
const rules = async (purpose = crm) =>
  Object.fromEntries((await chat.preview(purpose)).body.rows.map((r) => [r.field, r.rule]));
const published = () =>
  JSON.parse(
    stage.door.store.read.hot('select m.body_json from integration i join manifest m on m.hash = i.manifest_hash').get()
      ?.body_json as string,
  ) as Manifest;
async function sent(purpose = crm) {
  stage.recorder.calls.length = 0;
  await chat.send(purpose);
  return stage.recorder.calls.map((c) => c.path + c.body).join('\n');
}

describe('R86 upgrades do not widen', () => {
  test('R86 k.2 a new field stays off, the old ones flow; approved, it is denied D16 until the visitor is asked', async () => {
    const before = stage.door.store.read.hot('select manifest_hash, conn_epoch from integration').get();
    await upgrade({ shares: phone });
    expect(stage.door.store.read.hot('select manifest_hash, conn_epoch from integration').get()).toEqual(before);
    expect(await rules()).toEqual({ name: 'D18', email: 'D18' });
    expect(await sent()).toContain('ada@brandt.example');
    expect((await chat.question()).body.fields.map((f) => f.field)).toEqual(['name', 'email']);
    expect(await text('/console')).toContain('One change waits for you');
    expect(await text(where())).toContain('One change waits for you: a newer version of the add-on.');
    const page = await text(`${where()}/changes`);
    expect(page).toContain(
      'Phone Until now: Not asked for, not sent Once approved: To call you back. For keeping your customer record. Optional.',
    );
    expect(page).toContain('What visitors said before holds. What is new is asked for before it leaves.');

    expect((await approve()).status).toBe(303);
    expect(await rules()).toEqual({ name: 'D18', email: 'D18', phone: 'D16' });
    expect(await sent()).not.toContain('20 55 04 18');
    expect((await chat.view()).strip[0]?.purposes[0]?.mayAsk).toBe(true);
    await chat.answer({ phone: 'yes' });
    expect(await sent()).toContain('20 55 04 18');
    expect(await text(where())).not.toContain('waits for you');
    expect(count(stage.door, 'ledger_leaf', "type = 'setting'")).toBe(1);
    expect(count(stage.door, 'audit', "act = 'upgrade'")).toBe(1);
  });

  test('R86 k.2 a new field the add-on cannot do without: the whole share is denied until approved and asked', async () => {
    await upgrade({ shares: { phone: { purpose: crm, need: true, because: 'to call you back' } } });
    expect((await chat.press()).status).toBe(400);
    expect(await sent()).toBe('');
    expect(await text(where())).toContain('Not sent: the newer version of the add-on waits for approval.');
    await approve();
    expect(await rules()).toEqual({ name: 'D16', email: 'D16', phone: 'D16' });
    await chat.answer({ phone: 'yes' });
    expect(await sent()).toContain('20 55 04 18');
  });

  test('R86 k.3 a new purpose for the same field: the old use has ended, the new one is asked for after approval', async () => {
    await upgrade({ shares: { name: { purpose: 'DirectMarketing', because: 'to write to you' } } });
    expect(published().fields.map((f) => `${f.name} ${f.purpose}`)).toEqual([`email ${crm}`, `transcript ${care}`]);
    const page = await text(`${where()}/changes`);
    expect(page).toContain('A purpose it did not have before.');
    expect(page).toContain('Ended already');
    expect(await sent()).toContain('ada@brandt.example');
    await approve();
    expect(await rules('DirectMarketing')).toEqual({ name: 'D20' });
  });

  test('R86 a field the add-on no longer declares stops at once, nobody is asked, and it does not come back by itself', async () => {
    const { shares } = (await import('../../../integrations/hubspot/adapter.ts')).adapter;
    await stage.door.upgrade((list) => list.map((a) => ({ ...a, shares: without(shares, 'name', 'phone') })));
    expect(published().fields.map((f) => f.name)).toEqual(['email', 'transcript']);
    expect(await sent()).not.toContain('Brandt"');
    expect(await text('/console')).not.toContain('waits for you');
    expect(await text(`${where()}/changes`)).toContain('Ended already');
    expect(count(stage.door, 'audit', "act = 'narrowed' and actor = 'operator'")).toBe(1);
    await stage.door.upgrade((list) => list.map((a) => ({ ...a, shares: without(shares, 'phone') })));
    expect(published().fields.map((f) => f.name)).toEqual(['email', 'transcript']);
    expect(await text('/console')).toContain('One change waits for you');
    // A start with the same add-on changes nothing more.
    const leaves = count(stage.door, 'ledger_leaf');
    await stage.door.upgrade((list) => list.map((a) => ({ ...a, shares: without(shares, 'phone') })));
    expect(count(stage.door, 'ledger_leaf')).toBe(leaves);
  });

  test.each<[string, Partial<AdapterFacts>, string]>([
    ['a country', { recipient: { ...hubspotFacts.recipient, countries: ['US', 'IN'] } }, 'Country: India'],
    ['another recipient', { recipient: { ...hubspotFacts.recipient, legalName: 'Hub Two, Inc.' } }, 'Hub Two, Inc.'],
    ['another time it is kept', { recipient: { ...hubspotFacts.recipient, retention: 'ten years' } }, 'Ten years'],
    ['a sale', { sale: true }, 'Sells data'],
    ['AI', { ai: true }, 'Uses AI'],
  ])(
    'R86 R30 k.4 %s is said in words; the old yes holds until approval and is stale after it',
    async (_, change, words) => {
      const before = manifestHash(published());
      await upgrade({ facts: change });
      expect(manifestHash(published())).toBe(before);
      expect(await rules()).toEqual({ name: 'D18', email: 'D18' });
      const page = await text(`${where()}/changes`);
      expect(page).toContain(words);
      expect(page).toContain('nothing leaves for HubSpot before they are asked again');
      await approve();
      expect(await rules()).toEqual({ name: 'D15', email: 'D15' });
      expect(await sent()).toBe('');
      await chat.answer({ email: 'yes' });
      expect(await sent()).toContain('ada@brandt.example');
    },
  );

  test('R86 k.1 another reason for one field: after approval that field is stale and may be asked again, the other holds', async () => {
    await upgrade({ shares: { name: { purpose: crm, because: 'to greet you' } } });
    expect(await rules()).toEqual({ name: 'D18', email: 'D18' });
    expect(await text(`${where()}/changes`)).toContain('Earlier answers about name stop counting');
    await approve();
    expect(await rules()).toEqual({ name: 'D15', email: 'D18' });
    expect((await chat.view()).strip[0]?.purposes[0]?.mayAsk).toBe(true);
    await chat.answer({ name: 'yes' });
    expect(await rules()).toEqual({ name: 'D18', email: 'D18' });
  });

  test('R86 a call and a host of the newer version are refused before DNS until they are approved', async () => {
    const extra = 'POST /crm/v3/objects/companies';
    const code = `globalThis.adapter = { on: { ${crm}: async (v, partner) => {
      await partner.post('/crm/v3/objects/companies', { body: { email: v.email } }); return {}; } } };`;
    await upgrade({ facts: { calls: [...hubspotFacts.calls, extra] }, code });
    expect(await sent()).toBe('');
    expect(await chat.lastShare()).toMatchObject({
      state: 'failed',
      cause: expect.stringContaining('did not declare'),
    });
    expect(await text(`${where()}/changes`)).toContain(`Call: ${extra} Until now: Refused Once approved: Allowed`);
    await approve();
    stage.recorder.answer((_, res) => res.end('{}') && true);
    expect(await sent()).toContain('ada@brandt.example');

    // The whole API moves to another host: nothing goes there, nor does a key to its token endpoint.
    const moved = hubspotFacts.hosts.map((h) => h.replace('hubapi', 'elsewhere'));
    await upgrade({ facts: { hosts: moved }, code });
    stage.recorder.tokenCalls.length = 0;
    expect(await sent()).toBe('');
    expect(stage.recorder.tokenCalls).toEqual([]);
  });

  test('R86 a host that came back is none a key is renewed through before it is approved', async () => {
    const { hosts } = hubspotFacts;
    await upgrade({ facts: { hosts: hosts.filter((h) => h.startsWith('api.')) } });
    await upgrade({ facts: { hosts } });
    stage.recorder.tokenCalls.length = 0;
    stage.recorder.answer((request, res) => {
      if (request.path.includes('/oauth/')) return false;
      res.writeHead(401).end();
      return true;
    });
    await sent();
    expect(stage.recorder.tokenCalls).toEqual([]);
    expect(await chat.lastShare()).toMatchObject({ cause: 'HubSpot cannot renew its key just now.' });
  });

  test('R86 only what was read is approved, once, and by nobody else', async () => {
    await upgrade({ shares: phone });
    const old = await html(`${where()}/changes`);
    await upgrade({ shares: { phone: { purpose: crm, because: 'to sell you a boat' } } });
    expect((await approve(old)).status).toBe(409);
    expect(await rules()).toEqual({ name: 'D18', email: 'D18' });
    expect((await approve()).status).toBe(303);
    expect((await approve(old)).status).toBe(409);
  });

  test('R86 a newer version that lacks a fact cannot be approved, in words, and the old one goes on', async () => {
    await upgrade({ facts: { recipient: { ...hubspotFacts.recipient, retention: ' ' } } });
    const res = await approve();
    expect(res.status).toBe(400);
    expect(await res.text()).toContain('HubSpot cannot be listed without: retention.');
    expect(await sent()).toContain('ada@brandt.example');
  });

  test('R86 connecting again approves nothing', async () => {
    await upgrade({ shares: phone });
    await stage.door.connect(stage.maria);
    expect(published().fields.map((f) => f.name)).not.toContain('phone');
    expect(await text('/console/add/hubspot')).not.toContain('To call you back');
    expect(await text('/console')).toContain('One change waits for you');
  });

  test('R86 R13 what the brand turned off stays off through an approval', async () => {
    const page = await html(where());
    await stage.maria.submit(`${where()}/fields`, {
      csrf: hidden(page, 'csrf'),
      version: hidden(page, 'version'),
      [`on.${crm}.email`]: 'on',
    });
    await upgrade({ shares: phone });
    await approve();
    expect(published().fields.map((f) => f.name)).toEqual(['email', 'phone']);
  });
});

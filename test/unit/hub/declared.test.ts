import { afterEach, describe, expect, test } from 'vitest';
import type { AdapterFacts, SharingAdapter } from '#sdk';
import { facts } from '../../../integrations/hubspot/facts.ts';
import { frontDoor } from '../../support/front-door.ts';
import { care, crm, openChat, openPreferences, openStage, type Stage, stored } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

const { recipient } = facts;
const lacking: [string, Partial<Omit<AdapterFacts, 'auth'>>][] = [
  ['legal name', { recipient: { ...recipient, legalName: ' ' } }],
  ['postal address', { recipient: { ...recipient, address: '' } }],
  ['role', { recipient: { ...recipient, role: 'friend' as 'processor' } }],
  ['country', { recipient: { ...recipient, countries: [] } }],
  ['retention', { recipient: { ...recipient, retention: '' } }],
  ['hosts', { hosts: [...facts.hosts, ' '] }],
  ['policy', { policy: 'http://legal.hubspot.com/privacy-policy' }],
];
const shares: [string, SharingAdapter['shares']][] = [
  ['because', { email: { purpose: crm, need: true, because: '' } }],
  ['because, purposes', {}],
  ['purposes', { email: { purpose: 'Gossip' as 'CustomerCare', need: true, because: 'to tell others' } }],
];

describe('R14 D04 an add-on that lacks a fact cannot be connected', () => {
  const changed = (change: (a: SharingAdapter) => SharingAdapter) => (list: readonly SharingAdapter[]) =>
    list.map(change);
  test.each([
    ...lacking.map(([word, more]) => [word, changed((a) => ({ ...a, facts: { ...a.facts, ...more } }))] as const),
    ...shares.map(([word, own]) => [word, changed((a) => ({ ...a, shares: own }))] as const),
    [
      'purpose of its own for what comes back',
      changed((a) => ({
        ...a,
        shares: { ...a.shares, phone: { purpose: 'Personalisation', because: 'to fit in' } },
        receives: { Company: { because: 'to know you', field: 'company' } },
      })),
    ] as const,
  ])(
    'R14 without its %s: said in words to the admin, nothing is connected and no key is kept',
    async (word, adapters) => {
      const door = await frontDoor({ adapters });
      try {
        const maria = await door.owner();
        const begun = await maria.submit('/console/add/hubspot', { csrf: maria.csrf });
        const called = await maria.get(await door.allow(begun.headers.get('location') ?? ''));
        const confirm = /\/console\/confirm\/[\w-]+/.exec(await called.text())?.[0] ?? '';
        const page = await (await maria.get(confirm)).text();
        const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
        const done = await maria.submit(confirm, { csrf, answer: 'connect' });
        expect(done.status).toBe(400);
        expect(await done.text()).toContain(`HubSpot cannot be listed without: ${word}.`);
        for (const table of ['integration', 'manifest', 'notice', 'vault', 'connect_transaction'])
          expect(door.store.read.hot(`select count(*) as n from ${table}`).get()).toEqual({ n: 0 });
      } finally {
        await door.close();
      }
    },
  );
});

describe('R13 R16 what nobody declared or knows, in the calls of chat, panel and preference page', () => {
  test('R13 R16 an unknown field, purpose or integration: 400 or 404 in clear words, nothing stored, nothing sent', async () => {
    stage = await openStage();
    const { integration, recorder, maria, door } = stage;
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    const { nonce } = (await chat.question()).body;
    const page = await openPreferences(stage, chat);
    const panel = { 'x-askfirst': '1' };
    const agent = (what: string, body: object) =>
      maria.json<{ title: string; detail?: string }>(
        'POST',
        `/api/panel/conversations/${chat.ada.conversation}/${what}`,
        body,
        panel,
      );
    const before = stored(door);
    recorder.calls.length = 0;
    const wrong: [string, () => Promise<{ status: number; body: unknown }>, number, RegExp][] = [];
    for (const [word, target, status, says] of [
      ['an unknown purpose', { integration, purpose: 'Gossip' }, 400, /"detail":"purpose: invalid_value/],
      ['an unknown partner', { integration: 'of-nobody', purpose: crm }, 404, /There is nothing here/],
    ] as const) {
      wrong.push([`question, ${word}`, () => chat.ada.say('/api/chat/question', target), status, says]);
      for (const what of ['ask', 'preview']) wrong.push([`${what}, ${word}`, () => agent(what, target), status, says]);
      wrong.push([`shares, ${word}`, () => agent('shares', { ...target, clientId: 'c' }), status, says]);
    }
    // A purpose that exists, and that this partner does not declare.
    const undeclared = { integration, purpose: 'DirectMarketing' };
    wrong.push(
      ['question, undeclared', () => chat.ada.say('/api/chat/question', undeclared), 404, /There is nothing here/],
      ['ask, undeclared', () => agent('ask', undeclared), 404, /There is nothing here/],
      ['preview, undeclared', () => agent('preview', undeclared), 400, /declares nothing for this purpose/],
      ['shares, undeclared', () => agent('shares', { ...undeclared, clientId: 'd' }), 400, /declares nothing/],
      [
        'start, an unknown field',
        () =>
          chat.ada.say('/api/chat/start', {
            brand: 'harbor-motors',
            token: 'x'.repeat(43),
            clientId: 'e',
            text: 'Hi',
            shoe_size: '44',
          }),
        400,
        /unrecognized_keys/,
      ],
    );
    for (const [what, send, status, says] of wrong) {
      const res = await send();
      expect({ what, status: res.status, says: says.test(JSON.stringify(res.body)) }).toEqual({
        what,
        status,
        says: true,
      });
    }
    for (const [form, status] of [
      [{ integration, purpose: 'Gossip', want: 'yes', nonce }, 400],
      [{ integration: 'of-nobody', purpose: crm, want: 'no', nonce }, 404],
      [{ integration, purpose: 'DirectMarketing', want: 'no', nonce }, 404],
    ] as const)
      expect((await page.browser.submit('/privacy/harbor-motors/choose', form)).status).toBe(status);
    await door.hub.deps.runner.idle();
    const after = stored(door);
    expect({ ...after, preference_session: 0 }).toEqual({ ...before, preference_session: 0 });
    expect(recorder.calls).toEqual([]);

    // A field that did not stand on the screen: the whole answer is refused.
    const fresh = (await chat.question()).body.nonce;
    for (const answers of [{ shoe_size: 'yes' }, { transcript: 'yes' }, { email: 'yes', company: 'yes' }]) {
      const res = await chat.ada.say('/api/chat/answer', { nonce: fresh, answers });
      expect(res).toMatchObject({ status: 400, body: { detail: 'That field was not asked for.' } });
    }
    expect(stored(door).consent_event).toBe(before.consent_event);
  });
});

describe('R30 AI add-ons are partners', () => {
  const withAi = (list: readonly SharingAdapter[]) =>
    list.map((a) => ({ ...a, facts: { ...a.facts, ai: true as const } }));

  test('R30 the data sheet, the question and the preference page say that it uses AI, before any yes', async () => {
    stage = await openStage({ adapters: withAi });
    const chat = await openChat(stage);
    const plain = async (path: string) =>
      (await (await (stage as Stage).maria.get(path)).text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(await plain('/console/add/hubspot')).toContain('Uses AI Yes: what it gets is worked on by AI');
    const { body } = await chat.question();
    expect(body).toMatchObject({ ai: true, notice: expect.stringContaining('It uses AI to work on it.') });
    const page = (await (await openPreferences(stage, chat)).page()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(page).toContain('uses AI');
    expect(page).toContain('It uses AI to work on it.');
  });

  test('R30 no yes, no byte; refused, the chat goes on and the visitor’s words reach the human agent', async () => {
    stage = await openStage({ adapters: withAi });
    const chat = await openChat(stage, undefined, 'Is the Marlin still there?');
    await chat.send(crm);
    await chat.send(care);
    expect(stage.recorder.calls).toEqual([]);
    expect((await chat.lastShare())?.withheld).toEqual([{ field: 'transcript', rule: 'D20', reason: 'no_consent' }]);
    await chat.answer({ email: 'no', name: 'no', phone: 'no' }, crm);
    await chat.answer({ transcript: 'no' }, care);
    const said = await chat.message('Then I would like to talk to a person.');
    expect(said.status).toBe(201);
    await chat.send(crm);
    await chat.send(care);
    expect(stage.recorder.calls).toEqual([]);
    const { entries } = await chat.view();
    const words = entries.flatMap((e) => (e.kind === 'message' ? [e.text] : []));
    expect(words).toEqual(['Is the Marlin still there?', 'Then I would like to talk to a person.']);
    const reply = await stage.maria.json(
      'POST',
      `/api/panel/conversations/${chat.ada.conversation}/messages`,
      { clientId: 'r1', text: 'You do. It is there.' },
      { 'x-askfirst': '1' },
    );
    expect(reply.status).toBe(201);
  });

  test('R30 a yes to it is a yes to an add-on with AI, and arrives through the same claim and ledger row', async () => {
    stage = await openStage({ adapters: withAi });
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await chat.send();
    expect(stage.recorder.calls[0]?.body).toContain('ada@brandt.example');
    const row = stage.door.store.read.hot("select row from ledger_leaf where type = 'disclosure'").get();
    const { manifest } = JSON.parse(row?.row as string) as { manifest: string };
    const body = stage.door.store.read.hot('select body_json from manifest where hash = ?').get(manifest);
    expect(JSON.parse(body?.body_json as string)).toMatchObject({ ai: true });
  });
});

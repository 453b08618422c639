import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chatRoutes, hubClient } from '#contract/client.ts';
import { createKeep } from '../../../server/web/widget/keep.ts';
import { type Chat, createChat } from '../../../server/web/widget/session.ts';
import { german, openEditor } from '../hub/notice-stage.ts';
import { care, crm, openStage, panel, type Stage } from '../hub/stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage();
  const { origin } = stage.door;
  chat = createChat({
    page: { brand: { slug: 'harbor-motors', name: 'Harbor Motors' }, sites: [], notice: '', logins: [], lang: 'de' },
    client: (token) =>
      hubClient({
        routes: chatRoutes,
        base: origin,
        token,
        fetch: (input, init) => fetch(input, { ...init, headers: { ...init?.headers, origin } }),
      }),
    keep: createKeep(() => {
      throw new Error('no storage');
    }, 'harbor-motors'),
    now: () => new Date(),
    newId: () => randomBytes(8).toString('hex'),
    newToken: () => randomBytes(32).toString('base64url'),
    random: () => 0,
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  });
});
afterEach(async () => {
  chat.stop();
  await stage.close();
});

const asking = () => Object.values(chat.get().asking)[0];

test('R20 R24 a question on the screen is drawn anew, in the page’s language, as soon as its words change', async () => {
  const editor = openEditor(stage);
  await editor.inGerman();
  chat.open();
  await chat.begin({ text: 'Hallo', name: '', email: 'ada@brandt.example', phone: '' });
  const conversation = chat.get().log.entries[0]?.conversation ?? '';
  await vi.waitFor(() => expect(stage.door.hub.deps.live.size).toBe(1));
  const { integration, maria } = stage;
  await maria.json('POST', `/api/panel/conversations/${conversation}/ask`, { integration, purpose: crm }, panel);
  await vi.waitFor(() =>
    expect(asking()).toMatchObject({ step: 'open', question: { notice: german, noticeLang: 'de' } }),
  );
  const before = asking();

  await editor.write({ de: 'Neue Worte.' });
  await editor.publish();
  await vi.waitFor(() => expect(asking()).toMatchObject({ step: 'open', question: { notice: 'Neue Worte.' } }));
  expect(asking()).toMatchObject({
    note: 'The words of this question changed, so here it is again. Nothing was saved.',
  });
  expect(before?.step === 'open' && before.question.nonce).not.toBe(
    (asking() as { question: { nonce: string } }).question.nonce,
  );
  // The new one can be answered at once.
  const topic = asking()?.topic;
  const entry = topic && (await chat.ask.answer(topic, { email: 'yes' }, false));
  expect(entry).toMatchObject({ yes: ['email'], later: false });
});

test('R20 a no to one question leaves the other on the screen ready to be answered', async () => {
  chat.open();
  await chat.begin({ text: 'Hello', name: '', email: 'ada@brandt.example', phone: '' });
  const conversation = chat.get().log.entries[0]?.conversation ?? '';
  await vi.waitFor(() => expect(stage.door.hub.deps.live.size).toBe(1));
  const { integration, maria } = stage;
  for (const purpose of [crm, care])
    await maria.json('POST', `/api/panel/conversations/${conversation}/ask`, { integration, purpose }, panel);
  const open = () => Object.values(chat.get().asking).filter(({ step }) => step === 'open');
  await vi.waitFor(() => expect(open()).toHaveLength(2));
  const [first, second] = open();
  await chat.ask.answer(first?.topic as never, { email: 'no' }, false);
  expect(await chat.ask.answer(second?.topic as never, { transcript: 'yes' }, false)).toMatchObject({
    yes: ['transcript'],
  });
});

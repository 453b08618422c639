import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { planOf } from '../../../server/consent/notice-publish.ts';
import { demoPeople } from '../../../server/people/seed.ts';
import { answerIn, english, german, kept, openEditor } from './notice-stage.ts';
import { care, crm, openChat, openPreferences, openStage, type Stage } from './stage.ts';

let stage: Stage;
let editor: ReturnType<typeof openEditor>;
beforeAll(async () => {
  stage = await openStage();
  editor = openEditor(stage);
});
afterAll(() => stage.close());
beforeEach(() => editor.discard());

const drafts = () => stage.door.store.read.hot('select * from notice_draft').all();
const asText = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&amp;', '&');
/** Nothing of the notice was stored, and what visitors read is what it was. */
async function untouched(act: () => Promise<void>) {
  const before = kept(stage);
  await act();
  expect(kept(stage)).toEqual(before);
}
const read = async () => (await (await openChat(stage)).question()).body.notice;

describe('the draft of a notice', () => {
  test('R24 one draft a brand: it survives the tab, another session reads it, visitors do not', async () => {
    const before = await read();
    expect((await editor.write({ en: english })).status).toBe(303);
    expect(drafts()).toHaveLength(1);
    const elsewhere = openEditor(stage, await stage.door.owner());
    expect(await elsewhere.html(elsewhere.address())).toContain(`>${english}</textarea>`);
    expect(asText(await elsewhere.html('/console/notice'))).toContain('A draft waits.');
    expect(await read()).toBe(before);
  });

  test('R24 two tabs: the second cannot overwrite blindly; it is shown both, and then decides', async () => {
    const [first, second] = [await editor.openTab(), await editor.openTab()];
    expect((await first({ en: english })).status).toBe(303);
    const clash = await second({ en: 'The second tab.' });
    expect(clash.status).toBe(409);
    const html = await clash.text();
    expect(asText(html)).toContain(`Stored meanwhile: ${english}`);
    expect(html).toContain('>The second tab.</textarea>');
    expect(await editor.html(editor.address())).toContain(`>${english}</textarea>`);
    // Saved again from the page that showed both, it takes the place of what it knows.
    const seen = /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '';
    expect((await editor.submit(editor.address(), { seen, 'text-en': 'The second tab.' })).status).toBe(303);
    expect(await editor.html(editor.address())).toContain('>The second tab.</textarea>');
    // A tab on another text is not in the way.
    const other = await editor.openTab(care);
    await editor.write({ en: english });
    expect((await other({ en: 'About the transcript.' })).status).toBe(303);
  });

  test('R24 discarded after a second step, it is gone; what is published stays', async () => {
    await editor.language('de');
    await editor.write({ en: english, de: german });
    const before = await read();
    expect(asText(await editor.html('/console/notice/discard'))).toContain('Its texts and languages are forgotten.');
    expect(drafts()).toHaveLength(1);
    expect((await editor.discard()).status).toBe(303);
    expect(drafts()).toEqual([]);
    expect(await editor.html(editor.address())).not.toContain(english);
    expect(await read()).toBe(before);
  });

  test('R24 a draft that says what stands is none, and the hub’s own words are one press away', async () => {
    const before = await read();
    await editor.write({ en: english });
    await (await editor.openTab())({ en: english }, { automatic: 'en' });
    expect(drafts()).toEqual([]);
    expect((await editor.publish()).status).toBe(409);
    expect(await read()).toBe(before);
  });

  test.each([
    ['nothing but spaces', ' \n\t '],
    ['nothing but invisible letters', '\u200b\u2060'],
    ['over the limit', 'a'.repeat(601)],
    ['a link without TLS', 'See http://harbor.example/privacy.'],
    ['a link that is a script', 'See javascript:alert(1) here.'],
    ['a link of another scheme', 'See ftp://harbor.example.'],
    ['a bare web address', 'See www.harbor.example.'],
    ['a sentence turned around', 'Nothing \u202eis sent\u202c.'],
  ])('R19 %s is refused in words, and nothing is stored', async (_, text) => {
    await untouched(async () => {
      const res = await editor.write({ en: text });
      expect(res.status).toBe(400);
      expect(await res.text()).toMatch(/<p class="wrong" id="text-en-hint">[A-Z][^<]+\.<\/p>/);
    });
  });

  test('R19 what is right is kept as it will be read: one paragraph, a link with TLS, a colon in a sentence', async () => {
    const text = 'Our promise:  we read\n\nhttps://harbor.example/privacy aloud.';
    expect((await editor.write({ en: text })).status).toBe(303);
    expect(drafts()[0]?.body_json).toContain('Our promise: we read https://harbor.example/privacy aloud.');
  });

  test('R19 there is no field for a button, a tick or a condition: such a form stores its text alone', async () => {
    const html = await editor.html(editor.address());
    const names = [...html.matchAll(/<(?:input|textarea|select|button)[^>]* name="([^"]+)"/g)].map((m) => m[1]);
    expect(new Set(names)).toEqual(new Set(['csrf', 'seen', 'text-en', 'automatic']));
    await (await editor.openTab())({ en: english }, { yes: 'I agree', checked: 'yes', required: 'true' });
    expect(Object.keys(JSON.parse(drafts()[0]?.body_json as string))).toEqual(['langs', 'texts']);
    expect(Object.values(JSON.parse(drafts()[0]?.body_json as string).texts)).toEqual([english]);
  });
});

describe('publishing a notice', () => {
  test('R19 R24 with a text missing it fails in words, names which, and publishes nothing', async () => {
    await editor.write({ en: '' });
    const plan = await editor.plan();
    const says = 'The English text is missing: HubSpot, for keeping your customer record.';
    expect(asText(plan)).toContain(says);
    expect(plan).not.toContain('name="seen"');
    // Whoever names the very plan is refused too, in the same words.
    const { seen = '' } = planOf(stage.door.store.read, 'harbor-motors', new Date()) ?? {};
    await untouched(async () => {
      const res = await editor.submit('/console/notice/publish', { seen });
      expect(res.status).toBe(400);
      expect(asText(await res.text())).toContain(says);
    });
  });

  test('GATE-i R14 with a fact missing in a declaration it fails in words and publishes nothing', async () => {
    const { store } = stage.door;
    const { manifest_hash: whole } = store.read.hot('select manifest_hash from integration').get() ?? {};
    await store.write((tx) => {
      // As an older program may have left it: today such a declaration is not taken at all.
      tx.hot(
        `insert into manifest select 'lacking', brand_id, provider, json_set(body_json, '$.retention', ' '), published_at
         from manifest where hash = ?`,
      ).run(whole as string);
      tx.hot("update integration set manifest_hash = 'lacking'").run();
    });
    await editor.write({ en: english });
    expect(asText(await editor.plan())).toContain('HubSpot lacks: retention.');
    const { seen = '' } = planOf(store.read, 'harbor-motors', new Date()) ?? {};
    await untouched(async () => {
      const res = await editor.submit('/console/notice/publish', { seen });
      expect([res.status, asText(await res.text())]).toEqual([
        400,
        expect.stringContaining('HubSpot lacks: retention.'),
      ]);
    });
    await store.write((tx) => tx.hot('update integration set manifest_hash = ?').run(whole as string));
  });

  test('R24 only what was read is published: a draft that changed since is not', async () => {
    await editor.write({ en: english });
    const plan = await editor.plan();
    await editor.write({ en: 'Something else.' });
    await untouched(async () => {
      expect((await editor.publish(plan)).status).toBe(409);
    });
  });

  test('R24 k.1 it says before how many yeses stop counting and how many stay, from the real ones', async () => {
    await editor.inGerman();
    const people = await Promise.all([openChat(stage), openChat(stage), openChat(stage), openChat(stage)]);
    const [a, b, c, gone] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0], (typeof people)[0]];
    await answerIn(a, stage, 'de', { email: 'yes' });
    await answerIn(b, stage, 'en', { email: 'yes' });
    await answerIn(c, stage, 'en', { email: 'yes', name: 'no' });
    await answerIn(gone, stage, 'en', { email: 'yes' });
    await (await openPreferences(stage, gone)).choose('no');
    await answerIn(a, stage, 'en', { transcript: 'yes' }, care);
    await editor.write({ en: 'New words.' });
    const plan = asText(await editor.plan());
    expect(plan).toContain('Two yeses will stop counting');
    expect(plan).toContain(
      'Two people said yes to words that change, and will be asked again. One person said yes to words that stay.',
    );
    expect(plan).toContain('One yes to other texts stays as it is.');
    await editor.publish();
    const rule = async (chat: (typeof people)[0]) =>
      (await chat.preview()).body.rows.find((r) => r.field === 'email')?.rule;
    expect([await rule(a), await rule(b), await rule(c), await rule(gone)]).toEqual(['D18', 'D15', 'D15', 'D09']);
    const list = asText(await editor.html('/console/notice'));
    expect(list).toMatch(/Version 3 .* by Maria Lund HubSpot, for keeping your customer record: English changed/);
    expect(list).toContain('by the hub, because a connection changed');
  });

  test('sec-H02 a text with markup in it is text in the chat, on both public pages, in editor, plan and preview', async () => {
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>"&';
    await editor.write({ en: evil });
    const plan = await editor.plan();
    await editor.publish(plan);
    const chat = await openChat(stage);
    expect((await chat.question()).body.notice).toBe(evil);
    const hash = stage.door.store.read
      .hot('select hash from notice order by published_seq desc, lang desc')
      .get()?.hash;
    const pages = [
      plan,
      await (await openPreferences(stage, chat)).page(),
      await editor.html(`/privacy/harbor-motors/notices/${hash}`),
      await editor.html(editor.address()),
      await editor.html('/console/notice'),
      await editor.html('/console/notice/preview/question'),
      await editor.html('/console/notice/preview/preferences'),
    ];
    for (const html of pages) {
      expect(html).toContain('&lt;img src=x onerror=alert(1)>&lt;script>alert(2)&lt;/script>');
      expect(html).not.toContain('<img src=x');
      expect(html).not.toContain('<script>alert');
    }
  });

  test('R19 the preview is drawn by the widget’s own parts: equal buttons, nothing ticked, and nothing it shows can be sent', async () => {
    await editor.write({ en: english });
    const res = await stage.maria.get('/console/notice/preview/question?lang=en&look=dark');
    const html = await res.text();
    expect(html).toContain('<html lang="en" data-theme="dark">');
    expect(html).toContain(`<span lang="en" dir="auto">${english}</span>`);
    expect(asText(html)).toContain('The chat goes on either way.');
    expect(html).not.toContain('checked');
    expect(html.match(/value="yes"/g)).toHaveLength(html.match(/value="no"/g)?.length ?? 0);
    const policy = res.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("form-action 'none'");
    expect(policy).toContain("frame-ancestors 'self'");
    const around = await stage.maria.get('/console/notice/preview?lang=en');
    expect(around.headers.get('content-security-policy')).toContain("frame-src 'self'; frame-ancestors 'none'");
    expect((await stage.maria.get('/console/notice/preview?lang=fr')).status).toBe(404);
  });
});

describe('who may write a notice', () => {
  const addresses = () => [
    '/console/notice',
    editor.address(),
    '/console/notice/preview',
    '/console/notice/preview/question',
    '/console/notice/publish',
    '/console/notice/discard',
  ];

  test('R49 an agent may not, a stranger is led to the sign-in, and a form without its field stores nothing', async () => {
    await editor.write({ en: english });
    const jens = stage.door.client();
    const link = stage.door.hub.deps.people.signIn.printedLink(demoPeople.jens.email);
    await jens.submit(link, { token: link.split('/').at(-1) ?? '' });
    await untouched(async () => {
      for (const path of addresses()) {
        expect((await jens.get(path)).status, path).toBe(403);
        expect((await stage.door.client().get(path)).status, path).toBe(303);
      }
      const fields = { seen: '', 'text-en': 'x', lang: 'de', answer: 'add' };
      for (const path of [
        editor.address(),
        '/console/notice/language',
        '/console/notice/publish',
        '/console/notice/discard',
      ]) {
        expect((await jens.submit(path, fields)).status, path).toBe(403);
        expect((await stage.maria.submit(path, fields)).status, path).toBe(403);
        expect((await stage.maria.submit(path, { ...fields, csrf: 'guessed' })).status, path).toBe(403);
      }
    });
  });

  test('DB4 R64 another brand’s texts answer like none, and its draft is neither shown nor touched', async () => {
    await stage.door.store.write((tx) => {
      tx.hot(
        `insert into brand select 'other', 'other', legal_name, 'Other', address, contact, country, settings_json, wrapped_key, created_at from brand`,
      ).run();
      tx.hot(`insert into manifest select hash, 'other', provider, body_json, published_at from manifest`).run();
      tx.hot(
        `insert into integration select 'int-other', 'other', provider, sandbox, account_id, account_name, connection, conn_epoch, revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble, scopes_json from integration`,
      ).run();
      tx.hot(`insert into notice_draft values ('other', ?, 'user:x', '2026-11-22T10:00:00.000Z')`).run(
        JSON.stringify({ langs: ['en'], texts: { [`int-other ${crm} en`]: 'Their secret words' } }),
      );
    });
    for (const id of ['int-other', 'not-there-at-all']) {
      expect((await stage.maria.get(editor.address(crm, id))).status).toBe(404);
      expect((await editor.submit(editor.address(crm, id), { seen: '', 'text-en': 'x' })).status).toBe(404);
    }
    for (const path of addresses()) expect(await editor.html(path)).not.toContain('Their secret words');
    await editor.discard();
    expect(drafts()).toMatchObject([{ brand_id: 'other' }]);
    for (const lang of ['en', 'xx', ''])
      expect((await editor.submit('/console/notice/language', { lang, answer: 'add' })).status).toBe(400);
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStream } from '../../support/open-stream.ts';
import { answerIn, english, german, openEditor, questionIn, redeclare, rulesOf } from './notice-stage.ts';
import { type Chat, care, count, crm, openChat, openPreferences, openStage, type Stage, until } from './stage.ts';

let stage: Stage;
let chat: Chat;
let editor: ReturnType<typeof openEditor>;
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
  editor = openEditor(stage);
});
afterEach(() => stage.close());

const newest = () =>
  stage.door.store.read
    .hot('select hash, lang from notice where published_seq = (select max(published_seq) from notice) order by lang')
    .all() as { hash: string; lang: string }[];
const asText = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

describe('DESIGN-5 the frame speaks the page’s language', () => {
  const frame = async (lang: string, accept = '') => {
    const headers = { 'accept-language': accept };
    const html = await (
      await fetch(`${stage.door.origin}/widget/frame?brand=harbor-motors&lang=${lang}`, { headers })
    ).text();
    return { lang: /<html lang="([^"]*)"/.exec(html)?.[1], scripts: html.match(/\/assets\/[\w-]+\.js/g), html };
  };

  test('DESIGN-5 the page’s, else the browser’s, else English; its words are one script before the app', async () => {
    const german = await frame('de-AT', 'fr');
    expect(german).toMatchObject({ lang: 'de', scripts: ['/assets/words-de.js', '/assets/frame.js'] });
    expect(german.html).toContain('<title>Chat mit Harbor Motors</title>');
    expect(german.html).toContain('Harbor Motors bewahrt auf, was Sie schreiben');
    expect((await frame('', 'nl, fr-CA;q=0.5')).lang).toBe('fr');
    expect(await frame('ar', 'he')).toMatchObject({ lang: 'en', scripts: ['/assets/frame.js'] });
  });
});

describe('R24 versions and languages of a notice', () => {
  test('R24 a version is published in all its languages at once, named in the ledger, and each answer keeps its own', async () => {
    expect((await editor.inGerman()).status).toBe(303);
    expect(newest().map((n) => n.lang)).toEqual(['de', 'en']);
    const row = stage.door.store.read.hot("select row from ledger_leaf where type = 'setting'").get()?.row as string;
    expect(JSON.parse(row)).toMatchObject({ v: 1, t: 'setting', setting: 'notice' });
    expect(JSON.parse(row).notices.toSorted()).toEqual(
      newest()
        .map((n) => n.hash)
        .toSorted(),
    );

    const { body } = await answerIn(chat, stage, 'de', { email: 'yes' });
    const de = newest().find((n) => n.lang === 'de')?.hash;
    expect(
      stage.door.store.read.hot("select notice_hash from consent_event where type = 'given'").get()?.notice_hash,
    ).toBe(de);
    const receipt = await (await stage.door.client().get(body.receipt ?? '')).text();
    const { record } = JSON.parse(Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString());
    expect(record['dpv:hasRecordOfActivity']).toMatchObject({
      'dct:language': 'de',
      'dpv:hasNotice': { 'dct:identifier': de },
    });
    // The page of the person names the version that was answered, and the words are one click away.
    const page = await (await openPreferences(stage, chat)).page();
    expect(page).toContain(`href="/privacy/harbor-motors/notices/${de}"`);
    expect(asText(page)).toMatch(/You said yes on .*Notice of .*, version 2/);
    const words = await (await stage.door.client().get(`/privacy/harbor-motors/notices/${de}`)).text();
    expect(words).toContain(`<span lang="de" dir="auto">${german}</span>`);
    expect(words).toContain(`hreflang="en"`);
  });

  test('R24 the page’s language, else the browser’s, else English; facts stand below a brand’s words in every one', async () => {
    await editor.inGerman();
    const { body } = await questionIn(chat, stage, 'de-AT');
    expect(body).toMatchObject({ notice: german, noticeLang: 'de', noticeFacts: { legalName: 'HubSpot, Inc.' } });
    expect((await questionIn(chat, stage, 'sv')).body).toMatchObject({ notice: english, noticeLang: 'en' });
    const { integration } = stage;
    const browser = (accept: string) =>
      chat.ada.json(
        'POST',
        '/api/chat/question',
        { integration, purpose: crm },
        { ...chat.ada.auth, 'accept-language': accept },
      );
    expect((await browser('fr;q=0.9, de;q=0.8, en;q=0.1')).body).toMatchObject({ noticeLang: 'de' });
    expect((await browser('de;q=0, en')).body).toMatchObject({ noticeLang: 'en' });
    expect((await browser('*, ;;q=x, de;q=nonsense')).body).toMatchObject({ noticeLang: 'en' });
  });

  test('R24 frame and preference page take the page’s language along, and drop what is none', async () => {
    await editor.inGerman();
    const frame = async (lang: string) =>
      await (
        await stage.door.client().get(`/widget/frame?brand=harbor-motors&lang=${encodeURIComponent(lang)}`)
      ).text();
    expect(await frame('de-AT')).toContain('&quot;lang&quot;:&quot;de&quot;');
    expect(await frame('"><script>')).not.toContain('&quot;lang&quot;');
    const { code, action } = (
      (await chat.ada.say('/api/chat/my-data', {})) as unknown as { body: { code: string; action: string } }
    ).body;
    const browser = stage.door.client();
    const opened = await browser.submit(`${action}?lang=de`, { code });
    expect(opened.headers.get('location')).toBe('/privacy/harbor-motors?lang=de');
    const page = await (await browser.get('/privacy/harbor-motors?lang=de')).text();
    expect(page).toContain(`<span lang="de" dir="auto">${german}</span> HubSpot, Inc., `);
    expect(page).toContain('action="/privacy/harbor-motors/choose?lang=de"');
    expect(await (await browser.get('/privacy/harbor-motors')).text()).toContain(english);
  });

  test('R24 a language is offered only when every text exists in it; what is missing is asked in English', async () => {
    await editor.language('de');
    await editor.write({ en: english, de: german });
    expect((await editor.publish()).status).toBe(303);
    expect((await questionIn(chat, stage, 'de')).body.noticeLang).toBe('en');
    await editor.write({ de: german }, care);
    await editor.publish();
    expect((await questionIn(chat, stage, 'de')).body.noticeLang).toBe('de');
    // A purpose that comes with a newer add-on gets the hub's words at once, and German waits for its own.
    await redeclare(stage, (m) => ({
      ...m,
      fields: [...m.fields, { ...(m.fields[0] as (typeof m.fields)[0]), purpose: 'Personalisation', need: false }],
    }));
    expect((await questionIn(chat, stage, 'de')).body).toMatchObject({ notice: english, noticeLang: 'en' });
    expect((await questionIn(chat, stage, 'de', 'Personalisation')).body.notice).toContain('HubSpot, Inc., ');
  });
});

describe('GATE-1 GATE-20 what a changed text does to a yes', () => {
  test('GATE-1 R24 a German yes holds while only English changes, and is stale when the German text does (k.1, D15)', async () => {
    await editor.inGerman();
    await answerIn(chat, stage, 'de', { email: 'yes' });
    await editor.write({ en: `${english} Truly.` });
    expect((await editor.publish()).status).toBe(303);
    expect((await rulesOf(chat)).email).toBe('D18');
    expect((await chat.send()).body.entry.state).toBe('waiting');
    expect(stage.recorder.calls).not.toEqual([]);

    stage.recorder.calls.length = 0;
    await editor.write({ de: `${german} Wirklich.` });
    await editor.publish();
    expect((await rulesOf(chat)).email).toBe('D15');
    expect((await chat.send()).body.entry).toMatchObject({ state: 'withheld' });
    expect(stage.recorder.calls).toEqual([]);
    // It is asked again, with the new words.
    expect((await chat.view()).strip[0]?.purposes.find((p) => p.purpose === crm)).toMatchObject({
      state: 'open',
      mayAsk: true,
    });
    expect((await questionIn(chat, stage, 'de')).body.notice).toBe(`${german} Wirklich.`);
  });

  test('R24 a yes of which each half was read in another language: each holds while its own text does', async () => {
    await editor.inGerman();
    await answerIn(chat, stage, 'de', { email: 'yes' });
    await answerIn(chat, stage, 'en', { phone: 'yes' });
    expect(await rulesOf(chat)).toMatchObject({ email: 'D18', phone: 'D18' });
    await editor.write({ en: `${english} Truly.` });
    await editor.publish();
    expect(await rulesOf(chat)).toMatchObject({ email: 'D18', phone: 'D15' });
  });

  test('R24 a language that is taken away takes its yeses with it, and the page says so before', async () => {
    await editor.inGerman();
    await answerIn(chat, stage, 'de', { email: 'yes' });
    await editor.language('de', 'remove');
    const plan = asText(await editor.plan());
    expect(plan).toContain('One yes will stop counting');
    expect(plan).toContain('German is removed');
    await editor.publish();
    expect((await rulesOf(chat)).email).toBe('D15');
  });

  test('GATE-20 the visitor keeps chatting under the changed notice: still stale, D15', async () => {
    await chat.answer({ email: 'yes' });
    await editor.write({ en: english });
    await editor.publish();
    for (const words of ['I go on.', 'And on.']) expect((await chat.message(words)).status).toBe(201);
    await chat.question();
    expect((await rulesOf(chat)).email).toBe('D15');
    await chat.send();
    expect(stage.recorder.calls).toEqual([]);
  });

  test('GATE-18 R24 a purpose comes later: the old share goes on, and what was collected before stays out until it is answered', async () => {
    await chat.answer({ email: 'yes' });
    await redeclare(stage, (m) => ({
      ...m,
      fields: [...m.fields, { ...(m.fields[0] as (typeof m.fields)[0]), purpose: 'Personalisation', need: false }],
    }));
    expect((await rulesOf(chat)).email).toBe('D18');
    const fresh = await rulesOf(chat, 'Personalisation');
    expect(Object.values(fresh)).toEqual(['D20']);
    await chat.send();
    expect(stage.recorder.calls).not.toEqual([]);
    stage.recorder.calls.length = 0;
    expect((await chat.send('Personalisation')).body.entry.state).toBe('withheld');
    expect(stage.recorder.calls).toEqual([]);
    // Collected before, it stays out until this very purpose is answered (R24).
    await chat.answer(Object.fromEntries(Object.keys(fresh).map((f) => [f, 'yes' as const])), 'Personalisation');
    expect(Object.values(await rulesOf(chat, 'Personalisation'))).toEqual(['D18']);
  });

  test('R24 a text a brand wrote stays when the add-on declares another retention, and the yes to it is stale (k.4)', async () => {
    await editor.inGerman();
    await answerIn(chat, stage, 'de', { email: 'yes' });
    await redeclare(stage, (m) => ({ ...m, retention: 'for ten years' }));
    expect((await rulesOf(chat)).email).toBe('D15');
    expect((await questionIn(chat, stage, 'de')).body).toMatchObject({
      notice: german,
      noticeFacts: { retention: 'for ten years' },
    });
  });
});

describe('R20 what stands open on a screen when the notice changes', () => {
  test('R20 the old nonce dies, no event is left, and the visitor’s stream says that questions are drawn anew', async () => {
    const stream = await openStream(`${stage.door.origin}/api/chat/stream`, chat.ada.auth);
    const { body } = await chat.question();
    await editor.write({ en: english });
    await editor.publish();
    await stream.until((e) => e.event === 'notice');
    stream.close();
    const answered = (await chat.ada.say('/api/chat/answer', {
      nonce: body.nonce,
      answers: { email: 'yes' },
    })) as unknown as {
      status: number;
    };
    expect(answered.status).toBe(403);
    expect(count(stage.door, 'consent_event')).toBe(0);
    expect((await chat.question()).body.notice).toBe(english);
  });

  test('R24 disconnected and connected again: the brand’s own words come back, and with them the yes that was given', async () => {
    await editor.inGerman();
    await answerIn(chat, stage, 'de', { email: 'yes' });
    const { maria, integration, door } = stage;
    await editor.submit(`/console/connections/${integration}/disconnect`);
    expect((await rulesOf(chat)).email).toBe('D01');
    await door.connect(maria);
    await until('the chat answers', async () => (await rulesOf(chat)).email === 'D18');
    expect((await questionIn(chat, stage, 'de')).body.notice).toBe(german);
  });
});

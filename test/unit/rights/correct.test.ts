import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookupOf } from '../../../server/consent/addresses.ts';
import { unseal } from '../../../server/store/seal.ts';
import { about, count, openChat, openPreferences, openStage, type Stage } from '../hub/stage.ts';

const brandId = 'harbor-motors';
const home = '/privacy/harbor-motors';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** Ada's preference page, and a correction as its form without script makes it. */
async function myData(chat: Awaited<ReturnType<typeof openChat>>) {
  const page = await openPreferences(stage, chat);
  const csrf = async () => /name="csrf" value="([^"]+)"/.exec(await page.page())?.[1] ?? '';
  return {
    ...page,
    csrf,
    async correct(field: string, value: string) {
      const res = await page.browser.submit(`${home}/correct`, { csrf: await csrf(), field, value });
      return { res, path: res.headers.get('location') ?? '', html: await res.text() };
    },
    read: async (path: string) => (await page.browser.get(path)).text(),
  };
}
const jobs = () => stage.door.store.read.hot("select * from propagation_job where action = 'rectify'").all();
const followUps = () => `/console/connections/${stage.integration}/follow-ups`;
const csrfOf = (html: string) => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
async function followUp(more: Record<string, string> = {}) {
  const csrf = csrfOf(await (await stage.maria.get(followUps())).text());
  return stage.maria.submit(followUps(), { csrf, job: String(jobs()[0]?.id), ...more });
}
const known = (email: string) =>
  count(stage.door, 'identifier', `lookup_hmac = '${lookupOf(stage.door.hub.deps.pepper, brandId, 'email', email)}'`);

describe('R42 a correction counts here at once, and reaches whoever got that field', () => {
  test('R42 the partner that got the e-mail is listed as waiting, told by hand what to set, then listed as updated', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes', phone: 'no' });
    await chat.send();
    const mine = await myData(chat);
    const { res, path } = await mine.correct('email', ' ada@holm.example ');
    expect(res.status).toBe(303);
    expect(path).toMatch(/^\/privacy\/harbor-motors\/requests\/[\w-]{43}$/);
    const status = await mine.read(path);
    expect(status).toContain('Your e-mail, corrected');
    expect(status).toMatch(/HubSpot.*is to be told by Harbor Motors, by/s);
    expect(status).toContain('This is under way.');
    // What the job holds: the partner's own record and the new value, under a key of its own.
    const [job] = jobs();
    const key = unseal(stage.door.hub.deps.jobKek, `job-key|${job?.id}`, job?.wrapped_key as string);
    expect(JSON.parse(unseal(key, `job|${job?.id}`, job?.target_enc as string).toString())).toEqual({
      record: expect.any(String),
      set: { email: 'ada@holm.example' },
    });
    expect(await (await stage.maria.get(followUps())).text()).toMatch(
      /E-mail is now <strong>ada@holm.example<\/strong>/,
    );
    expect((await followUp()).status).toBe(303);
    expect(jobs()).toMatchObject([{ state: 'acknowledged', wrapped_key: null, target_enc: null }]);
    const after = await mine.read(path);
    expect(after).toMatch(/HubSpot.*is updated\./s);
    expect(after).toContain('This is done.');
    expect(await mine.page()).toMatch(/Your e-mail, corrected,[^:]*: done/);
  });

  test('R42 the new value is what counts: on the page, at the desk, in the next send; the old address is nobody’s', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    const mine = await myData(chat);
    expect([known(about.email), known('ada@holm.example')]).toEqual([1, 0]);
    await mine.correct('email', 'ada@holm.example');
    expect([known(about.email), known('ada@holm.example')]).toEqual([0, 1]);
    expect(await mine.page()).toContain('value="ada@holm.example"');
    expect((await chat.preview()).body.rows.find((r) => r.field === 'email')).toMatchObject({
      value: 'ada@holm.example',
    });
    stage.recorder.calls.length = 0;
    await chat.send();
    const bytes = stage.recorder.calls.map((r) => r.body).join('\n');
    expect([bytes.includes('ada@holm.example'), bytes.includes(about.email)]).toEqual([true, false]);
  });

  test('R42 GATE-i nobody hears of a field they never got, and nobody gets the new value without a yes to it', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes', name: 'yes' });
    await chat.send();
    const mine = await myData(chat);
    const phone = await mine.correct('phone', '+45 31 22 10 77');
    expect(await mine.read(phone.path)).toContain('Nobody got this from us, so nobody is told.');
    expect(jobs()).toEqual([]);
    await mine.choose('no');
    const calls = stage.recorder.calls.length;
    const name = await mine.correct('name', 'Ada Holm');
    expect(jobs()).toMatchObject([{ state: 'impossible', reason: 'withdrawn', wrapped_key: null, target_enc: null }]);
    const status = await mine.read(name.path);
    expect(status).toMatch(/HubSpot.*does not get the new value\. You took your yes back/s);
    expect(status).toContain('This is over, and not everybody could be told.');
    expect(stage.recorder.calls.length).toBe(calls);
    // A second correction is told again: the first one says nothing of it.
    await mine.choose('yes');
    await mine.choose('yes');
    await mine.correct('name', 'Ada B. Holm');
    expect(
      jobs()
        .map((j) => j.state)
        .sort(),
    ).toEqual(['awaiting_operator', 'impossible']);
  });

  test('R37 what cannot be done at the partner has a reason the visitor reads, with where to complain', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await chat.send();
    const mine = await myData(chat);
    const { path } = await mine.correct('email', 'ada@holm.example');
    expect((await followUp({ reason: '  ' })).status).toBe(400);
    expect((await followUp({ reason: 'x'.repeat(401) })).status).toBe(400);
    expect(jobs()).toMatchObject([{ state: 'awaiting_operator' }]);
    expect((await followUp({ reason: 'The invoice keeps the old address <b>until</b> 2031.' })).status).toBe(303);
    const status = await mine.read(path);
    expect(status).toContain('is not updated: The invoice keeps the old address &lt;b>until&lt;/b> 2031.');
    expect(status).toContain('You may also complain to your data protection authority.');
    expect(jobs()).toMatchObject([{ state: 'disproportionate', wrapped_key: null, target_enc: null }]);
    expect(count(stage.door, 'audit', "act = 'not-followed-up'")).toBe(1);
  });
});

describe('R42 what is no correction changes nothing', () => {
  test('R42 a value that cannot be is explained where it was typed, and comes back; the same value is said to stand', async () => {
    const chat = await openChat(stage);
    const mine = await myData(chat);
    for (const [field, value] of [
      ['email', 'ada at brandt'],
      ['email', ''],
      ['phone', 'call me'],
      ['name', 'A\u0007da'],
      ['name', 'x'.repeat(121)],
    ] as const) {
      const { res, html } = await mine.correct(field, value);
      expect([field, value.slice(0, 20), res.status]).toEqual([field, value.slice(0, 20), 400]);
      expect(html).toContain('so nothing was changed');
      if (value === 'ada at brandt') expect(html).toContain('value="ada at brandt"');
    }
    const same = await mine.correct('email', about.email);
    expect([same.res.status, same.html.includes('It stands here like this already.')]).toEqual([200, true]);
    expect((await mine.correct('transcript', 'x')).res.status).toBe(400);
    expect(count(stage.door, 'rights_request')).toBe(0);
  });

  test('R36 R42 nobody corrects for somebody else: no token, another brand’s page, a browser nobody knows', async () => {
    const chat = await openChat(stage);
    const mine = await myData(chat);
    const form = { field: 'email', value: 'eve@evil.example' };
    expect((await mine.browser.submit(`${home}/correct`, { ...form, csrf: 'x' })).status).toBe(403);
    expect((await mine.browser.submit('/privacy/none/correct', { ...form, csrf: await mine.csrf() })).status).toBe(404);
    const stranger = await stage.door.client().submit(`${home}/correct`, { ...form, csrf: await mine.csrf() });
    expect([stranger.status, (await stranger.text()).includes('We do not know this browser.')]).toEqual([404, true]);
    expect([known(about.email), known('eve@evil.example')]).toEqual([1, 0]);
  });

  test('R37 a code nobody has, or of another brand, opens nothing', async () => {
    const chat = await openChat(stage);
    const { path } = await (await myData(chat)).correct('name', 'Ada Holm');
    const stranger = stage.door.client();
    expect((await stranger.get(path)).status).toBe(200);
    expect((await stranger.get(path.replace('harbor-motors', 'none'))).status).toBe(404);
    expect((await stranger.get(`${home}/requests/${'A'.repeat(43)}`)).status).toBe(404);
    // It names nobody: whoever finds the address learns that somebody corrected a name.
    expect(await (await stranger.get(path)).text()).not.toMatch(/Ada|brandt/);
  });
});

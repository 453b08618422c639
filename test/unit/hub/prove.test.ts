import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Transcript } from '#contract/calls-visitor.ts';
import { mailedLinkWords } from '../../../server/i18n/mailed-link.ts';
import { languages } from '../../../server/i18n/spoken.ts';
import { pageSpoken } from '../../../server/web/preferences/spoken.ts';
import { eraseNow, subjectOf } from './person.ts';
import { changesOf, letterTo, linkIn, mine, nonceless, openProofs, type Proofs } from './proof-stage.ts';
import { about, openChat, openPreferences } from './stage.ts';

let hub: Proofs;
beforeEach(async () => {
  hub = await openProofs();
});
afterEach(() => hub.stage.close());

const day = 86_400_000;
const unknown = pageSpoken.en.unknown('Harbor Motors').what;
const { dead } = pageSpoken.en.prove;

describe('R36 the link in the transcript mail', () => {
  test('R36 R34 proves who reads the mailbox in one click: nothing is asked, and the page shows who got what', async () => {
    await hub.chat.answer({ name: 'yes', email: 'yes' });
    await hub.chat.send();
    const { path, code } = await hub.mailed();
    const phone = hub.stage.door.client();
    const opened = await phone.get(path);
    expect([opened.status, opened.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
    const html = await opened.text();
    const [form = ''] = /<form.*<\/form>/s.exec(html) ?? [];
    expect(form.match(/<input[^>]*>/g)).toEqual([`<input type="hidden" name="code" value="${code}"/>`]);
    expect(form).toMatch(/action="\/privacy\/harbor-motors\/prove".*Show my data/s);
    // As a browser sends it from a page whose referrer is kept back.
    const pressed = await fetch(`${hub.stage.door.origin}${mine}/prove`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: 'null', 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ code }),
    });
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, mine]);
    const [cookie = ''] = pressed.headers.getSetCookie();
    expect(cookie).toMatch(/Max-Age=86400;.*HttpOnly; Secure; SameSite=Strict/);
    const page = await (
      await fetch(hub.stage.door.origin + mine, { headers: { cookie: cookie.split(';')[0] ?? '' } })
    ).text();
    expect(page).toMatch(/class="got".*HubSpot/s);
    expect(page).not.toContain(unknown);
    expect(await (await hub.stage.door.client().get(mine)).text()).toContain(unknown);
  });

  test('R36 sec-4.8 opening it as often as one likes changes nothing, and looks nothing up: every code gets the same page', async () => {
    const { path, code } = await hub.mailed();
    const before = changesOf(hub);
    const scanner = hub.stage.door.client();
    const pages: string[] = [];
    for (const c of [code, code, 'A'.repeat(43), 'x', '%00<script>'])
      pages.push(
        nonceless(await (await scanner.get(path.replace(code, encodeURIComponent(c)))).text())
          .replaceAll(encodeURIComponent(c), 'CODE')
          .replace(/value="[^"]*"/, 'value="CODE"'),
      );
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('Show my data');
    expect(pages[0]).not.toContain('<script>');
    expect([changesOf(hub), scanner.cookies.size]).toEqual([before, 0]);
    expect((await hub.prove(code)).status).toBe(303);
  });

  test('R36 works once: another browser reads that it is dead and how to have a new one; the same one just goes on', async () => {
    const { code } = await hub.mailed();
    const phone = hub.stage.door.client();
    expect((await hub.prove(code, phone)).status).toBe(303);
    const [cookie] = phone.cookies.values();
    expect((await hub.prove(code, phone)).status).toBe(303);
    expect([...phone.cookies.values()]).toEqual([cookie]);
    const second = await hub.prove(code);
    expect([second.status, second.headers.getSetCookie()]).toEqual([410, []]);
    const html = await second.text();
    expect(html).toContain(dead);
    expect(html).toContain(`action="${mine}/link"`);
    // Somebody else's browser that is known is told no more than a stranger's.
    const bob = await openChat(hub.stage, { name: 'Bob Lund', email: 'bob@lund.example' });
    const { browser } = await openPreferences(hub.stage, bob);
    expect((await hub.prove(code, browser)).status).toBe(410);
  });

  test('R36 of two presses at the same time one wins', async () => {
    const { code } = await hub.mailed();
    const both = await Promise.all([hub.prove(code), hub.prove(code)]);
    expect(both.map((r) => r.status).sort()).toEqual([303, 410]);
  });

  test('R36 works for seven days and not a moment longer', async () => {
    const [first, second] = [await hub.mailed('one'), await hub.mailed('two')];
    hub.pass(7 * day - 1);
    expect((await hub.prove(first.code)).status).toBe(303);
    hub.pass(1);
    expect((await hub.prove(second.code)).status).toBe(410);
  });

  test('R36 sec-4.8 used, old, foreign, made up or of somebody forgotten: one page, one status, and nothing is changed', async () => {
    await hub.secondBrand();
    const old = await hub.mailed('old');
    hub.pass(8 * day);
    const [used, good] = [await hub.mailed('used'), await hub.mailed('good')];
    await hub.prove(used.code);
    const foreign = await hub.stage.door.client().submit('/privacy/harbor-boats/prove', { code: good.code });
    const before = changesOf(hub);
    const answers = [foreign];
    for (const code of [used.code, old.code, 'A'.repeat(43), '', 'x']) answers.push(await hub.prove(code));
    expect(changesOf(hub)).toBe(before);
    expect((await hub.prove(good.code)).status).toBe(303);
    const last = await openChat(hub.stage);
    const gone = await hub.mailed('gone', last);
    await eraseNow(hub.stage, subjectOf(hub.stage.door, last));
    answers.push(await hub.prove(gone.code));
    expect(answers.map((r) => r.status)).toEqual(answers.map(() => 410));
    const pages = await Promise.all(answers.map(async (r) => nonceless(await r.text())));
    const named = pages.map((p) =>
      p.replaceAll('harbor-boats', 'harbor-motors').replaceAll('Harbor Boats', 'Harbor Motors'),
    );
    expect(new Set(named).size).toBe(1);
  });

  test('R36 a code from the chat is none from a mail, nor the other way round', async () => {
    const { code } = await hub.mailed();
    expect((await hub.stage.door.client().submit(`${mine}/open`, { code })).status).toBe(410);
    const mine2 = (await hub.chat.ada.say('/api/chat/my-data', {})) as unknown as { body: { code: string } };
    expect((await hub.prove(mine2.body.code)).status).toBe(410);
    expect((await hub.prove(code)).status).toBe(303);
  });

  test('R36 HO2 a press from another site is refused, and the code stays good', async () => {
    const { code } = await hub.mailed();
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of foreign) {
      const res = await fetch(`${hub.stage.door.origin}${mine}/prove`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ code }),
      });
      expect([headers, res.status]).toEqual([headers, 403]);
    }
    expect((await hub.prove(code)).status).toBe(303);
  });

  test('R36 only the mailbox they gave as theirs gets it, however it is written, and as they gave it; any other gets the plain link', async () => {
    const to = (address: string, clientId: string) =>
      hub.chat.ada.say('/api/chat/transcript', { to: address, clientId });
    await to('friend@brandt.example', 'a');
    const other = await letterTo(hub, 'friend@brandt.example');
    expect(other).toContain(`${hub.stage.door.origin}${mine}\n`);
    expect(other).not.toMatch(/prove|works once/);
    // Looks the same after normalising, and may be another's mailbox.
    await to('ＡDA@brandt.example', 'b');
    expect(linkIn(await letterTo(hub, about.email))).toBeDefined();
    expect((await hub.letters()).map((m) => m.to).sort()).toEqual([about.email, 'friend@brandt.example']);
  });

  test('R36 an address that came from elsewhere than the person is not taken for theirs; one from their own sign-in is', async () => {
    for (const [source, has] of [
      ['partner:hubspot', false],
      ['login:openid', true],
    ] as const) {
      const who = await openChat(hub.stage, { email: `${source.slice(0, 5)}@brandt.example` });
      await hub.stage.door.store.write((tx) =>
        tx.hot('update value set source = ? where subject_id = ?').run(source, subjectOf(hub.stage.door, who)),
      );
      const to = `${source.slice(0, 5)}@brandt.example`;
      await who.ada.say('/api/chat/transcript', { to, clientId: 'm' });
      expect([source, linkIn(await letterTo(hub, to)) !== undefined]).toEqual([source, has]);
    }
  });

  test('R36 HO7 R90 the code is in the mail alone: not in the copy in the chat, not in clear in the store, in no log', async () => {
    const { code, path } = await hub.mailed();
    const { body } = await hub.chat.ada.json<Transcript>('GET', '/api/chat/transcript', undefined, hub.chat.ada.auth);
    expect(body.text).toContain(`${mine}\n`);
    expect(body.text).not.toMatch(/prove|works once/);
    await hub.stage.door.client().get(path);
    await hub.stage.door.client().get(path.replace('harbor-motors', 'none'));
    hub.stage.door.failWrites(() => true);
    expect((await hub.prove(code)).status).toBe(503);
    hub.stage.door.failWrites();
    expect((await hub.prove(code)).status).toBe(303);
    const { read } = hub.stage.door.store;
    const all = read
      .hot("select name from sqlite_master where type = 'table'")
      .all()
      .map((t) => read.hot(`select * from "${t.name}"`).all());
    expect(JSON.stringify(all)).not.toContain(code);
    expect(hub.stage.door.logged()).not.toContain(code);
    expect(hub.stage.door.logged()).toContain('"where":"/privacy"');
    expect(hub.stage.door.logged()).not.toContain('/prove/');
  });

  test('R36 whoever used it is known to read that mailbox, and only that; nobody is merged', async () => {
    const twin = await openChat(hub.stage);
    const verified = () =>
      hub.stage.door.store.read
        .hot('select subject_id, kind, verified_at from identifier where verified_at is not null')
        .all()
        .map((r) => ({ ...r }));
    const { code } = await hub.mailed();
    await hub.prove('x');
    expect(verified()).toEqual([]);
    await hub.prove(code);
    const first = { subject_id: subjectOf(hub.stage.door, hub.chat), kind: 'email', verified_at: hub.now() };
    expect(verified()).toEqual([first]);
    const again = await hub.mailed('two');
    hub.pass(1_000);
    await hub.prove(again.code);
    expect(verified()).toEqual([first]);
    expect(hub.stage.door.store.read.hot('select count(*) as n from link').get()?.n).toBe(0);
    expect(subjectOf(hub.stage.door, twin)).not.toBe(first.subject_id);
  });

  test('R36 GATE-k.11 signing out ends the links that were mailed, as it ends the pages', async () => {
    const { code } = await hub.mailed();
    expect((await hub.chat.ada.say('/api/chat/sign-out', {})) as unknown).toMatchObject({ status: 200 });
    expect((await hub.prove(code)).status).toBe(410);
  });
});

test.each(languages)(
  'R36 in %s the mail names the button of its page, and every page leads on in that language',
  async (lang) => {
    const words = pageSpoken[lang];
    const browser = hub.stage.door.client();
    await browser.submit(`${mine}/link?lang=${lang}`, { email: about.email });
    const letter = await letterTo(hub, about.email);
    expect((await hub.letters()).at(0)?.subject).toBe(mailedLinkWords([lang]).title('Harbor Motors'));
    expect(letter).toContain(words.prove.show);
    const link = linkIn(letter) ?? '';
    expect(link).toMatch(new RegExp(`/prove/[\\w-]{43}\\?lang=${lang}$`));
    const page = await (await browser.get(link)).text();
    expect(page).toContain(`<html lang="${lang}"`);
    expect(page).toContain(`action="${mine}/prove?lang=${lang}"`);
    expect(page).toContain(words.prove.show);
    const pressed = await browser.submit(`${mine}/prove?lang=${lang}`, { code: link.split(/[/?]/).at(-2) ?? '' });
    expect(pressed.headers.get('location')).toBe(`${mine}?lang=${lang}`);
    const second = await hub.stage.door.client().submit(`${mine}/prove?lang=${lang}`, { code: 'x' });
    expect(await second.text()).toContain(words.prove.deadLede);
    // A transcript names it too, and warns whoever passes it on.
    const { ada } = await openChat(hub.stage, { email: `${lang}@brandt.example` });
    await ada.say('/api/chat/transcript', { to: `${lang}@brandt.example`, clientId: 'm', lang });
    const transcript = await letterTo(hub, `${lang}@brandt.example`);
    expect(transcript).toMatch(/\/prove\/[\w-]{43}\n\n\S.+\n$/);
  },
);

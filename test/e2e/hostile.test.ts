import type { Browser, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConversationView, Entry } from '#contract/chat.ts';
import { loadAssets } from '../../server/routes/assets.ts';
import { type FrontDoor, frontDoor } from '../support/front-door.ts';
import { openStream } from '../support/open-stream.ts';
import type { Client } from '../support/people-at.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { press, sees, until } from '../support/story.ts';
import { hostile, hostileLine } from '../support/xss.ts';

/** As the hub keeps it: trimmed, and half a character made whole, as JSON does on its way. */
const kept = (text: string): string => text.toWellFormed().trim();
const words = hostile.filter((text) => kept(text) !== '');
/** What a one-line field gets: a bit of everything that breaks out of markup. */
const line = `"'><img src=x onerror=hit()></script><svg onload=hit()>{{hit()}}\u202e`;
const proxy = '127.0.0.1';
const panel = { 'x-askfirst': '1' };
const half = Math.ceil(words.length / 2);
const halves = [words.slice(0, half), words.slice(half)];

let door: FrontDoor;
let browser: Browser;
let maria: Client & { csrf: string };
let chats: { token: string; conversation: string; said: readonly string[] }[];
const names: string[] = [];

/** Each visitor comes from an address of their own, so that no limit is met. */
const from = (n: number) => ({ 'x-forwarded-for': `198.51.100.${n % 250}` });

beforeAll(async () => {
  [door, browser] = await Promise.all([frontDoor({ proxies: [proxy] }), launchPlain()]);
  door.hub.deps.asset = loadAssets(['dist/widget', 'dist/pages']);
  door.hub.deps.limits.message.points = 10_000; // one person may say all of it at once
  maria = await door.owner();
  await door.connect(maria);
  maria.csrf = await door.csrfOf(maria); // of the session it has by now
  await door.store.write((tx) => {
    tx.hot('update brand set name = ?').run(`Harbor ${line}`);
    tx.hot('update user set name = ?').run(`Maria ${line}`);
  });
  for (const [n, text] of words.entries()) {
    const name = kept(text.slice(0, 120));
    await door.visitor({ name }, 'Hello', from(n));
    names.push(name);
  }
  // A colleague, who is handed each chat with a word and gives it back.
  type Assigned = { assignee: { id: string } };
  const colleague = (
    await maria.json<{ colleagues: { id: string; open: number }[] }>('GET', '/api/panel/colleagues', undefined, panel)
  ).body.colleagues;
  const me = (await maria.json<{ me: { id: string } }>('GET', '/api/panel/queue', undefined, panel)).body.me.id;
  const other = colleague.find((c) => c.id !== me)?.id;
  const hand = (at: string, to: string | undefined, from: string | undefined, note?: string) =>
    maria.json<Assigned>('POST', `${at}/assign`, { to, from, ...(note && { note }) }, panel);
  chats = [];
  for (const [n, said] of halves.entries()) {
    const visitor = await door.visitor({ name: `Ada ${line}` }, 'Hello', from(200 + n));
    const { conversation } = visitor;
    for (const [i, text] of said.entries()) {
      const at = `/api/panel/conversations/${conversation}`;
      const sent = [
        await visitor.say('/api/chat/messages', { clientId: `v${i}`, text }),
        await maria.json('POST', `${at}/messages`, { clientId: `a${i}`, text }, panel),
        await maria.json('POST', `${at}/notes`, { clientId: `n${i}`, text }, panel),
      ];
      const handed = [await hand(at, other, me, text), await hand(at, me, other)];
      expect(
        [...sent, ...handed].map((s) => s.status),
        JSON.stringify(text.slice(0, 60)),
      ).toEqual([201, 201, 201, 200, 200]);
      const tag = hostileLine(text, 40);
      if (i < 20 && tag) await maria.json('POST', `${at}/tags`, { tag, on: true }, panel);
    }
    chats.push({ token: visitor.auth.authorization.slice('Bearer '.length), conversation, said });
  }
  for (const [i, text] of words.entries()) {
    const name = `${i} ${hostileLine(text, 30)}`;
    const res = await maria.submit('/console/replies', { csrf: maria.csrf, name, text: kept(text).slice(0, 2000) });
    expect([303, 400], name).toContain(res.status); // a brace nobody can fill in is refused in words
  }
  await maria.submit('/console/chat/look', {
    csrf: maria.csrf,
    version: '0',
    colour: '',
    side: 'right',
    text: line.slice(0, 40),
    greeting: line,
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await door?.close();
});

/** A page on which whatever runs, and whatever a policy stops, is seen. */
async function watched(): Promise<{ page: Page; harm(): Promise<unknown[]> }> {
  const page = await browser.newPage();
  page.on('dialog', (dialog) => void dialog.dismiss());
  await page.evaluateOnNewDocument(() => {
    const harm: unknown[] = [];
    Object.assign(globalThis, { harm, hit: () => harm.push('ran') });
    addEventListener('securitypolicyviolation', (e) => harm.push([e.violatedDirective, e.blockedURI]));
  });
  return {
    page,
    harm: async () => {
      const all: unknown[] = [];
      for (const frame of page.frames())
        all.push(...(await frame.evaluate(() => (globalThis as unknown as { harm: unknown[] }).harm ?? [])));
      return all;
    },
  };
}
const texts = (where: Page | Frame, selector: string): Promise<string[]> =>
  where.$$eval(selector, (all) => all.map((e) => e.textContent ?? ''));
/** A link may add the true host in brackets behind itself; everything else is as it was written. */
const shown = (text: string, all: readonly string[]): boolean =>
  all.some((t) => t === text || t.replace(/ \([a-z\d.-]+\)/g, '') === text);
const tagsIn = (where: Page | Frame, selector: string): Promise<string[]> =>
  where.$$eval(selector, (all) => [
    ...new Set(all.flatMap((e) => [...e.querySelectorAll('*')].map((x) => x.localName))),
  ]);

describe('sec-H01 sec-H02 hostile words are shown as themselves and run nowhere', { timeout: 120_000 }, () => {
  it('there are at least sixty of them, and each one would be seen if it ran', async () => {
    expect(words.length).toBeGreaterThanOrEqual(60);
    const { page, harm } = await watched();
    await page.goto('data:text/html,<img src=x onerror=hit()>');
    await until(async () => (await harm()).length > 0, 'what runs');
    await page.close();
  });

  it('in the chat', async () => {
    const { page, harm } = await watched();
    for (const { token, said } of chats) {
      await page.goto(`${door.origin}/widget/frame?brand=harbor-motors`);
      await page.evaluate((t) => localStorage.setItem('askfirst/harbor-motors/token', JSON.stringify(t)), token);
      await page.reload();
      await until(async () => (await texts(page, '.log .msg')).length === 2 * said.length + 1, 'all messages');
      const all = await texts(page, '.log .msg');
      for (const text of said) expect(shown(kept(text), all), JSON.stringify(text.slice(0, 80))).toBe(true);
      expect((await tagsIn(page, '.msg')).filter((t) => t !== 'a')).toEqual([]);
      const hrefs = await page.$$eval('.msg a', (links) =>
        links.map((a) => `${(a as HTMLAnchorElement).protocol} ${a.rel}`),
      );
      expect(hrefs.filter((h) => !/^(https?|mailto): noopener noreferrer$/.test(h))).toEqual([]);
      expect(await page.title()).toContain(`Harbor ${line}`);
    }
    expect(await harm()).toEqual([]);
    await page.close();
  });

  it('on the brand’s page, around the button', async () => {
    const { page, harm } = await watched();
    await page.goto(door.shop);
    const button = await page.waitForSelector('[data-askfirst] >>> button');
    expect(await button?.evaluate((b) => b.textContent)).toBe(line.slice(0, 40));
    expect(await page.$eval('[data-askfirst] >>> aside span', (s) => s.innerHTML.includes('<'))).toBe(false);
    expect(await page.$eval('[data-askfirst] >>> aside span', (s) => s.textContent)).toBe(line);
    expect(await harm()).toEqual([]);
    await page.close();
  });

  it('on the preference page of who wrote them', async () => {
    const { page, harm } = await watched();
    const [{ token } = { token: '' }] = chats;
    const given = await fetch(`${door.origin}/api/chat/my-data`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, origin: door.origin, 'content-type': 'application/json' },
      body: '{}',
    });
    const { code, action } = (await given.json()) as { code: string; action: string };
    await page.goto(`${door.origin}/widget/frame?brand=harbor-motors`);
    await Promise.all([
      page.waitForNavigation(),
      page.evaluate(
        (to, secret) => {
          const form = document.createElement('form');
          const field = document.createElement('input');
          Object.assign(form, { method: 'post', action: to });
          Object.assign(field, { name: 'code', value: secret });
          form.append(field);
          document.body.append(form);
          form.submit();
        },
        action,
        code,
      ),
    ]);
    await sees(page, `Harbor ${line}`);
    await sees(page, 'HubSpot');
    expect(await page.$$eval('img, iframe, script:not([src])', (all) => all.length)).toBe(0);
    expect(await harm()).toEqual([]);
    await page.close();
  });

  it('in the panel: queue, conversation, notes, words handed over, tags, facts, cards, replies', async () => {
    const { page, harm } = await watched();
    await page.goto(door.origin + door.hub.deps.people.signIn.printedLink('maria@harbor.example'));
    await press(page, 'form [type=submit]');
    await sees(page, 'Connections');
    // What a partner's card says comes from outside: here all of it is hostile.
    await page.setRequestInterception(true);
    page.on('request', async (request) => {
      const { pathname } = new URL(request.url());
      if (request.method() !== 'GET' || !/^\/api\/panel\/conversations\/[\w-]+$/.test(pathname))
        return request.continue();
      const { body } = await maria.json<ConversationView>('GET', pathname, undefined, panel);
      const card = body.cards[0];
      const rows = words.map((text, i) => ({ label: `${i} ${text.toWellFormed()}`, value: text.toWellFormed() }));
      const { empty: _, ...bare } = card ?? { integration: 'x', partner: 'x', sandbox: true };
      const cards = [{ ...bare, partner: `HubSpot ${line}`, rows, at: new Date().toISOString() }];
      await request.respond({ status: 200, contentType: 'application/json', body: JSON.stringify({ ...body, cards }) });
    });
    await page.goto(`${door.origin}/panel`);
    for (const { conversation, said } of chats) {
      await until(() => press(page, `a[href="#${conversation}"]`), 'the chat in the queue');
      await until(async () => (await texts(page, '.talk li.visitor')).length === said.length + 1, 'its messages');
      const log = await texts(page, '.talk li > p');
      for (const text of said) {
        const times = log.filter((t) => shown(kept(text), [t])).length;
        expect(times, JSON.stringify(text.slice(0, 80))).toBeGreaterThanOrEqual(4);
      }
      expect((await tagsIn(page, '.talk li > p')).filter((t) => !['a', 'span', 'svg', 'use'].includes(t))).toEqual([]);
      const card = (await texts(page, '[data-card]')).join('\n');
      for (const text of words) expect(card, JSON.stringify(text.slice(0, 80))).toContain(text.toWellFormed());
    }
    const queue = await texts(page, 'nav b, .queue b, li a b');
    for (const name of names) expect(shown(name, queue), JSON.stringify(name)).toBe(true);
    expect(await page.$$eval('img, iframe, object, embed, base, script:not([src])', (all) => all.length)).toBe(0);
    expect(await harm()).toEqual([]);
    await page.close();
  });

  it('in the console, page by page, and in the mails it shows', async () => {
    const { page, harm } = await watched();
    await page.goto(door.origin + door.hub.deps.people.signIn.printedLink('maria@harbor.example'));
    await press(page, 'form [type=submit]');
    await sees(page, 'Connections');
    await door.client().submit('/sign-in', { email: 'maria@harbor.example' });
    const seen = new Set<string>();
    const due = ['/console', '/console/chat', '/console/chat/look', '/console/chat/showing', '/console/replies'];
    due.push('/console/website', '/console/outbox', '/privacy/harbor-motors');
    for (let path = due.shift(); path; path = due.shift()) {
      if (seen.has(path)) continue;
      seen.add(path);
      await page.goto(door.origin + path);
      const links = await page.$$eval('a[href^="/console"]', (all) => all.map((a) => a.getAttribute('href') ?? ''));
      due.push(...links.filter((l) => !l.includes('#')));
      const bad = await page.$$eval('img, iframe, object, embed, base, script:not([src])', (all) =>
        all.map((e) => e.outerHTML).filter((html) => /hit\(|evil\.example/.test(html)),
      );
      expect(bad, path).toEqual([]);
      expect(await harm(), path).toEqual([]);
      if (path === '/console/replies') {
        const bodies = await texts(page, '.canned > li > p');
        const saved = words.map((t) => kept(t).slice(0, 2000).trim()).filter((t) => !/\{\{|\r/.test(t));
        // A page of the server is parsed, and a parser leaves zero bytes out.
        for (const text of saved)
          expect(bodies, JSON.stringify(text.slice(0, 80))).toContain(text.replaceAll('\0', ''));
      }
    }
    expect([...seen].filter((p) => p.startsWith('/console/outbox/')).length).toBeGreaterThan(0);
    expect(seen.size).toBeGreaterThan(12);
    await page.close();
  });

  it('in the streams, each line as one event with its own words and nothing of theirs as framing', async () => {
    for (const { token, said } of chats) {
      const stream = await openStream(`${door.origin}/api/chat/stream`, {
        authorization: `Bearer ${token}`,
        'last-event-id': '0',
      });
      const last = kept(said.at(-1) ?? '');
      await stream.until(({ data }) => {
        const entry = JSON.parse(data) as Entry;
        return entry.kind === 'message' && entry.author === 'agent' && entry.text === last;
      });
      const entries = stream.events.map(({ data }) => JSON.parse(data) as Entry);
      const got = entries.flatMap((e) => (e.kind === 'message' && e.author === 'agent' ? [e.text] : []));
      expect(got).toEqual(said.map(kept));
      expect(stream.events.map((e) => Number(e.id))).toEqual(entries.map((e) => e.seq));
      expect(stream.events.every((e) => e.event === undefined)).toBe(true);
      stream.close();
    }
  });
});

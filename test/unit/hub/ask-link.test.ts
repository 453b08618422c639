import { afterEach, beforeEach, expect, test } from 'vitest';
import { answer, openMailBox } from '../../support/mail-server.ts';
import { eraseNow, subjectOf } from './person.ts';
import { changesOf, letterTo, linkIn, mine, nonceless, openProofs, type Proofs } from './proof-stage.ts';
import { about, count, openChat, openPreferences, turnstile, until } from './stage.ts';

let hub: Proofs;
beforeEach(async () => {
  hub = await openProofs();
});
afterEach(() => hub.stage.close());

const hour = 3_600_000;
const nobody = 'nobody@nowhere.example';
/** Asks for a link as the page's form does; what a browser gets, without the random mark of the page's script. */
async function ask(email: string, browser = hub.stage.door.client(), path = `${mine}/link`) {
  const res = await browser.submit(path, { email });
  const text = nonceless(await res.text());
  const headers = Object.fromEntries(
    [...res.headers]
      .filter(([name]) => name !== 'date')
      .map(([name, value]) => [name, value.replace(/nonce-[^']*/, 'nonce')]),
  );
  await hub.stage.door.hub.deps.linkDesk.settled();
  return { status: res.status, headers, text };
}
const codeIn = (letter: string) => linkIn(letter)?.split('/').at(-1) ?? '';

test('R36 the page of a browser nobody knows asks for an address and nothing else; a known one is not asked', async () => {
  const html = await (await hub.stage.door.client().get(mine)).text();
  const form = /<form[^>]*action="\/privacy\/harbor-motors\/link".*?<\/form>/s.exec(html)?.[0] ?? '';
  expect(form.match(/<(?:input|select|textarea)[^>]* name="[^"]*"/g)).toHaveLength(1);
  expect(form).toContain('name="email"');
  const known = await openPreferences(hub.stage, hub.chat);
  expect(await known.page()).not.toContain('/link"');
});

test('R36 an address somebody gave in a chat gets a link for one hour, once; it opens that person’s page', async () => {
  await hub.chat.answer({ name: 'yes', email: 'yes' });
  await hub.chat.send();
  await ask(' ADA@brandt.example ');
  const [first, ...more] = await hub.letters();
  expect([first?.to, first?.subject, more]).toEqual([about.email, 'Your link to your data at Harbor Motors', []]);
  const phone = hub.stage.door.client();
  hub.pass(hour - 1);
  expect((await hub.prove(codeIn(first?.body ?? ''), phone)).status).toBe(303);
  expect(await (await phone.get(mine)).text()).toMatch(/class="got".*HubSpot/s);
  await ask(about.email);
  hub.pass(hour);
  expect((await hub.prove(codeIn(await letterTo(hub, about.email)))).status).toBe(410);
});

test('R36 known or not, the answer is the same to the byte; of an address nobody gave nothing is kept, mailed or logged', async () => {
  await hub.secondBrand();
  const before = changesOf(hub);
  const stranger = await ask(nobody);
  expect(changesOf(hub)).toBe(before);
  expect(await hub.letters()).toEqual([]);
  const known = await ask(about.email);
  expect(known).toEqual(stranger);
  expect(known.status).toBe(200);
  expect(known.text).toContain('If this address was given in a chat here, a link is on its way to it.');
  expect(await hub.letters()).toHaveLength(1);
  // Also of a person who was forgotten, and at a brand that never met this one.
  const boats = '/privacy/harbor-boats/link';
  const there = await ask(about.email, hub.stage.door.client(), boats);
  expect(there).toEqual(await ask(nobody, hub.stage.door.client(), boats));
  await eraseNow(hub.stage, subjectOf(hub.stage.door, hub.chat));
  expect(await ask(about.email)).toEqual(stranger);
  expect(await hub.letters()).toEqual([]);
  expect(hub.stage.door.logged()).not.toMatch(/ada@|nobody@|brandt|nowhere/);
});

test('R36 the answer never waits for the look-up: where nothing can be written it is the same, and the log says a kind', async () => {
  const stranger = await ask(nobody);
  hub.stage.door.failWrites(() => true);
  expect(await ask(about.email)).toEqual(stranger);
  hub.stage.door.failWrites();
  expect(await hub.letters()).toEqual([]);
  expect(hub.stage.door.logged()).toMatch(/"kind":"Error","msg":"a mail could not be made"/);
});

test('R36 the work begins after the answer was made, and the answer is there while the store is still busy with it', async () => {
  const { store } = hub.stage.door;
  const { linkDesk } = hub.stage.door.hub.deps;
  const { open, wait } = turnstile();
  const real = { write: store.write, ask: linkDesk.ask };
  let begun = 0;
  store.write = async (job) => {
    begun++;
    await wait();
    return real.write(job);
  };
  let begunWithin: number | undefined;
  linkDesk.ask = (...asked) => {
    real.ask(...asked);
    begunWithin = begun;
  };
  const { status } = await hub.stage.door.client().submit(`${mine}/link`, { email: about.email });
  const rows = count(hub.stage.door, 'outbox', 'subject_id is not null');
  open();
  store.write = real.write;
  expect([status, begunWithin, rows]).toEqual([200, 0, 0]);
  expect(await hub.letters()).toHaveLength(1);
});

test('R36 no mailbox is flooded: three links in an hour, however it is written and at whichever brand; the answer stays', async () => {
  await hub.secondBrand();
  const answers = [];
  for (const email of [about.email, 'Ada@Brandt.example', about.email, 'ADA@brandt.example', about.email])
    answers.push(await ask(email));
  expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200, 200]);
  expect(new Set(answers.map((a) => JSON.stringify(a))).size).toBe(1);
  expect(await hub.letters()).toHaveLength(3);
  for (let n = 0; n < 4; n++) expect(await ask(nobody)).toEqual(answers[0]);
});

test('R36 one client asks ten times in an hour, for addresses we know and others alike', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 12; n++) statuses.push((await ask(n % 2 ? about.email : `n${n}@nowhere.example`)).status);
  expect(statuses).toEqual([...Array(10).fill(200), 429, 429]);
});

test('R36 what is no one address is refused in words; another site cannot ask; no such brand is not found', async () => {
  const before = changesOf(hub);
  for (const wrong of [
    '',
    'ada',
    'ada@brandt',
    'a@b.example, c@d.example',
    'a@b.example\r\nBcc: c@d.example',
    `${'a'.repeat(250)}@b.example`,
  ]) {
    hub.stage.door.hub.deps.limits.myLink.points = 1_000;
    const { status, text } = await ask(wrong);
    expect([wrong, status]).toEqual([wrong, 400]);
    expect(text.replaceAll('\u2060', '')).toContain('That is no whole e-mail address, so nothing was mailed.');
  }
  const from = await fetch(`${hub.stage.door.origin}${mine}/link`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
    body: new URLSearchParams({ email: about.email }),
  });
  expect(from.status).toBe(403);
  expect((await ask(about.email, hub.stage.door.client(), '/privacy/none/link')).status).toBe(404);
  expect([changesOf(hub), await hub.letters()]).toEqual([before, []]);
});

test('R36 of several who gave one address, who showed that they read it goes first, else the newest; nobody is merged', async () => {
  const second = await openChat(hub.stage);
  const third = await openChat(hub.stage);
  const idOf = (who: typeof second) => subjectOf(hub.stage.door, who);
  const opened = async () => {
    await ask(about.email);
    const hash = hub.stage.door.store.read
      .hot("select subject_id from preference_session where kind = 'mail' order by rowid desc limit 1")
      .get();
    return hash?.subject_id;
  };
  expect(await opened()).toBe(idOf(third));
  const { code } = await hub.mailed('mine', second);
  await hub.prove(code);
  expect(await opened()).toBe(idOf(second));
  expect(count(hub.stage.door, 'link')).toBe(0);
});

test('R36 it goes to the mailbox as its owner wrote it, never as somebody types it', async () => {
  await ask('ａda@brandt.example'); // the same after normalising, and another mailbox
  expect((await hub.letters()).map((m) => m.to)).toEqual([about.email]);
  // Who has another address now is not found by the old one.
  const { store } = hub.stage.door;
  await store.write((tx) => tx.exec("update value set source = 'partner:hubspot' where field = 'email'"));
  await ask(about.email);
  expect(await hub.letters()).toHaveLength(1);
});

test('R36 R38 an erasure takes the link and its mail with it', async () => {
  await ask(about.email);
  const id = subjectOf(hub.stage.door, hub.chat);
  const left = () => [
    count(hub.stage.door, 'preference_session', `subject_id = '${id}'`),
    count(hub.stage.door, 'outbox', `subject_id = '${id}'`),
  ];
  expect(left()).toEqual([1, 1]);
  await eraseNow(hub.stage, id);
  expect(left()).toEqual([0, 0]);
});

test('R36 R45 who wrote STOP or turned everything off still gets the link they ask for; nothing else goes out', async () => {
  let busy = true;
  const box = await openMailBox({ onRcptTo: (_to, _session, done) => done(busy ? answer(450) : undefined) });
  const mail = { host: '127.0.0.1', port: box.port, tls: 'none' as const, from: 'hub@example.org' };
  const own = await openProofs({ mail });
  try {
    await own.chat.ada.say('/api/chat/transcript', { to: about.email, clientId: 'before' });
    await until('tried once', () => box.connections() === 1);
    await own.chat.message('STOP');
    await own.stage.door.client().submit(`${mine}/stop`, { address: about.email });
    await own.stage.door.client().submit(`${mine}/link`, { email: about.email });
    await own.stage.door.hub.deps.linkDesk.settled();
    busy = false;
    own.pass(60_000);
    own.stage.door.hub.deps.people.posting?.wake();
    await own.stage.door.hub.deps.people.posting?.settled();
    await until('mailed', () => box.mails.length === 1);
    expect(box.mails.map((m) => m.subject)).toEqual(['Your link to your data at Harbor Motors']);
    expect((await own.prove(codeIn(box.mails[0]?.text ?? ''))).status).toBe(303);
    const states = own.stage.door.store.read.hot(
      'select state from outbox where subject_id is not null order by rowid',
    );
    expect(states.all().map((r) => r.state)).toEqual(['withheld', 'sent']);
  } finally {
    await own.stage.close();
    await box.close();
  }
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { answer, type MailBox, openMailBox } from '../../support/mail-server.ts';
import { subjectOf } from './person.ts';
import { type Chat, openChat, openStage, type Stage, until } from './stage.ts';

let stage: Stage;
let chat: Chat;
let box: MailBox;
/** The mail server says "later" until this is false; the hub's clock. */
let busy = true;
let at = Date.parse('2026-11-22T14:05:00Z');
beforeEach(async () => {
  busy = true;
  box = await openMailBox({
    onRcptTo: (_address, _session, done) => done(busy ? answer(450) : undefined),
  });
  const mail = { host: '127.0.0.1', port: box.port, tls: 'none' as const, from: 'hub@example.org' };
  stage = await openStage({ mail, now: () => new Date(at) });
  chat = await openChat(stage);
});
afterEach(async () => {
  await stage.close();
  await box.close();
});

const mailIt = (clientId: string, who = chat) =>
  who.ada.say('/api/chat/transcript', { to: 'ada@brandt.example', clientId });
const states = () =>
  stage.door.store.read
    .hot("select state, trouble from outbox where subject like 'Your chat%' order by at")
    .all()
    .map(({ state, trouble }) => [state, trouble]);
/** The mail server takes mail again, and every wait is over. */
async function later() {
  busy = false;
  at += 60_000;
  stage.door.hub.deps.people.posting?.wake();
  await stage.door.hub.deps.people.posting?.settled();
}

test('R45 a mail that waits when its reader writes STOP is withheld when its time comes, and the outbox says so', async () => {
  await mailIt('one');
  await until('tried once', () => box.connections() === 1 && states()[0]?.[0] === 'waiting');
  await chat.message('STOP');
  await later();
  expect(box.mails).toEqual([]);
  expect(states()).toEqual([['withheld', 'The person told us to stop before it went.']]);
  const page = (await (await stage.maria.get('/console/outbox')).text()).replace(/<[^>]+>/g, ' ');
  expect(page).toContain('Withheld. The person told us to stop before it went.');

  // It is not sent after START either, nor by hand; what is asked for then is.
  const { id } = stage.door.store.read.hot("select id from outbox where state = 'withheld'").get() as { id: string };
  const again = { csrf: await stage.door.csrfOf(stage.maria) };
  expect((await stage.maria.submit(`/console/outbox/${id}/again`, again)).status).toBe(409);
  await chat.message('START');
  await later();
  expect(box.mails).toEqual([]);
  await mailIt('two');
  await until('mailed', () => box.mails.length === 1);
});

test('R45 the STOP of one person holds nobody else’s mail back, nor the hub’s own', async () => {
  const bob = await openChat(stage, { name: 'Bob Lund', email: 'bob@lund.example' });
  await mailIt('one');
  await mailIt('bobs', bob);
  await until('both tried', () => states().filter(([, trouble]) => trouble).length === 2);
  await chat.message('STOP');
  await stage.door.hub.deps.people.outbox.put('maria@harbor.example', 'For Maria', 'Hello');
  await later();
  await until('two mails', () => box.mails.length === 2);
  expect(box.mails.map((m) => m.subject).sort()).toEqual(['For Maria', 'Your chat with Harbor Motors']);
  expect(
    states()
      .map(([state]) => state)
      .sort(),
  ).toEqual(['sent', 'withheld']);
});

test('R45 R16 a STOP that cannot be read lets no mail out, and the other mail goes on', async () => {
  await mailIt('one');
  await until('tried once', () => states()[0]?.[1] !== null && states()[0]?.[0] === 'waiting');
  await chat.message('STOP');
  await stage.door.store.write((tx) =>
    tx.exec(
      `update entry set body_json = '{' where kind = 'keyword' and subject_id = '${subjectOf(stage.door, chat)}'`,
    ),
  );
  await stage.door.hub.deps.people.outbox.put('maria@harbor.example', 'For Maria', 'Hello');
  await later();
  await until('one mail', () => box.mails.length === 1);
  expect(box.mails[0]?.subject).toBe('For Maria');
  expect(states()).toEqual([['failed', 'Whether the person told us to stop could not be read.']]);
});

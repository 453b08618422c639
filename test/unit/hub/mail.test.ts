import { afterEach, expect, test } from 'vitest';
import { demoPeople } from '../../../server/people/seed.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { type MailBox, openMailBox } from '../../support/mail-server.ts';
import { hostile } from '../../support/xss.ts';

let door: FrontDoor;
let box: MailBox;
afterEach(async () => {
  await door.close();
  await box.close();
});

test('R7 sec-H19 with a mail server the sign-in link arrives by mail and signs in; the outbox says sent, the log nothing', async () => {
  box = await openMailBox();
  const from = 'hub@example.org';
  door = await frontDoor({ mail: { host: '127.0.0.1', port: box.port, tls: 'none', from } });
  const maria = door.client();
  const asked = await (await maria.submit('/sign-in', { email: demoPeople.maria.email })).text();
  expect(asked).not.toContain('No mail server is set');
  await expect.poll(() => box.mails.length).toBe(1);
  const link = /http\S+\/sign-in\/[\w-]+/.exec(box.mails[0]?.text ?? '')?.[0] ?? '';
  expect((await maria.submit(link, { token: link.split('/').at(-1) ?? '' })).status).toBe(303);
  const page = async () => (await (await maria.get('/console/outbox')).text()).replace(/<[^>]+>/g, ' ');
  await expect.poll(page).toMatch(/Sign in to askfirst[\s\S]*Sent today, \d\d:\d\d/);
  expect(door.logged()).not.toMatch(/sign-in\/|maria@/);
  await door.startHub().then((second) => second.close());
  expect(box.mails).toHaveLength(1);
});

test('R7 without a mail server mail waits in the outbox, as before', async () => {
  box = await openMailBox();
  door = await frontDoor();
  const maria = await door.owner();
  const asked = await (await door.client().submit('/sign-in', { email: demoPeople.maria.email })).text();
  expect(asked).toContain('No mail server is set');
  await door.hub.deps.people.signIn.settled();
  expect(await (await maria.get('/console/outbox')).text()).toContain('mail waits here');
  expect(box.connections()).toBe(0);
});

test('sec-H02 hostile words in a mail are its text: no part is HTML, and none of them becomes a header or a mail', async () => {
  box = await openMailBox();
  const from = 'hub@example.org';
  door = await frontDoor({ mail: { host: '127.0.0.1', port: box.port, tls: 'none', from } });
  // A mail's own line ends are its framing; zero bytes are no text of a mail (RFC 5322).
  const words = hostile.filter((text) => !/[\0\r]/.test(text)).map((text) => text.toWellFormed().trim());
  const body = [...words, '.', 'Bcc: eve@evil.example', '.\nQUIT'].join('\n\n');
  const subject = `Harbor\r\nBcc: eve@evil.example\r\n\r\n${words[0]}`;
  await door.hub.deps.people.outbox.put(demoPeople.maria.email, subject, body);
  await expect.poll(() => box.mails.length, { timeout: 5000 }).toBe(1);
  const [mail] = box.mails;
  expect(mail?.html).toBe(false);
  expect(mail?.attachments).toEqual([]);
  expect([...(mail?.headers.keys() ?? [])]).not.toContain('bcc');
  expect(mail?.subject).toContain('Harbor');
  for (const text of words) expect(mail?.text, JSON.stringify(text.slice(0, 80))).toContain(text);
});

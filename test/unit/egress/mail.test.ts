import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createMailer, type MailServer } from '../../../server/egress/mail.ts';
import { setTripwire } from '../../../server/egress/tripwire.ts';
import { selfSigned } from '../../support/certificate.ts';
import { answer, openMailBox } from '../../support/mail-server.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
async function box(...options: Parameters<typeof openMailBox>) {
  const made = await openMailBox(...options);
  open.push(made.close);
  return made;
}
const to = (port: number, more: Partial<MailServer> = {}): MailServer => ({
  host: '127.0.0.1',
  port,
  tls: 'none',
  from: 'hub@example.org',
  ...more,
});
const mail = { id: 'm-1', to: 'maria@harbor.example', subject: 'HubSpot works again', text: 'Since 14:20.\n' };

test('R7 PARTNERS-6 a mail arrives as it is: sender, one reader, subject, text, an id that a repetition shares', async () => {
  const server = await box();
  expect(await createMailer({ server: to(server.port) }).hand(mail)).toEqual({ ok: true });
  const [got] = server.mails;
  expect(got).toMatchObject({ subject: mail.subject, text: mail.text, messageId: '<m-1@example.org>' });
  expect(got?.from?.value[0]?.address).toBe('hub@example.org');
  expect([got?.to].flat().map((t) => t?.text)).toEqual(['maria@harbor.example']);
  expect(got?.headers.get('auto-submitted')).toBe('auto-generated');
});

const ways = [
  ['TLS from the first byte', { secure: true }, 'implicit' as const],
  ['STARTTLS', { disabledCommands: [] as string[] }, 'starttls' as const],
] as const;
test.each(ways)('R7 %s with a certificate that is vouched for: signed in and sent', async (_, options, tls) => {
  const own = selfSigned();
  const words: string[] = [];
  const server = await box({
    ...options,
    ...own,
    authOptional: false,
    onAuth(auth, _session, done) {
      words.push(auth.username ?? '', auth.password ?? '');
      done(null, { user: 'hub' });
    },
  });
  const there = to(server.port, { tls, auth: { user: 'hub', pass: 'a@b' } });
  expect(await createMailer({ server: there, ca: own.cert }).hand(mail)).toEqual({ ok: true });
  expect([words, server.mails.length]).toEqual([['hub', 'a@b'], 1]);
});

test.each(ways)('PARTNERS-6 %s with a certificate for another name: refuses', async (_, options, tls) => {
  const other = selfSigned('mail.other.example', '');
  const server = await box({ ...options, ...other });
  const end = await createMailer({ server: to(server.port, { tls }), ca: other.cert }).hand(mail);
  expect(end).toMatchObject({ ok: false, trouble: expect.stringContaining('certificate') });
  expect(server.mails).toEqual([]);
});

test.each(ways)(
  'PARTNERS-6 %s with a certificate nobody vouches for: refuses, and not a line of the mail leaves',
  async (_, options, tls) => {
    const server = await box({ ...options, ...selfSigned() });
    const mailer = createMailer({ server: to(server.port, { tls, auth: { user: 'hub', pass: 'MARKED-PASSWORD' } }) });
    expect(await mailer.hand(mail)).toEqual({
      ok: false,
      next: 'again',
      trouble: 'The mail server shows no certificate we can trust, so nothing was sent.',
    });
    expect(server.mails).toEqual([]);
  },
);

test('PARTNERS-6 a server that offers no STARTTLS gets neither mail nor password', async () => {
  let asked = 0;
  const server = await box({
    onAuth(_auth, _session, done) {
      asked++;
      done(null, { user: 'hub' });
    },
  });
  const mailer = createMailer({ server: to(server.port, { tls: 'starttls', auth: { user: 'hub', pass: 'x' } }) });
  expect(await mailer.hand(mail)).toMatchObject({ ok: false, next: 'again' });
  expect([server.mails.length, asked, server.connections()]).toEqual([0, 0, 1]);
});

test.each([
  ['refused for good', 550, 'over', 'The mail server refused it.'],
  ['asked to wait', 451, 'again', 'The mail server asked us to wait.'],
] as const)('a mail that is %s', async (_, code, next, trouble) => {
  const server = await box({}, (done) => done(answer(code)));
  expect(await createMailer({ server: to(server.port) }).hand(mail)).toEqual({ ok: false, next, trouble });
});

test('a wrong password is said as one, and repeated nowhere', async () => {
  const server = await box({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (_a, _s, done) => done(answer(535)),
  });
  const end = await createMailer({
    server: to(server.port, { auth: { user: 'hub', pass: 'MARKED-PASSWORD' } }),
  }).hand(mail);
  expect(end).toEqual({
    ok: false,
    next: 'again',
    trouble: 'The mail server did not take our user name and password.',
  });
});

test('R7 a server that takes all of it and hangs up without a word: unsure, because it may have gone', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 here\r\n');
    let inData = false;
    socket.on('data', (bytes) => {
      const text = bytes.toString();
      if (inData && text.includes('\r\n.\r\n')) return void socket.destroy();
      if (inData) return;
      inData = text.startsWith('DATA');
      socket.write(inData ? '354 go on\r\n' : '250 ok\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => server.close());
  const { port } = server.address() as { port: number };
  expect(await createMailer({ server: to(port) }).hand(mail)).toMatchObject({ ok: false, next: 'unsure' });
});

test('nobody listens: tried again', async () => {
  const server = await openMailBox();
  await server.close();
  expect(await createMailer({ server: to(server.port) }).hand(mail)).toEqual({
    ok: false,
    next: 'again',
    trouble: 'The mail server cannot be reached.',
  });
});

test('GATE-e.1.4 the tripwire lets the mailer through, and nobody who was not handed the way past it', async () => {
  const server = await box();
  const refused: string[] = [];
  const wire = setTripwire((at) => void refused.push(at));
  open.push(wire.remove);
  expect(await createMailer({ server: to(server.port) }).hand(mail)).toMatchObject({ ok: false });
  expect([refused.length, server.connections()]).toEqual([1, 0]);
  expect(await createMailer({ server: to(server.port), through: wire.through }).hand(mail)).toEqual({ ok: true });
  expect([refused.length, server.mails.length]).toEqual([1, 1]);
});

describe('R87 a greeting', () => {
  test.each(ways)('%s: signs in, says so, and sends nothing', async (_, options, tls) => {
    const own = selfSigned();
    let [signedIn, named] = [0, 0];
    const server = await box({
      ...options,
      ...own,
      authOptional: false,
      onAuth(auth, _session, done) {
        signedIn++;
        if (auth.password === 'good') done(null, { user: 'hub' });
        else done(answer(535));
      },
      onMailFrom(_address, _session, done) {
        named++;
        done();
      },
    });
    const greet = (pass: string) =>
      createMailer({ server: to(server.port, { tls, auth: { user: 'hub', pass } }), ca: own.cert }).greet();
    expect([await greet('good'), await greet('MARKED-PASSWORD')]).toEqual(['ready', 'refused']);
    expect([signedIn, named, server.mails.length]).toEqual([2, 0, 0]);
  });

  test.each(ways)('%s with a certificate nobody vouches for: no password leaves', async (_, options, tls) => {
    let asked = 0;
    const server = await box({
      ...options,
      ...selfSigned(),
      onAuth(_auth, _session, done) {
        asked++;
        done(null, { user: 'hub' });
      },
    });
    const mailer = createMailer({ server: to(server.port, { tls, auth: { user: 'hub', pass: 'MARKED-PASSWORD' } }) });
    expect([await mailer.greet(), asked]).toEqual(['certificate', 0]);
  });

  test('no STARTTLS where it is asked for', async () => {
    const server = await box();
    expect(await createMailer({ server: to(server.port, { tls: 'starttls' }) }).greet()).toBe('certificate');
  });

  test.each([
    ['speaks something else', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['turns everybody away', '554 no mail here\r\n'],
  ])('a server that %s: of no use, and a mail waits', async (_, words) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(words);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => server.close());
    const mailer = createMailer({ server: to((server.address() as { port: number }).port) });
    expect(await mailer.greet()).toBe('odd');
    expect(await mailer.hand(mail)).toEqual({
      ok: false,
      next: 'again',
      trouble: 'The mail server answers in a way that cannot be used.',
    });
  });

  test('nobody there', async () => {
    const server = await openMailBox();
    await server.close();
    expect(await createMailer({ server: to(server.port) }).greet()).toBe('unreachable');
  });
});

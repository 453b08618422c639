import { expect, test } from 'vitest';
import { readEnvironment, SettingError } from '../../server/env.ts';

const mailOf = (smtp?: string, from?: string) =>
  readEnvironment({ ...(smtp ? { ASKFIRST_SMTP: smtp } : {}), ...(from ? { ASKFIRST_MAIL_FROM: from } : {}) }).mail;

test('R7 the mail server is one address; a name on this machine alone goes without TLS', () => {
  const from = 'hub@example.org';
  expect(mailOf()).toBeUndefined();
  expect(mailOf('smtps://us%40er:p%2Fw@mail.example.org', from)).toEqual({
    host: 'mail.example.org',
    port: 465,
    tls: 'implicit',
    auth: { user: 'us@er', pass: 'p/w' },
    from,
  });
  expect(mailOf('smtp://mail.example.org', from)).toEqual({
    host: 'mail.example.org',
    port: 587,
    tls: 'starttls',
    from,
  });
  expect(mailOf('smtp://127.0.0.1:2525', from)).toMatchObject({ port: 2525, tls: 'none' });
  expect(mailOf('smtps://[::1]:2525', from)).toMatchObject({ host: '::1', tls: 'implicit' });
  expect(mailOf('smtp://127.evil.example', from)).toMatchObject({ tls: 'starttls' });
});

test.each([
  ['https://mail.example.org', 'hub@example.org'],
  ['mail.example.org:465', 'hub@example.org'],
  ['smtps://', 'hub@example.org'],
  ['smtps://u:MARKED-PASSWORD@mail.example.org/path', 'hub@example.org'],
  ['smtps://u:MARKED-PASSWORD@mail.example.org?tls.rejectUnauthorized=false', 'hub@example.org'],
  ['smtps://u:MARKED-PASSWORD@mail.example.org#x', 'hub@example.org'],
  ['smtps://u@mail.example.org', 'hub@example.org'],
  ['smtps://u:MARKED-PASSWORD%zz@mail.example.org', 'hub@example.org'],
  ['smtps://u:MARKED-PASSWORD@mail.example.org', ''],
  ['smtps://u:MARKED-PASSWORD@mail.example.org', 'Hub <hub@example.org>'],
  ['', 'hub@example.org'],
])('R7 %s with sender "%s" is refused in one sentence that repeats no password', (smtp, from) => {
  try {
    mailOf(smtp, from);
    expect.unreachable();
  } catch (e) {
    expect(e).toBeInstanceOf(SettingError);
    expect((e as Error).message).toMatch(/^ASKFIRST_\w+ (must|needs) /);
    expect((e as Error).message).not.toContain('MARKED-PASSWORD');
  }
});

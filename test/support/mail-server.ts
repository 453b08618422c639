import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A real SMTP server on 127.0.0.1, port chosen by the system, that keeps what it took (PARTNERS.md 6). */
export interface MailBox {
  port: number;
  mails: ParsedMail[];
  /** Connections made, whatever came of them. */
  connections(): number;
  close(): Promise<void>;
}

/** Opens one; `options` misbehave as smtp-server lets them, `take` sees each mail before it is acknowledged. */
export async function openMailBox(
  options: SMTPServerOptions = {},
  take: (done: (error?: Error) => void) => void = (done) => done(),
): Promise<MailBox> {
  const mails: ParsedMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    ...options,
    onConnect(_session, done) {
      connections++;
      done();
    },
    onData(stream, _session, done) {
      simpleParser(stream).then((mail) => {
        mails.push(mail);
        take(done);
      }, done);
    },
  });
  server.on('error', () => {}); // a client that hangs up over a certificate
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as { port: number }).port,
    mails,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** An SMTP answer other than the server's own. */
export const answer = (responseCode: number): Error => Object.assign(new Error('told so'), { responseCode });

import { isIP, connect as netConnect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { createTransport } from 'nodemailer';

/** The mail server the operator set (env.ts): in cipher, or on this very machine. */
export interface MailServer {
  host: string;
  port: number;
  /** implicit: TLS from the first byte; starttls: asked for, and nothing is sent without it; none: loopback only. */
  tls: 'implicit' | 'starttls' | 'none';
  auth?: { user: string; pass: string };
  /** Address of the sender. */
  from: string;
}

/** One mail as it is handed over; `id` names it in its Message-ID, so that a repetition can be known as one. */
export interface Mail {
  id: string;
  to: string;
  subject: string;
  /** Plain text. */
  text: string;
}

/**
 * What became of a mail that was handed over. `trouble` is a sentence of ours, never the server's text, an address or a
 * body; again: nothing was taken; over: refused for good; unsure: no answer came after all of it, so it may have gone.
 */
export type Handed = { ok: true } | { ok: false; trouble: string; next: 'again' | 'over' | 'unsure' };

/**
 * What came of greeting the server: it let us in, or why not; no text of the server's. `refused`: name and password;
 * `certificate`: no TLS that can be trusted; `odd`: it answered, and in a way that cannot be used.
 */
export type Greeting = 'ready' | 'refused' | 'certificate' | 'unreachable' | 'odd';

/** Speaks to the mail server. */
export interface Mailer {
  /** Resolves once the server answered or did not; never rejects. */
  hand(mail: Mail): Promise<Handed>;
  /** Connects and signs in as `hand` does, and leaves: no mail is sent and nobody is named (RFC 5321). Never rejects. */
  greet(): Promise<Greeting>;
}

/** How long a server may take to connect, to greet, and between two answers; milliseconds. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

const wrongCertificate = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_TLS|ERR_SSL|EPROTO$|ETLS/;

const not = (next: 'again' | 'over' | 'unsure', trouble: string): Handed => ({ ok: false, next, trouble });

interface MailError {
  code?: string;
  /** The server's own three digits, where it answered. */
  responseCode?: number;
  message?: string;
}

function whyOf({ code = '', responseCode, message = '' }: MailError): Exclude<Greeting, 'ready'> {
  if (wrongCertificate.test(code) || /certificate|STARTTLS/i.test(message)) return 'certificate';
  if (code === 'EAUTH') return 'refused';
  return responseCode !== undefined || code === 'EPROTOCOL' ? 'odd' : 'unreachable';
}

function troubleOf(e: MailError, allHanded: boolean): Handed {
  const { code = '', responseCode } = e;
  const why = whyOf(e);
  if (why === 'certificate')
    return not('again', 'The mail server shows no certificate we can trust, so nothing was sent.');
  if (why === 'refused') return not('again', 'The mail server did not take our user name and password.');
  // Out of turn, such as a 554 for a greeting (RFC 5321 3.1), it says nothing about this mail.
  if (responseCode !== undefined && code !== 'EPROTOCOL')
    return responseCode >= 500
      ? not('over', 'The mail server refused it.')
      : not('again', 'The mail server asked us to wait.');
  // The whole mail was on its way, and what the server made of it is not known.
  if (allHanded) return not('unsure', 'The mail server took it without a word, so it may have gone.');
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return not('over', 'This address cannot get mail.');
  if (why === 'odd') return not('again', 'The mail server answers in a way that cannot be used.');
  return not('again', 'The mail server cannot be reached.');
}

/**
 * Makes the mailer over nodemailer (SECURITY.md 8; PARTNERS.md 6 "SMTP": a mail cannot be taken back). Certificates are
 * always checked and a server without TLS gets nothing, but for one on this machine. The sockets are opened here, for
 * the tripwire lets through what egress itself begins. The address guard does not stand before it: the operator names
 * the server, not a brand, and it often stands inside.
 */
export function createMailer({
  server,
  through = (connect) => connect(),
  ca,
}: {
  server: MailServer;
  /** The way past the tripwire, where one is set. */
  through?: <T>(connect: () => T) => T;
  /** In place of the system's authorities: a test's own. */
  ca?: string;
}): Mailer {
  const { host, port, tls, from } = server;
  const trust = { rejectUnauthorized: true, ...(isIP(host) ? {} : { servername: host }), ...(ca ? { ca } : {}) };

  function open(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = through(() =>
        tls === 'implicit' ? tlsConnect({ host, port, ...trust }) : netConnect({ host, port }),
      );
      const timer = setTimeout(() => socket.destroy(new Error('too late')), patience.connectionTimeout);
      const settle = (done: () => void) => {
        clearTimeout(timer);
        socket.removeAllListeners();
        done();
      };
      socket.once('error', (e) => settle(() => reject(e)));
      socket.once(tls === 'implicit' ? 'secureConnect' : 'connect', () => settle(() => resolve(socket)));
    });
  }

  /** A transport of its own for each connection; `handed` is told when the last byte of the mail went to the socket. */
  const transportFor = (handed: () => void = () => {}) => {
    // nodemailer tells of that nowhere else: an entry `message` once the whole of it was written. Its words are dropped.
    const hear = (entry: { tnx?: string }) => void (entry.tnx === 'message' && handed());
    const logger = { level() {}, trace() {}, debug() {}, info: hear, warn() {}, error() {}, fatal() {} };
    return createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: trust,
      ...(server.auth ? { auth: server.auth } : {}),
      ...patience,
      disableFileAccess: true,
      disableUrlAccess: true,
      logger,
      getSocket: (_options: unknown, done: (error: Error | null, socket?: object) => void) =>
        void open().then(
          (connection) => done(null, { connection, secured: tls === 'implicit' }),
          (e: Error) => done(e),
        ),
    });
  };

  return {
    async hand({ id, to, subject, text }) {
      let all = false;
      const transport = transportFor(() => {
        all = true;
      });
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${from
            .split('@')
            .at(-1)
            ?.replace(/[^\w.-]/g, '')}>`,
          headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: no machine answers
        });
        return { ok: true };
      } catch (e) {
        return troubleOf(e as MailError, all);
      }
    },
    async greet() {
      try {
        await transportFor().verify();
        return 'ready';
      } catch (e) {
        return whyOf(e as MailError);
      }
    },
  };
}

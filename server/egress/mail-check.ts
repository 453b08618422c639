import { createTransport } from 'nodemailer';

/** What became of a greeting: the server let us in, or why not. No text of the server's, nothing of the setting. */
export type MailAnswer = 'ready' | 'no-address' | 'refused' | 'certificate' | 'unreachable' | 'odd';

/** How long the server may take for each step, milliseconds. */
const stepMs = 10_000;

/** The parts of an address such as `smtps://user:password@mail.example.org`; undefined where it is none. */
function partsOf(address: string) {
  const url = URL.parse(address);
  if (!url?.hostname || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')) return undefined;
  const secure = url.protocol === 'smtps:';
  try {
    const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
    // RFC 8314: 465 for TLS from the first byte; RFC 6409: 587 for submission.
    const port = Number(url.port) || (secure ? 465 : 587);
    return { host: url.hostname, port, secure, ...(auth.user && { auth }) };
  } catch {
    return undefined; // a stray %
  }
}

function wordFor(error: unknown): MailAnswer {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (code === 'EAUTH') return 'refused';
  // The library keeps no code of a failed handshake apart; its words are read for this and go no further.
  if (code === 'ETLS' || /certificate|altnames/i.test(message)) return 'certificate';
  return ['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS'].includes(code) ? 'unreachable' : 'odd';
}

/**
 * Greets the mail server of an address (RFC 5321), signs in where the address names somebody, and leaves: no mail is sent
 * and no person is named. Never rejects.
 */
export async function greetMailServer(address: string): Promise<MailAnswer> {
  const parts = partsOf(address);
  if (!parts) return 'no-address';
  const times = { connectionTimeout: stepMs, greetingTimeout: stepMs, socketTimeout: stepMs };
  const transport = createTransport({ ...parts, ...times });
  try {
    await transport.verify();
    return 'ready';
  } catch (e) {
    return wordFor(e);
  } finally {
    transport.close();
  }
}

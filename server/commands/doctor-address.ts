import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { isInside } from '../egress/guard.ts';
import { type Arrival, doctorHeader, doctorPath, doctorProof } from '../routes/doctor.ts';
import { deriveKey } from '../store/seal.ts';
import { type Finding, fix, ok, unknown } from './doctor-finding.ts';
import type { OtherClock } from './doctor-partners.ts';

/** An answer at the hub's public address, or the code of what went wrong. */
type Answer = { status: number; at: Date; body: string; inside: boolean; ends: Date } | { code: string };

const waitMs = 10_000;
const dayMs = 86_400_000;
/** Fewer days than these and a certificate is to be renewed: our guess, since those who renew by themselves do so at 30. */
const leastDays = 14;
/** An example's address (RFC 5737): whoever is taken for it was believed a forged header. */
const forged = '203.0.113.77';

/** One GET to the hub's own address; a partner is never asked here. No proxy variable is read, no redirect followed. */
function get(url: URL, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve) => {
    const fail = (e: NodeJS.ErrnoException) =>
      resolve({ code: e.name === 'AbortError' ? 'ETIMEDOUT' : (e.code ?? '') });
    const signal = AbortSignal.timeout(waitMs);
    request(url, { headers, signal, agent: false }, (res) => {
      const socket = res.socket as TLSSocket;
      const ends = new Date(socket.getPeerCertificate().valid_to);
      const inside = isInside((socket.remoteAddress ?? '').replace(/^::ffff:/, ''));
      let body = '';
      res.on('data', (chunk: Buffer) => {
        if (body.length < 65_536) body += chunk;
      });
      res.on('error', fail);
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, at: new Date(res.headers.date ?? ''), body, inside, ends }),
      );
    })
      .on('error', fail)
      .end();
  });
}

const certificateWords: Record<string, string> = {
  CERT_HAS_EXPIRED: 'The certificate has run out: renew it.',
  CERT_NOT_YET_VALID: 'The certificate is not valid yet: look at the clock of this machine, or get another.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another name: get one for the host of ASKFIRST_ORIGIN.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is self-signed, so no browser trusts it: get one from an authority.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate comes from an authority no browser trusts: get one from another.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The certificates between yours and the authority are not sent along: add them.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The certificate comes from an authority no browser trusts: get one from another.',
  EPROTO: 'What answers there speaks no TLS: put a proxy with a certificate before the hub.',
};
const silentWords: Record<string, string> = {
  ENOTFOUND: 'Its name is not in the DNS: add it, or correct ASKFIRST_ORIGIN.',
  EAI_AGAIN: 'The DNS does not answer this machine: look at its network.',
  ECONNREFUSED: 'Nothing listens there: start hub and proxy, and open the port.',
  ETIMEDOUT: 'Nothing answers there within ten seconds: look at the firewall and the proxy.',
};

/** What the command knows when it asks. */
interface AddressAsk {
  origin: string;
  /** The hub's key, where there is one: with it the hub is asked how a request arrived. */
  key: Buffer | undefined;
  now: () => Date;
}

/**
 * Asks the hub by its public address: does it lead here, is its certificate good and for how long, and does a request
 * arrive with its client's address (SECURITY.md HO4). `clock` is the time that answer named.
 */
export async function checkAddress({
  origin,
  key,
  now,
}: AddressAsk): Promise<{ findings: Finding[]; clock?: OtherClock }> {
  const { host } = new URL(origin);
  const answer = await get(new URL('/healthz', origin));
  if ('code' in answer) {
    const tls = certificateWords[answer.code];
    const trust = unknown('proxy trust', 'Not asked, since the hub was not reached.');
    if (tls) return { findings: [unknown('address', `${host}: not asked further.`), fix('TLS', tls), trust] };
    const why = silentWords[answer.code] ?? 'The connection broke: look at the log of the proxy.';
    return { findings: [fix('address', `${host}: ${why}`), unknown('TLS', 'No certificate was seen.'), trust] };
  }
  const ahead = answer.at.getTime() - now().getTime();
  const clock = Number.isNaN(ahead) ? {} : { clock: { whose: host, ahead } };
  const arrival = key && (await arrivalOf(origin, key, now, {}));
  const findings = [
    addressOf(host, answer, arrival, key !== undefined),
    tlsOf(answer.ends, now()),
    await trustOf(arrival, origin, key, now),
  ];
  return { findings, ...clock };
}

function addressOf(
  host: string,
  answer: Extract<Answer, { status: number }>,
  arrival: Arrival | undefined,
  hasKey: boolean,
): Finding {
  if (answer.status !== 200 || answer.body !== '{"ok":true}')
    return fix('address', `${host} does not lead to a hub (it answered ${answer.status}): point the proxy at the hub.`);
  if (!hasKey) return unknown('address', `${host} leads to a hub; whether to this one takes its key to tell.`);
  if (!arrival)
    return fix(
      'address',
      `${host} leads to a hub with another key: set this ASKFIRST_KEY there, or ASKFIRST_ORIGIN here.`,
    );
  if (answer.inside)
    return unknown(
      'address',
      `${host} leads to this hub, by an address inside: open it from another network to be sure.`,
    );
  return ok('address', `${host} leads to this hub.`);
}

function tlsOf(ends: Date, now: Date): Finding {
  const days = Math.floor((ends.getTime() - now.getTime()) / dayMs);
  const left = `The certificate is valid for ${days} more ${days === 1 ? 'day' : 'days'}`;
  return days < leastDays ? fix('TLS', `${left}: renew it.`) : ok('TLS', `${left}.`);
}

/** How a request came in, told by the hub itself; undefined where it does not know our key. */
async function arrivalOf(
  origin: string,
  key: Buffer,
  now: () => Date,
  headers: Record<string, string>,
): Promise<Arrival | undefined> {
  const proof = doctorProof(deriveKey(key, 'doctor'), now().getTime());
  const answer = await get(new URL(doctorPath, origin), { ...headers, [doctorHeader]: proof });
  if ('code' in answer || answer.status !== 200) return undefined;
  return JSON.parse(answer.body) as Arrival;
}

async function trustOf(
  arrival: Arrival | undefined,
  origin: string,
  key: Buffer | undefined,
  now: () => Date,
): Promise<Finding> {
  const name = 'proxy trust';
  if (!arrival || !key) return unknown(name, 'Not asked, since it takes the key of the hub that answers there.');
  const { peer, trusted, forwarded, client } = arrival;
  if (!trusted && forwarded)
    return fix(name, `A proxy at ${peer} names callers and is not believed: add it to ASKFIRST_PROXIES.`);
  if (!trusted) return ok(name, `Requests come straight from their callers; this one from ${client}.`);
  if (!forwarded) return fix(name, `The proxy at ${peer} names no caller: let it send X-Forwarded-For.`);
  if (client === 'unknown')
    return unknown(name, 'This machine counts as a proxy itself: run this from another one to be sure.');
  const lied = await arrivalOf(origin, key, now, { 'x-forwarded-for': forged });
  if (lied?.client === forged)
    return fix(
      name,
      `The proxy at ${peer} hands on what callers write: let it append to X-Forwarded-For or replace it.`,
    );
  return ok(name, `The proxy at ${peer} is believed; this request came from ${client}.`);
}

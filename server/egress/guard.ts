import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';

/** Answers every address of a host name; node:dns in the hub, a fake in tests. */
export type Resolve = (host: string, done: (error: Error | null, answers: LookupAddress[]) => void) => void;

/** A connect that was never tried: the address is inside (SECURITY.md EG1). Holds no host name and no address. */
export class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

// SECURITY.md 4.4, and beside it ::/96, ::ffff:0:0:0/96, fec0::/10, 100::/64 and 192.88.99/24: old or unused forms that
// nobody serves.
const inside4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.88.99.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4';
const inside6 =
  '::/96 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8';

// One list per family: a BlockList holds IPv4 addresses against ::ffff:0:0/96 too, which would refuse every one of them.
function listOf(ranges: string, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges.split(' ')) {
    const [net = '', bits] = range.split('/');
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}
const block4 = listOf(inside4, 'ipv4');
const block6 = listOf(inside6, 'ipv6');

/** True when `address` is inside, or is no address at all (SECURITY.md 4.4). A zone id (`%eth0`) counts as inside. */
export function isInside(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return block4.check(address, 'ipv4');
  return family !== 6 || address.includes('%') || block6.check(address, 'ipv6');
}

const isLoopback = (address: string) => address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));

/** A lookup that checks every answer and hands on those very answers, so nothing is asked twice (no rebinding). */
function checkedLookup(resolve: Resolve, admits: (address: string) => boolean): LookupFunction {
  return (host, options, done) =>
    resolve(host, (error, answers) => {
      const first = answers?.[0];
      if (error || !first) return done(error ?? new Error('no address'), '', 0);
      if (!answers.every((a) => admits(a.address))) return done(new AddressRefused(), '', 0);
      if (options.all) done(null, answers);
      else done(null, first.address, first.family);
    });
}

const resolveAll: Resolve = (host, done) => dnsLookup(host, { all: true, verbatim: true }, done);

/**
 * Undici's `connect` behind the address guard: a literal is checked first, for Node asks no lookup about one; a name is
 * checked by each of its answers. `allow` holds exact `host:port` of loopback sandbox partners; nothing else inside is
 * ever reached, and an allowed name must answer loopback. Fails with AddressRefused (SECURITY.md EG1, EG4).
 */
export function createConnector({
  allow,
  resolve = resolveAll,
  through = (connect) => connect(),
}: {
  allow: readonly string[];
  resolve?: Resolve;
  /** The way past the tripwire, where one is set. */
  through?: <T>(connect: () => T) => T;
}): buildConnector.connector {
  const allowed = new Set(allow);
  // Stated, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch certificates off.
  const base = { allowH2: false, timeout: 5_000, rejectUnauthorized: true };
  const outside = buildConnector({ ...base, lookup: checkedLookup(resolve, (a) => !isInside(a)) });
  const loopback = buildConnector({ ...base, lookup: checkedLookup(resolve, isLoopback) });
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const port = options.port || (options.protocol === 'https:' ? '443' : '80');
    const known = allowed.has(`${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
    if (isIP(host) && (known ? !isLoopback(host) : isInside(host))) return done(new AddressRefused(), null);
    through(() => (known ? loopback : outside)(options, done));
  };
}

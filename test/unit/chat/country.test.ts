import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { Reader } from 'mmdb-lib';
import { beforeEach, describe, expect, test } from 'vitest';
import { createCountryOf } from '../../../server/chat/country.ts';
import { countryFiles } from '../../../server/country-files.ts';
import { isInside } from '../../../server/egress/guard.ts';
import { clientAddress } from '../../../server/routes/callers.ts';

const files = countryFiles();
let read: number[];
const file: typeof files = (family) => {
  read.push(family);
  return files(family);
};
const countryOf = createCountryOf({ file, isInside });
beforeEach(() => {
  read = [];
});

/** What the data itself says, asked without our own code. */
function inData(address: string): unknown {
  const package_ = 'node_modules/@ip-location-db/geo-whois-asn-country-mmdb';
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const data = new Reader(readFileSync(`${package_}/geo-whois-asn-country-${family}.mmdb`));
  return (data.get(address) as { country_code?: string } | null)?.country_code;
}

describe('R26 R67 the country of a network address', () => {
  test('each family of addresses is read when its first address comes, once, and never for a private one', () => {
    const fresh = createCountryOf({ file, isInside });
    fresh('127.0.0.1');
    fresh('::1');
    expect(read).toEqual([]);
    expect([fresh('193.0.6.139'), fresh('130.225.1.1')]).toEqual(['NL', 'DK']);
    expect(read).toEqual([4]);
    expect([fresh('2001:638:0:0::/64'), fresh('2001:67c:2e8:0::/64')]).toEqual(['DE', 'NL']);
    expect(read).toEqual([4, 6]);
  });

  // Networks of universities and of RIPE, which do not move; the data is asked too, so that new data tells itself.
  test.each([
    ['134.76.10.47', 'DE'],
    ['193.0.6.139', 'NL'],
    ['130.225.1.1', 'DK'],
    ['193.190.130.1', 'BE'],
    ['18.26.0.1', 'US'],
    ['133.11.0.1', 'JP'],
    ['2001:638::', 'DE'],
    ['2001:67c:2e8::', 'NL'],
    ['2607:f8b0::', 'US'],
  ])('%s is %s', (address, country) => {
    expect(inData(address)).toBe(country);
    expect(countryOf(clientAddress(address, undefined, new BlockList()))).toBe(country);
  });

  test.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.1.1', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
    ...['192.0.2.1', '198.51.100.7', '203.0.113.9', '2001:db8:0:0::/64', '3fff:0:0:0::/64'],
    ...['::1', '0:0:0:0::/64', 'fe80:0:0:0::/64', 'fc00:0:0:0::/64', 'ff02:0:0:0::/64', '2002:c100:68b:0::/64'],
    ...['64:ff9b:0:0::/64', 'unknown', '', '1.2.3', '1.2.3.4.5', '999.1.1.1', '193.0.6.139, 1.1.1.1', 'DE', '::/64'],
    ...['193.0.6.139/64/64', 'fe80::1%eth0', '193.0.6.139:8080'],
  ])('no country and no error for %j', (client) => {
    expect(countryOf(client)).toBeUndefined();
  });

  test('the data names a country for private and for example addresses: that is why nobody asks it', () => {
    expect([inData('192.168.1.1'), inData('198.51.100.7'), inData('2001:db8::1')]).toEqual(['AU', 'AU', 'JP']);
  });

  test('HO4 an IPv4 address in IPv6 clothes, and a hop that a trusted proxy names', () => {
    const proxies = new BlockList();
    proxies.addAddress('127.0.0.1');
    proxies.addSubnet('2001:67c:2e8::', 48, 'ipv6');
    const from = (peer: string, hops?: string) => countryOf(clientAddress(peer, hops, proxies));
    expect(from('::ffff:134.76.10.47')).toBe('DE');
    expect(from('::ffff:127.0.0.1', '18.26.0.1, 134.76.10.47')).toBe('DE');
    expect(from('2001:67c:2e8::1', '2001:638:ffff::2')).toBe('DE');
    // A stranger's own header names nobody.
    expect(from('18.26.0.1', '134.76.10.47')).toBe('US');
    expect(from('127.0.0.1', 'nonsense')).toBeUndefined();
    expect(from('127.0.0.1')).toBeUndefined();
  });
});

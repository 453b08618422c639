import { BlockList, isIP } from 'node:net';
import { type CountryResponse, Reader } from 'mmdb-lib';
import type { Country } from '#contract/places.ts';

/** The country of a client as the hub resolved it (SECURITY.md HO4): an IPv4 address, or an IPv6 network as `…::/64`. */
export type CountryOf = (client: string) => Country | undefined;

/** What the look-up needs. */
export interface CountryDeps {
  /** Bytes of the MaxMind DB file of one family; read when the first address of it comes, and kept from then on. */
  file(family: 4 | 6): Buffer;
  /** True for addresses that are nobody's on the internet: private, loopback and their kin. */
  isInside(address: string): boolean;
}

/** Addresses of examples (RFC 5737, RFC 3849, RFC 9637): the data names countries for some of them. */
const examples = new BlockList();
for (const net of ['192.0.2.0', '198.51.100.0', '203.0.113.0']) examples.addSubnet(net, 24, 'ipv4');
examples.addSubnet('2001:db8::', 32, 'ipv6');
examples.addSubnet('3fff::', 20, 'ipv6');

/**
 * Finds the country of an address offline (DESIGN.md 4), in about a microsecond. Nothing of the address is kept or leaves.
 * A private, malformed or unknown one has none; the data names countries for private addresses too, so those are not
 * even asked for.
 */
export function createCountryOf({ file, isInside }: CountryDeps): CountryOf {
  const readers = new Map<4 | 6, Reader<CountryResponse>>();
  return (client) => {
    const address = client.replace(/\/64$/, '');
    const family = isIP(address);
    if (family === 0 || isInside(address) || examples.check(address, family === 6 ? 'ipv6' : 'ipv4')) return undefined;
    const known = family === 6 ? 6 : 4;
    let reader = readers.get(known);
    if (!reader) {
      reader = new Reader<CountryResponse>(file(known));
      readers.set(known, reader);
    }
    // This file has one word a network; the library's types know the records of other files.
    const code = (reader.get(address) as { country_code?: string } | null)?.country_code;
    return code !== undefined && /^[A-Z]{2}$/.test(code) ? code : undefined;
  };
}

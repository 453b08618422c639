import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CountryDeps } from './chat/country.ts';

/**
 * Finds the country data of both families, each in a file of its own, in the package that brings it; its bytes are read
 * when they are first needed. Throws at once where a file is missing: a hub that cannot tell a country would be laxer.
 */
export function countryFiles(): CountryDeps['file'] {
  const require = createRequire(import.meta.url);
  const path = {
    4: require.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country-ipv4.mmdb'),
    6: require.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country-ipv6.mmdb'),
  };
  for (const file of Object.values(path)) accessSync(file, constants.R_OK);
  return (family) => readFileSync(path[family]);
}

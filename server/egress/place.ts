import { OauthError } from './oauth-error.ts';
import type { Origins } from './partner.ts';

/**
 * Where an address of the manifest really is: itself, or under the loopback base that stands for its origin in the
 * sandbox. Throws OauthError `endpoint_refused` for a host outside the manifest and for anything but https (SECURITY.md
 * OA15).
 */
export function placeOf(hosts: readonly string[], sandbox: boolean, address: string, origins: Origins): string {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || url.username || !hosts.includes(url.host)) throw new OauthError('endpoint_refused');
  if (!sandbox) return address;
  const base = origins.get(url.origin);
  if (!base) throw new OauthError('endpoint_refused');
  return base.replace(/\/$/, '') + (url.pathname === '/' ? '' : url.pathname) + url.search;
}

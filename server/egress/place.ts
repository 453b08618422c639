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

/** An address out of a server's description, refused outside the manifest's hosts, or the sandbox's base, and on http (SECURITY.md OA15). */
export function describedPlace(
  { facts, sandbox }: { facts: { hosts: readonly string[] }; sandbox: boolean },
  issuer: string,
  endpoint: unknown,
): string {
  const url = typeof endpoint === 'string' ? URL.parse(endpoint) : undefined;
  const inside = sandbox
    ? url?.href.startsWith(`${issuer}/`)
    : url?.protocol === 'https:' && facts.hosts.includes(url.host);
  if (!url || !inside || url.username || url.hash) throw new OauthError('endpoint_refused', 200);
  return url.href;
}

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type AnyAdapter,
  type Delivered,
  isKeyed,
  isLogin,
  isOauth,
  isSharing,
  keyFieldsOf,
  manifestOf,
  type SharingAdapter,
  withProviders,
} from '#sdk';
import { sandboxProvider } from '../../server/demo.ts';
import { createCallList } from '../../server/egress/call-list.ts';
import { mayBecome } from '../../server/egress/oauth-tokens.ts';
import type { PartnerAnswer, PartnerInfo, PartnerRequest } from '../../server/egress/sandbox.ts';

/** One delivery of an adapter's `exchange.json`: what goes in, every call with its answer, what comes out. */
export interface Exchange {
  purpose: string;
  visitor: Record<string, string>;
  partner: PartnerInfo;
  calls: { request: PartnerRequest; answer: PartnerAnswer }[];
  delivered: Delivered;
}

/** An adapter with its folder's files. */
export interface Installed {
  id: string;
  folder: string;
  adapter: AnyAdapter;
  exchanges: Exchange[];
}

/** Reads one adapter folder. */
export async function installed(folder: string): Promise<Installed> {
  const { adapter: written } = (await import(pathToFileURL(join(folder, 'adapter.ts')).href)) as {
    adapter: AnyAdapter;
  };
  // As an operator would: all about a standard's provider, the rest about one whose addresses are known.
  const { policy, recipient } = sandboxProvider;
  const stated = (id: string) => (id === 'openid' ? sandboxProvider : { policy, recipient });
  const [adapter = written] = withProviders([written], stated);
  if (!isSharing(adapter)) return { id: basename(folder), folder, adapter, exchanges: [] };
  const { deliveries } = JSON.parse(readFileSync(join(folder, 'exchange.json'), 'utf8')) as { deliveries: Exchange[] };
  return { id: basename(folder), folder, adapter, exchanges: deliveries };
}

/** A partner that answers as the exchange says, one call after another, and keeps what it was asked. */
export function replay(exchange: Exchange, change: (answer: PartnerAnswer, index: number) => PartnerAnswer = (a) => a) {
  const requests: PartnerRequest[] = [];
  const call = async (request: PartnerRequest): Promise<PartnerAnswer> => {
    const next = exchange.calls[requests.length];
    requests.push(request);
    if (!next) throw new Error(`a call more than the exchange has: ${request.method} ${request.path}`);
    return change(next.answer, requests.length - 1);
  };
  return { call, requests };
}

/** Every address an adapter's facts name for the way in, and the one its calls go to. */
function addressesOf(adapter: AnyAdapter): string[] {
  const { facts } = adapter;
  const { auth } = facts;
  const api = 'api' in facts && auth.kind !== 'webhook_only' ? [facts.api] : [];
  switch (auth.kind) {
    case 'oauth2':
      return [
        ...[auth.authorize, auth.token, auth.revoke, auth.account],
        ...[auth.par, auth.metadata].filter((url) => url !== undefined),
        ...(auth.apiFrom ? [] : api),
      ];
    case 'client_credentials':
      return [auth.token, ...(auth.revoke === undefined ? [] : [auth.revoke]), ...api];
    case 'oidc_login':
      return [auth.issuer];
    case 'oauth_login':
      return [auth.issuer, auth.authorize, auth.token, auth.api];
    default:
      return api;
  }
}

/** What is missing in how a typed key is taken and tried (R2). */
function keyGaps({ facts }: AnyAdapter): string[] {
  if (!isKeyed(facts)) return [];
  const { auth } = facts;
  const found = keyFieldsOf(auth).flatMap(({ name, label }) => (label.trim() ? [] : [`${name} has no label`]));
  if (auth.kind === 'webhook_only') return found;
  if (!facts.calls.includes(auth.check.call) || /[{?]/.test(auth.check.call))
    found.push('check.call is no whole line of calls');
  if (auth.kind === 'api_key' && !/^[A-Za-z][A-Za-z-]*$/.test(auth.header)) found.push('header is no name of a header');
  if (auth.kind === 'api_key' && taken.has(auth.header.toLowerCase())) found.push('header is one the hub sends itself');
  return found;
}
const taken = new Set(['host', 'accept', 'accept-encoding', 'user-agent', 'content-type', 'content-length', 'cookie']);

/** What does not fit together in the facts about a partner's OAuth, in words. */
function authGaps({ facts, shares }: SharingAdapter): string[] {
  if (!isOauth(facts)) return [];
  const { scopes, scopesFor = {}, apiFrom, issuer } = facts.auth;
  const found: string[] = [];
  const uses = new Set([...Object.keys(shares), ...Object.values(shares).map((s) => s?.purpose)]);
  for (const [use, wanted] of Object.entries(scopesFor)) {
    if (!uses.has(use)) found.push(`scopesFor names ${use}, which is not shared`);
    for (const scope of wanted) if (!scopes.includes(scope)) found.push(`scope ${scope} of ${use} is not in scopes`);
  }
  for (const host of apiFrom?.hosts ?? [])
    if (!facts.hosts.includes(host)) found.push(`${host} of apiFrom is not in hosts`);
  if (apiFrom && !mayBecome(apiFrom.hosts, URL.parse(facts.api)?.hostname ?? ''))
    found.push(`${facts.api} is no host of apiFrom`);
  if (issuer !== undefined && URL.parse(issuer)?.protocol !== 'https:') found.push(`${issuer} is no https address`);
  return found;
}

/** What is missing in an adapter's declaration, in words; empty when it may be listed (R14). */
export function gaps({ adapter, id }: Installed): string[] {
  const manifest = manifestOf(adapter);
  const { facts } = adapter;
  const found = keyGaps(adapter);
  const lines: [string, string][] = [
    ['provider', manifest.provider],
    ['name', manifest.name],
    ['retention', manifest.retention],
    ['recipient.legalName', manifest.recipient.legalName],
    ['recipient.address', manifest.recipient.address],
    ['erase.steps', facts.erase.steps],
    ['erase.remains', facts.erase.remains],
    ...(facts.auth.kind === 'oauth2'
      ? ([
          ['auth.accountId', facts.auth.accountId],
          ['auth.accountName', facts.auth.accountName],
        ] as [string, string][])
      : []),
    ...manifest.fields.map((f): [string, string] => [`because of ${f.name}`, f.because]),
    ...manifest.receives.map((line, i): [string, string] => [`receives ${i}`, line.split(': ')[1] ?? '']),
  ];
  for (const [name, value] of lines) if (value.trim() === '') found.push(`${name} is empty`);
  const lists = {
    ...(facts.auth.kind === 'webhook_only' ? {} : { hosts: manifest.hosts }),
    ...(facts.auth.kind === 'webhook_only'
      ? { receives: manifest.receives }
      : isLogin(adapter)
        ? { receives: manifest.receives, claims: Object.keys(adapter.facts.auth.claims) }
        : { fields: manifest.fields, calls: manifest.calls }),
    countries: manifest.recipient.countries,
  };
  for (const [name, list] of Object.entries(lists)) if (list.length === 0) found.push(`${name} is empty`);
  const reached = addressesOf(adapter);
  if (isSharing(adapter)) found.push(...authGaps(adapter));
  for (const url of [facts.docs, facts.policy, ...reached])
    if (URL.parse(url)?.protocol !== 'https:') found.push(`${url} is no https address`);
  for (const url of reached)
    if (!facts.hosts.includes(URL.parse(url)?.hostname ?? '')) found.push(`the host of ${url} is not in hosts`);
  const page = 'recordPage' in facts ? facts.recordPage : undefined;
  for (const path of page?.paths ?? [])
    if (!path.startsWith('/') || !['{account}', '{record}'].every((one) => path.split('/').includes(one)))
      found.push(`${path} of recordPage does not name account and record`);
  const hears = isSharing(adapter) && adapter.webhook !== undefined;
  if (hears !== 'webhook' in facts) found.push('webhook is declared in facts or as a handler, not in both');
  if (manifest.provider !== id) found.push('id is not the name of the folder');
  if (manifest.basis === 'legal_obligation' && !manifest.legalCitation) found.push('legalCitation is empty');
  for (const purpose of new Set(manifest.fields.filter((f) => !f.receives).map((f) => f.purpose)))
    if (!Object.keys(adapter.on).includes(purpose)) found.push(`no handler for ${purpose}`);
  for (const name of Object.keys(isSharing(adapter) ? (adapter.facts.targets ?? {}) : {}))
    if (!manifest.fields.some((f) => f.name === name && !f.receives))
      found.push(`targets names ${name}, which never leaves`);
  return found;
}

/** What in an exchange is not as the declaration says, in words. */
export function strays({ adapter, exchanges }: Installed): string[] {
  const onList = createCallList(adapter.facts.calls);
  const used = new Set<string>();
  const found: string[] = [];
  for (const { purpose, visitor, calls } of exchanges) {
    for (const field of Object.keys(visitor))
      if ((adapter.shares as Record<string, { purpose: string }>)[field]?.purpose !== purpose)
        found.push(`${field} is not declared for ${purpose}`);
    for (const { request } of calls) {
      if (!onList(request.method, request.path))
        found.push(`${request.method} ${request.path} is not on the call list`);
      for (const line of adapter.facts.calls) if (createCallList([line])(request.method, request.path)) used.add(line);
    }
  }
  for (const line of adapter.facts.calls) if (!used.has(line)) found.push(`no example of ${line}`);
  return found;
}

/** Breaches of the import law and of size in an adapter's own files, with file and line. */
export function breaches(folder: string): string[] {
  const found: string[] = [];
  for (const file of ['facts.ts', 'adapter.ts']) {
    const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
    if (lines.length > 120) found.push(`${file}: ${lines.length} lines, 120 are allowed`);
    for (const [i, line] of lines.entries()) {
      const from = /\bfrom '([^']+)'|^import '([^']+)'/.exec(line);
      const name = from?.[1] ?? from?.[2];
      if (name && !/^(\.\/[\w.-]+|#sdk|#contract\/[\w-]+\.ts|zod\/mini)$/.test(name))
        found.push(`${file}:${i + 1}: imports ${name}`);
      if (/\bimport\s*\(/.test(line)) found.push(`${file}:${i + 1}: dynamic import`);
    }
  }
  return found;
}

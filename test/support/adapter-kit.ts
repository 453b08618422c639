import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AnyAdapter, type Delivered, isLogin, isSharing, manifestOf, withProviders } from '#sdk';
import { sandboxProvider } from '../../server/demo.ts';
import { createCallList } from '../../server/egress/call-list.ts';
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
  const [adapter = written] = withProviders([written], () => sandboxProvider);
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

/** What is missing in an adapter's declaration, in words; empty when it may be listed (R14). */
export function gaps({ adapter, id }: Installed): string[] {
  const manifest = manifestOf(adapter);
  const { facts } = adapter;
  const found: string[] = [];
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
    hosts: manifest.hosts,
    ...(isLogin(adapter)
      ? { receives: manifest.receives, claims: Object.keys(adapter.facts.auth.claims) }
      : { fields: manifest.fields, calls: manifest.calls }),
    countries: manifest.recipient.countries,
  };
  for (const [name, list] of Object.entries(lists)) if (list.length === 0) found.push(`${name} is empty`);
  const reached = isSharing(adapter)
    ? (({ authorize, token, revoke, account }) => [authorize, token, revoke, account, adapter.facts.api])(
        adapter.facts.auth,
      )
    : [adapter.facts.auth.issuer];
  for (const url of [facts.docs, facts.policy, ...reached])
    if (URL.parse(url)?.protocol !== 'https:') found.push(`${url} is no https address`);
  for (const url of reached)
    if (!facts.hosts.includes(URL.parse(url)?.hostname ?? '')) found.push(`the host of ${url} is not in hosts`);
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

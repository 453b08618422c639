// the operations come from an internal file, hence the exact versions in package.json (PARTNERS.md 4.6)
import { getHttpOperationsFromSpec } from '@stoplight/prism-cli/dist/operations.js';
import { createLogger } from '@stoplight/prism-core';
import { createServer } from '@stoplight/prism-http-server';
import type { Description } from './description.ts';

/** A request as it goes over the wire. */
export interface WireRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** What the description says of a request: refused or not, why, and Prism's own answer. */
interface Judgement {
  refused: boolean;
  reasons: string[];
  status: number;
  body: unknown;
}

/** Steps 6 and 8 of PARTNERS.md 4: a server that holds requests against the descriptions. */
export interface Judge {
  /** Where the descriptions' own examples answer. */
  base: string;
  judge(request: WireRequest): Promise<Judgement>;
  stop(): Promise<void>;
}

/** Requests the description refuses: violations located in the request. Those in `response` are the vendor's own examples. */
export function requestViolations(header: string | null): string[] {
  if (header === null) return [];
  // a cut-off list is not JSON any more, but it says where each violation lies
  if (header.startsWith('Too many violations!')) return /"location":\["request"/.test(header) ? [header] : [];
  const list = JSON.parse(header) as { location: string[]; message: string }[];
  return list
    .filter(({ location }) => location[0] === 'request')
    .map((one) => `${one.location.join('.')}: ${one.message}`);
}

/** Serves prepared descriptions by Prism on a free port of 127.0.0.1. */
export async function startJudge(descriptions: readonly Description[]): Promise<Judge> {
  const operations = (await Promise.all(descriptions.map((one) => getHttpOperationsFromSpec(one)))).flat();
  const server = createServer(operations, {
    cors: false,
    components: { logger: createLogger('contract', { level: 'silent' }) },
    config: {
      mock: { dynamic: false },
      validateRequest: true,
      validateResponse: true,
      checkSecurity: true,
      // never true: right and wrong calls would then both be 500 (PARTNERS.md 4.9)
      errors: false,
      isProxy: false,
      upstreamProxy: undefined,
    },
  });
  const base = await server.listen(0, '127.0.0.1');
  return {
    base,
    judge: async ({ method, path, headers, body }) => {
      const answer = await fetch(base + path, { method, headers, ...(body === undefined ? {} : { body }) });
      const raw = await answer.text();
      let parsed: unknown;
      try {
        parsed = raw === '' ? undefined : JSON.parse(raw);
      } catch {
        parsed = raw;
      }
      const reasons = requestViolations(answer.headers.get('sl-violations'));
      const type = (parsed as { type?: unknown } | undefined)?.type;
      // both signs are needed: the header is absent when the file describes no error answer (PARTNERS.md 4.8)
      const own = typeof type === 'string' && type.startsWith('https://stoplight.io/prism/errors#');
      if (own && reasons.length === 0) reasons.push(type);
      return { refused: reasons.length > 0, reasons, status: answer.status, body: parsed };
    },
    stop: () => server.close(),
  };
}

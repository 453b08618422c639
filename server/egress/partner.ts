import { isIP } from 'node:net';
import type { Field } from '#contract/visitor.ts';
import type { AdapterFacts } from '#sdk';
import { authHeader } from './auth-header.ts';
import { createLeakCheck, type LeakInputs } from './byte-check.ts';
import { createCallList } from './call-list.ts';
import type { Prover } from './dpop.ts';
import { Stopped } from './fence.ts';
import type { CutWhy, Dispatched, FailedWhy, Http } from './http.ts';
import { readJson } from './json.ts';
import { mayBecome } from './oauth-tokens.ts';
import type { Errand } from './tally.ts';
import { TokenError } from './token-error.ts';

/** Where a sandbox partner's origin really is: partner origin -> loopback base, e.g. `http://127.0.0.1:4010/hubspot`. */
export type Origins = ReadonlyMap<string, string>;

/** What the owner of a claim hands in: the fence of its lease and epochs, and the release in the tick of the write. */
interface Ticket {
  /** Throws when lease or epochs no longer hold; asked in the tick of the write (GATE.md e.2.4). */
  fence(): void;
  /** Told in that tick, after the fence passed: the lease is released here (GATE.md e.2.5); `cut` as http.ts says. */
  written(cut: () => void): void;
  /** Awaited before every request: renews the lease where an earlier request released it; what it throws stops the call. */
  ready?(): Promise<void>;
  /** The ledger row its calls stand for. */
  errand?: Errand;
}

/** How a connection is reached: a sandbox one through the loopback base that `origins` knows, a real one by its facts. */
interface ConnectionPoint {
  sandbox: boolean;
}

/** What opens one connection: its access token, who proves that the token is its own, and where its account lives. */
export interface Credential {
  access: string;
  /** Set where the token is bound to a key (RFC 9449): each call then carries a proof of its own. */
  prover?: Prover | undefined;
  /** Origin of the account, where the facts let the token answer say so (`auth.apiFrom`). */
  api?: string | undefined;
}

/** One request of an adapter: a path of its call list and a JSON value. */
export interface PartnerRequest {
  method: string;
  path: string;
  body?: unknown;
}

/**
 * What came of one request. `sent`: the partner answered `status`; `body` is the parsed JSON, undefined when there was
 * none or it could not be used (`trouble` says why); `retryAfterMs` where the answer asks to wait. `aborted`: nothing
 * left, by the ticket (`reason` is what it threw) or by the byte check (`field`). `failed`: nothing left; `token` wants
 * reconnecting, `token-later` only time. `unknown`: a byte may have left and no answer came.
 */
export type PartnerResult =
  | { kind: 'sent'; status: number; body: unknown; trouble?: CutWhy | 'not-json' | 'too-deep'; retryAfterMs?: number }
  | { kind: 'aborted'; why: 'ticket'; reason: unknown }
  | { kind: 'aborted'; why: 'leak'; field: Field }
  | { kind: 'failed'; why: FailedWhy | 'off-list' | 'token' }
  | { kind: 'failed'; why: 'token-later'; retryAfterMs: number }
  | { kind: 'unknown'; why: CutWhy };

/** What createPartnerCall is handed for one claimed disclosure. */
export interface PartnerCallDeps {
  http: Http;
  facts: AdapterFacts;
  connection: ConnectionPoint;
  origins: Origins;
  /** What opens the connection: its token or typed key; given the one the partner just refused, another one or a rejection. */
  token: (refused?: string) => Promise<Credential>;
  ticket: Ticket;
  leak: LeakInputs;
  /** Awaited before each request, so that the partner's rate is kept (pace.ts); before the lease, which it may outlast. */
  turn?: (() => Promise<void>) | undefined;
}

/** What every call says of itself (PARTNERS.md 7.8). */
export const userAgent = 'askfirst/0.1.0';
/** As many calls as a delivery may make (sandbox-protocol.ts): each of them writes once. */
const mostTurns = 20;

/** Where the token answer says which origin answers, for the one way in that can. */
const apiFromOf = (facts: AdapterFacts) => (facts.auth.kind === 'oauth2' ? facts.auth.apiFrom : undefined);

/** True for a host of the manifest, or one that an account may live on by a pattern that stands there (PARTNERS.md 7.4). */
function isApproved(facts: AdapterFacts, host: string): boolean {
  const { hosts } = facts;
  const apiFrom = apiFromOf(facts);
  if (!apiFrom) return hosts.includes(host);
  return mayBecome(
    apiFrom.hosts.filter((pattern) => hosts.includes(pattern)),
    host,
  );
}

/** Base of every path of this connection without a slash at its end; undefined when a sandbox has none (never the real partner). */
function baseOf(
  facts: AdapterFacts,
  connection: ConnectionPoint,
  origins: Origins,
  held?: Credential,
): string | undefined {
  const api = apiFromOf(facts) ? held?.api : facts.api;
  const url = api === undefined ? null : URL.parse(api);
  if (!api || !url || !isApproved(facts, url.hostname)) return undefined; // a sandbox stands in for approved hosts only (R86)
  if (connection.sandbox) return origins.get(api)?.replace(/\/$/, '');
  // The loopback allow-list is for sandbox connections: a real one goes to a name, in cipher, whatever facts say (R10).
  const real = url.protocol === 'https:' && !isIP(url.hostname.replace(/[[\]]/g, ''));
  return real && url.hostname !== 'localhost' ? api.replace(/\/$/, '') : undefined;
}

/** Milliseconds a Retry-After asks for (RFC 9110 10.2.3), a date counted from the answer's own Date; at most a day. */
export function retryAfter(headers: Record<string, string>): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.parse(headers.date ?? '');
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 86_400_000) : undefined;
}

/** Readies token, DNS, TCP and TLS before a claim is made; none of it carries visitor data (GATE.md e.2.1). */
export async function prepare({
  http,
  facts,
  connection,
  origins,
  token,
}: Pick<PartnerCallDeps, 'http' | 'facts' | 'connection' | 'origins' | 'token'>): Promise<boolean> {
  const warm = (base: string | undefined) => base !== undefined && http.warm(new URL(base).origin);
  if (apiFromOf(facts)) return warm(baseOf(facts, connection, origins, await token()));
  const base = baseOf(facts, connection, origins);
  if (!base) return false;
  const [ready] = await Promise.all([warm(base), token()]);
  return ready;
}

function resultOf(answer: Dispatched): PartnerResult {
  if (answer.kind === 'aborted') return { kind: 'aborted', why: 'ticket', reason: answer.reason };
  if (answer.kind !== 'sent') return answer;
  const { status, headers, body, cut } = answer;
  const wait = retryAfter(headers);
  const waiting = wait === undefined ? {} : { retryAfterMs: wait };
  if (cut) return { kind: 'sent', status, body: undefined, trouble: cut, ...waiting };
  const read = readJson(body);
  if (read.ok) return { kind: 'sent', status, body: read.value, ...waiting };
  return { kind: 'sent', status, body: undefined, ...(read.why === 'empty' ? {} : { trouble: read.why }), ...waiting };
}

/** A key that is dead wants reconnecting; one that only waits, or a store that fails, wants time (SECURITY.md OA14). */
function withoutToken(e: unknown): PartnerResult {
  if (e instanceof TokenError && e.code !== 'later') return { kind: 'failed', why: 'token' };
  const wait = e instanceof TokenError ? e.retryAfterMs : undefined;
  return { kind: 'failed', why: 'token-later', retryAfterMs: wait ?? 60_000 };
}

/**
 * The client egress performs for one claimed disclosure. `call` refuses what is not on the call list before DNS, builds
 * and byte-checks the request whole, asks the ticket in the tick of the write, and answers with a PartnerResult; it
 * never rejects. After an answered 401 it asks for another token and tries once more; where the token is bound to a key
 * and the answer brought a new nonce, first with that (RFC 9449 9).
 */
export function createPartnerCall(deps: PartnerCallDeps): { call(request: PartnerRequest): Promise<PartnerResult> } {
  const { http, facts, connection, origins, token, ticket, leak, turn: paced } = deps;
  const onList = createCallList(facts.calls);
  const leakIn = createLeakCheck({
    ...leak,
    constants: [...leak.constants, ...facts.calls, ...facts.hosts, userAgent],
  });

  // The host is the connection's whatever the path says: compared again once the URL is built (SECURITY.md EG3).
  function target(path: string, held?: Credential): { origin: string; path: string } | undefined {
    const base = baseOf(facts, connection, origins, held);
    if (!base) return;
    const home = new URL(base);
    const url = URL.parse(base + path);
    const prefix = home.pathname.replace(/\/$/, '');
    if (!url || url.origin !== home.origin || url.pathname + url.search !== prefix + path) return;
    return { origin: url.origin, path: url.pathname + url.search };
  }

  /** One try; `again` where the partner took nothing and wants its new nonce in the proof. */
  async function once(request: PartnerRequest, held: Credential): Promise<{ result: PartnerResult; again: boolean }> {
    const stop = (result: PartnerResult) => ({ result, again: false });
    const to = target(request.path, held);
    if (!to) return stop({ kind: 'failed', why: 'refused' });
    const { origin, path } = to;
    const { access, prover } = held;
    const url = origin + path;
    // A key that signs nothing is damaged: only a new connect brings another.
    const proof = await prover?.sign({ method: request.method, url, access }).catch(() => null);
    if (proof === null) return stop({ kind: 'failed', why: 'token' });
    const auth =
      proof === undefined ? authHeader(facts.auth, access) : { authorization: `DPoP ${access}`, dpop: proof };
    // Ours come last: a fact cannot put its own in their place.
    const headers: Record<string, string> = {
      ...auth,
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': userAgent,
    };
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    if (body !== undefined) headers['content-type'] = 'application/json';
    const field = leakIn({ path, headers, body: body ?? '' }, [access, ...Object.values(auth)]);
    if (field) return stop({ kind: 'aborted', why: 'leak', field });
    // Calls an adapter makes side by side share one lease, and a write uses it up: the next one asks for its own.
    for (let turn = 0; ; turn++) {
      try {
        await paced?.();
        await ticket.ready?.();
      } catch (reason) {
        return stop({ kind: 'aborted', why: 'ticket', reason });
      }
      const answer = await http.dispatch({
        origin,
        method: request.method,
        path,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(ticket.errand ? { errand: ticket.errand } : {}),
        fence: () => ticket.fence(),
        onWritten: (cut) => ticket.written(cut),
      });
      const used = answer.kind === 'aborted' && answer.reason instanceof Stopped && answer.reason.why === 'lease_used';
      if (used && turn < mostTurns) continue;
      const learnt = answer.kind === 'sent' && prover?.learn(url, answer.headers) === true;
      return { result: resultOf(answer), again: learnt && answer.status === 401 };
    }
  }

  return {
    async call(request) {
      const placed = apiFromOf(facts) !== undefined || target(request.path) !== undefined;
      if (!placed || !onList(request.method, request.path)) return { kind: 'failed', why: 'off-list' };
      let held: Credential;
      try {
        held = await token();
      } catch (e) {
        return withoutToken(e);
      }
      // Only an answered 401 is tried again: the partner said it took nothing (GATE.md e.2.8).
      let { result: first, again } = await once(request, held);
      if (again) ({ result: first } = await once(request, held));
      if (first.kind !== 'sent' || first.status !== 401) return first;
      try {
        const next = await token(held.access);
        // The 401 took nothing, so what stops the second try is the whole story: it says nothing about the key.
        return next.access === held.access ? first : (await once(request, next)).result;
      } catch (e) {
        return withoutToken(e);
      }
    },
  };
}

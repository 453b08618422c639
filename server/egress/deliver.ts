import type { Entry } from '#contract/chat.ts';
import type { Manifest } from '#contract/connection.ts';
import type { Field } from '#contract/visitor.ts';
import type { AdapterFacts, Delivered } from '#sdk';
import { announced } from '../gate/combine.ts';
import { projectionOf } from '../gate/context.ts';
import { isProjection, type Projection } from '../gate/project.ts';
import type { Store } from '../store/open.ts';
import { isUnreadable } from '../store/readable.ts';
import { type Calls, createCalls } from './calls.ts';
import { doorOf } from './circuit.ts';
import { type Claim, type ClaimDeps, claimShare } from './claim.ts';
import type { Fence, PausePoint } from './fence.ts';
import type { Http } from './http.ts';
import { judge } from './judge.ts';
import { finishUnreadable, type Stuck, settle } from './outcome.ts';
import type { Pace } from './pace.ts';
import { type Credential, createPartnerCall, type Origins, prepare } from './partner.ts';
import { renewLease } from './renew.ts';

/** An adapter as egress knows it: its facts and the built script that runs in the sandbox. */
export interface LoadedAdapter {
  facts: AdapterFacts;
  code: string;
  /** Words of the adapter itself, from its own script: finding a person's name in them is no leak (DESIGN.md 5). */
  constants: readonly string[];
}

/** Everything a delivery touches, handed in. */
export interface DeliverDeps extends ClaimDeps {
  store: Store;
  fence: Fence;
  http: Http;
  /** Loopback bases of sandbox partners; honoured for sandbox connections only (DESIGN.md 5). */
  origins: Origins;
  adapters: ReadonlyMap<string, LoadedAdapter>;
  /** What opens a connection; given the access token the partner refused, another one. */
  token(brandId: string, integrationId: string, refused?: string): Promise<Credential>;
  sandbox: {
    run(job: {
      code: string;
      purpose: string;
      visitor: Projection;
      partner: { record?: string; chat: { number: number; at: string }; key: string };
      call(request: { method: string; path: string; body?: unknown }): Promise<{ status: number; body: unknown }>;
    }): Promise<Delivered>;
  };
  publish(entries: readonly Entry[], brandId: string): void;
  pace: Pace;
  /** Disclosures this process is sending now; any other open one was interrupted. */
  sending: Set<string>;
  /** Seam for tests (GATE.md l): awaited right after the claim's commit, and before the outcome is stored. */
  pause?: (point: PausePoint) => Promise<void>;
  /** Told of a record that could not be read; its send is over. */
  unreadable(error: unknown, brandId: string): void;
}

/** Strings and property names of a built script. They were there before any visitor was. */
export const constantsOf = (code: string): string[] => {
  const found = code.matchAll(/(["'`])((?:\\.|(?!\1).){4,200}?)\1|([A-Za-z_][\w-]{3,60})(?=\s*:)/gs);
  return [...new Set([...found].flatMap(([, , text, name]) => (text ?? name ?? '').split(/\$\{[^}]*\}/)))].filter(
    (word) => word.length > 3,
  );
};

/** Nothing was sent, because what may not leave is not known. */
class Unchecked extends Error {
  readonly reason = 'unreadable';
}

type Allowed = Extract<Claim, { allowed: true }>;

/**
 * The way of the data (DESIGN.md 1): context → decision → ledger row, in one transaction; projection → adapter →
 * partner; outcome. Nothing leaves for a share whose claim was denied, and no request without a live lease.
 */
export async function deliver(d: DeliverDeps, shareId: string): Promise<void> {
  const claim = await d.store.write((tx) => claimShare(tx, d, shareId)).catch((e) => giveUp(d, shareId, e));
  if (!claim?.allowed) return d.publish(claim?.entry ? [claim.entry] : [], claim?.share.brandId ?? '');
  d.sending.add(claim.disclosureId);
  try {
    d.fence.open(claim.lease);
    await d.pause?.('after-claim');
    const entry = await send(d, claim);
    if (entry) d.publish([entry], claim.share.brandId);
  } finally {
    d.fence.forget(claim.disclosureId);
    d.sending.delete(claim.disclosureId);
  }
}

async function send(d: DeliverDeps, claim: Allowed): Promise<Entry | undefined> {
  const visitor = projectionOf(claim);
  const calls = createCalls();
  const delivered = await runAdapter(d, claim, visitor, calls).then(
    ({ values, ...rest }) => {
      const known = announced(claim.context.manifest, values);
      return { value: { ...rest, ...(known ? { values: known } : {}) } };
    },
    (error: unknown) => ({ error }),
  );
  await calls.end();
  const adapter = d.adapters.get(claim.context.provider);
  const partner = claim.context.manifest.name;
  const judged = judge(partner, delivered, calls.results, adapter?.facts.idempotent ?? false);
  const silent = judged.state === 'aborted' || judged.state === 'failed';
  // "No byte left" is said only where none did (GATE.md a "outcome"): what left is listed and propagated.
  const result = silent && calls.anyWritten() ? { ...judged, state: 'sent' as const } : judged;
  const fields = Object.keys(visitor) as Field[];
  const disclosure = { id: claim.disclosureId, subjectId: claim.facts.subjectId, fields, partner };
  await d.pause?.('before-outcome');
  return d.store.write((tx) => settle(tx, d, disclosure, claim.share, result));
}

/**
 * A claim that could not even be decided: a record is missing or unreadable, so the send is over, with a plain cause and
 * an alarm (R16). A store that cannot write is no such record; the share waits until it can.
 */
async function giveUp(d: DeliverDeps, shareId: string, error: unknown): Promise<{ allowed: false } & Stuck> {
  if (!isUnreadable(error)) throw error;
  const stuck = await d.store.write((tx) => finishUnreadable(tx, d, shareId));
  if (!stuck) throw error;
  d.unreadable(error, stuck.share.brandId);
  return { allowed: false, ...stuck };
}

/** What the byte check looks for; a chat that cannot be read raises the alarm, and without the check nothing is sent. */
function withheldOf(d: DeliverDeps, claim: Allowed): Partial<Record<Field, string>> {
  try {
    return claim.withheldValues();
  } catch (e) {
    d.unreadable(e, claim.share.brandId);
    throw new Unchecked();
  }
}

/** Hands the projection and a client to the adapter in its sandbox; every request passes fence, call list, byte check. */
async function runAdapter(d: DeliverDeps, claim: Allowed, visitor: Projection, calls: Calls): Promise<Delivered> {
  const { share, disclosureId, facts } = claim;
  const adapter = d.adapters.get(claim.context.provider);
  if (!adapter) throw new Error('this adapter is not installed');
  // Nothing but what project() minted is handed on (DESIGN.md 1.4), whoever calls this one day.
  if (!isProjection(visitor)) throw new Error('not a projection');
  const partner = createPartnerCall({
    http: d.http,
    facts: approvedFacts(adapter.facts, claim.context.manifest),
    connection: { sandbox: facts.integration.sandbox },
    origins: d.origins,
    token: (refused) => d.token(share.brandId, share.integrationId, refused),
    ticket: {
      fence() {
        calls.check();
        d.fence.check(disclosureId);
      },
      written(cut) {
        calls.written();
        d.fence.written(disclosureId, cut);
      },
      ready: () => renewLease(d, claim),
      errand: { integrationId: share.integrationId, leaf: claim.leaf },
    },
    // The rate is the real partner's; its sandbox has none.
    turn: facts.integration.sandbox ? undefined : () => d.pace.turn(share.integrationId, adapter.facts.rate),
    leak: { denied: withheldOf(d, claim), allowed: { ...visitor }, constants: adapter.constants },
  });
  return d.sandbox.run({
    code: adapter.code,
    purpose: share.purpose,
    visitor,
    partner: {
      ...(claim.record === undefined ? {} : { record: claim.record }),
      chat: { number: claim.chatNumber, at: claim.at },
      key: share.id,
    },
    async call(request) {
      const result = await calls.perform(() => partner.call(request));
      if (result.kind === 'sent' && !result.trouble) return { status: result.status, body: result.body ?? null };
      throw new Error(result.kind);
    },
  });
}

/** The addresses a connection may reach: those its brand approved, whatever the installed add-on lists (R86). */
const approvedFacts = (facts: AdapterFacts, { hosts, calls }: Pick<Manifest, 'hosts' | 'calls'>): AdapterFacts => ({
  ...facts,
  hosts,
  calls,
});

/**
 * From when on a share of this connection may be claimed, as seen at `now`: milliseconds since 1970, Infinity until somebody reconnects.
 * The circuit's door, and the wait for the partner's rate: what would only wait there is not claimed yet.
 */
export function openAt(d: DeliverDeps, at: { brandId: string; integrationId: string }, now: Date): number {
  const { shut, untilMs } = doorOf(d.store.read, { ...at, now });
  if (shut) return untilMs ?? Number.POSITIVE_INFINITY;
  const row = d.store.read
    .hot('select provider, sandbox from integration where id = ? and brand_id = ?')
    .get(at.integrationId, at.brandId);
  const rate = row?.sandbox === 0 ? d.adapters.get(row.provider as string)?.facts.rate : undefined;
  return rate ? now.getTime() + Math.ceil(d.pace.waitMs(at.integrationId, rate)) : 0;
}

/** Readies token and connection of a share's partner before its claim; none of it carries visitor data (GATE.md e.2.1). */
export async function prepareShare(d: DeliverDeps, share: { brandId: string; integrationId: string }): Promise<void> {
  const row = d.store.read
    .hot(
      `select i.provider, i.sandbox, iif(json_valid(m.body_json), m.body_json ->> '$.hosts', '[]') as hosts
       from integration i join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
       where i.id = ? and i.brand_id = ?`,
    )
    .get(share.integrationId, share.brandId);
  const adapter = d.adapters.get((row?.provider as string | undefined) ?? '');
  if (!row || !adapter) return;
  await prepare({
    http: d.http,
    facts: approvedFacts(adapter.facts, { calls: [], hosts: JSON.parse(row.hosts as string) as string[] }),
    connection: { sandbox: row.sandbox === 1 },
    origins: d.origins,
    token: () => d.token(share.brandId, share.integrationId),
  }).catch(() => false); // the delivery itself reports what is wrong
}

import type { Entry } from '#contract/chat.ts';
import { declaredFor } from '#contract/connection.ts';
import { type Purpose, purposes } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import type { Fence } from '../egress/fence.ts';
import { regimeOf } from '../gate/derive.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { recipientName } from '../store/disclosures.ts';
import { appendEntry } from '../store/entries.ts';
import type { Store, Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { lastType, readShareFacts, type ShareFacts } from '../store/share-facts.ts';
import { appendEvent, type ConsentDeps } from './events.ts';
import { type FollowUp, type PropagationDeps, propagate } from './propagation.ts';
import { makeReceipt } from './receipts.ts';
import { type AlreadyOut, chatsOf, stopQueued, whatIsOut } from './under-way.ts';

/** What opting out needs. */
export interface OptOutDeps extends ConsentDeps, PropagationDeps {
  store: Store;
  fence: Fence;
  monotonic: () => number;
  publish(entries: readonly Entry[], brandId: string): void;
}

/** What an opt-out did (GATE.md e.2). */
export interface OptedOut {
  done: true;
  /** Number of its event in database order; 0 where everything was off already. */
  seq: number;
  /** Shares that were waiting and now never leave. */
  stopped: number;
  alreadyOut: AlreadyOut[];
  followUp: FollowUp[];
  receipts: string[];
}

/** Whose partner is turned off, for the purposes named or for all. */
export interface OptingOut {
  brandId: string;
  subjectId: string;
  integrationId: string;
  purposes?: readonly Purpose[];
  conversationId?: string;
  /** Where it was said: the preference page where left out. */
  method?: 'preferences' | 'address' | 'recorded' | 'keyword';
  /** Who said it: the person where left out; then `evidence` is what it stands on. */
  by?: 'self' | 'guardian' | 'authorised_agent' | 'agent_attested';
  evidence?: string;
}

/**
 * Turns one integration off for a person (R25): one transaction appends the events, raises the epoch, finishes what is
 * queued and makes the jobs that tell recipients; after the commit every open lease dies, so that nothing starts once
 * this resolved (GATE.md I3, I4). A second time it changes nothing. It waits for no partner.
 */
export async function optOut(d: OptOutDeps, who: OptingOut): Promise<OptedOut> {
  const { entries, person, ...done } = await d.store.write((tx) => optOutIn(tx, d, who));
  d.fence.cancel({ subjectId: person });
  d.publish(entries, who.brandId);
  return done;
}

/**
 * The same inside a caller's transaction; after its commit the caller cancels the leases of `person` and publishes
 * `entries`. Raises `not-found` for an integration of another brand. A record that cannot be read does not keep somebody
 * from saying no (GATE.md I6): the event then names no field and stands under the regime `unknown`, and has no receipt,
 * for nothing is left to draw one from.
 */
export function optOutIn(tx: Tx, d: OptOutDeps, who: OptingOut): OptedOut & { person: string; entries: Entry[] } {
  const known = tx
    .hot(
      `select i.manifest_hash, ${recipientName} as partner from integration i
       left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash where i.id = ? and i.brand_id = ?`,
    )
    .get(who.integrationId, who.brandId);
  if (!known) problem('not-found');
  const receipts: string[] = [];
  const stopped: Entry[] = [];
  const followUp: FollowUp[] = [];
  const alreadyOut = whatIsOut(tx, d.fence, who);
  const person = closureOf(tx, who.brandId, who.subjectId).root;
  let seq = 0;
  let tookBack = false;
  for (const purpose of who.purposes ?? purposesOf(tx, who)) {
    const facts = readable(() => readShareFacts(tx, d.keys, { ...who, purpose }));
    const type = facts ? facts.head?.type : lastType(tx, { ...who, subjectId: person, purpose });
    if (type === 'refused' || type === 'withdrawn') continue;
    const fields = facts ? declaredFor(facts.manifest, purpose).map((f) => f.name) : [];
    const kind = type === 'given' || type === 'renewed' ? 'withdrawn' : 'refused';
    const event = appendEvent(tx, d, {
      brandId: who.brandId,
      subjectId: who.subjectId,
      integrationId: who.integrationId,
      purpose,
      type: kind,
      by: who.by ?? 'self',
      ...(who.evidence ? { evidence: who.evidence } : {}),
      method: who.method ?? 'preferences',
      fields,
      asked: fields,
      terms: {},
      manifestHash: facts?.manifestHash ?? (known.manifest_hash as string),
      noticeHash: facts?.noticeHash ?? null,
      regime: facts ? regimeOf(facts) : 'unknown',
      validUntil: null,
    });
    seq = event.seq;
    tookBack ||= kind === 'withdrawn';
    stopped.push(...(readable(() => stopQueued(tx, d, { ...who, purpose })) ?? [])); // else its own claim ends it (R16)
    if (facts) receipts.push(makeReceipt(tx, d, facts, { ...event, type: kind, yes: [], no: fields }));
    const job = propagate(tx, d, { ...who, purpose }, { seq, action: 'suppress' }, alreadyOut);
    if (job) followUp.push(job.told);
  }
  const lines =
    seq === 0
      ? []
      : linesOf(tx, d, who, known.partner as string, {
          ...(tookBack ? {} : { noYes: true }),
          stopped: stopped.length,
          alreadyOut: alreadyOut.length,
        });
  const entries = [...stopped, ...lines];
  return { done: true, seq, stopped: stopped.length, alreadyOut, followUp, receipts, person, entries };
}

/** Purposes somebody can turn off: what is declared now, and what this person was ever asked or answered. */
export function purposesOf(tx: Tx, who: { brandId: string; subjectId: string; integrationId: string }): Purpose[] {
  const answered = everyoneIn(closureOf(tx, who.brandId, who.subjectId)).flatMap((id) =>
    tx
      .hot('select purpose from consent_head where brand_id = ? and subject_id = ? and integration_id = ?')
      .all(who.brandId, id, who.integrationId)
      .map((r) => r.purpose as Purpose),
  );
  return [...new Set([...declaredPurposes(tx, who.brandId, who.integrationId), ...answered])];
}

/** What a data sheet declares; everything it could, where it cannot be read: a no then is a no to all of it. */
function declaredPurposes(read: Pick<Tx, 'hot'>, brandId: string, integrationId: string): Purpose[] {
  const row = read
    .hot(
      `select m.body_json from integration i left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
       where i.id = ? and i.brand_id = ?`,
    )
    .get(integrationId, brandId);
  if (!row) return [];
  const manifest = () => JSON.parse(row.body_json as string) as ShareFacts['manifest'];
  return readable(() => manifest().fields.map((f) => f.purpose)) ?? [...purposes];
}

/** True when this brand's integration declares the purpose, or any where none is named. */
export function declares(
  read: Pick<Tx, 'hot'>,
  brandId: string,
  integrationId: string,
  purpose: Purpose | undefined,
): boolean {
  const declared = declaredPurposes(read, brandId, integrationId);
  return purpose ? declared.includes(purpose) : declared.length > 0;
}

function linesOf(
  tx: Tx,
  d: ConsentDeps,
  who: OptingOut,
  partner: string,
  more: { noYes?: true; alreadyOut: number; stopped: number },
): Entry[] {
  const { purposes } = who;
  const some = purposes && purposesOf(tx, who).some((p) => !purposes.includes(p)) ? { purposes: [...purposes] } : {};
  const body = { kind: 'withdrawn' as const, integration: who.integrationId, partner, ...some, ...more };
  return chatsOf(tx, who).map((chat) =>
    appendEntry(
      tx,
      { ...who, ...chat, key: d.keys.of(tx, who.brandId, chat.subjectId), at: d.now().toISOString() },
      body,
    ),
  );
}

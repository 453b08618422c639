import { declaredFor } from '#contract/connection.ts';
import type { Purpose } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import type { Field } from '#contract/visitor.ts';
import { regimeOf, stateOf } from '../gate/derive.ts';
import { termsOfField } from '../gate/manifest.ts';
import { note } from '../store/audit.ts';
import { appendEntry } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { readShareFacts, type ShareFacts } from '../store/share-facts.ts';
import { appendEvent } from './events.ts';
import { type OptedOut, type OptOutDeps, optOut } from './opt-out.ts';
import { makeReceipt } from './receipts.ts';
import { yearAfter } from './standing.ts';
import { chatsOf } from './under-way.ts';

/** An answer the brand writes down for a visitor; only `spoken` was said by the visitor. */
export interface Recorded {
  brandId: string;
  subjectId: string;
  conversationId: string;
  integrationId: string;
  purpose: Purpose;
  /** guardian: holder of parental responsibility; authorised_agent: with the person's permission; agent_attested: said aloud. */
  by: 'guardian' | 'authorised_agent' | 'agent_attested';
  answer: 'yes' | 'no';
  fields: readonly Field[];
  /**
   * What it stands on. A guardian's or an agent's: the proof in words, as "signed form of 3 November, file 12". A spoken
   * yes: the number of the line in this chat where it was said. Only a keyed hash is kept (GATE.md c, "By").
   */
  evidence: string;
  /** Who wrote it down, for the audit. */
  actor: string;
}

/** A spoken yes holds a day unless the visitor confirms it (GATE.md c). */
const spokenMs = 24 * 3_600_000;

/**
 * Stores an answer given on a visitor's behalf (GATE.md c "By", k.17, k.18). A no needs little: it is in force at once.
 * A yes needs proof, never overrides an earlier no, and one that was only spoken is never explicit, runs out in a day,
 * and is refused for special fields and for anyone not known as adult. Raises `bad-input` naming what is missing, and
 * `asked-already` over a no.
 */
export async function recordAnswer(
  d: OptOutDeps,
  r: Recorded,
): Promise<{ stopped: number; validUntil: string | null }> {
  if (r.answer === 'no') {
    const done: OptedOut = await optOut(d, { ...r, purposes: [r.purpose], method: 'recorded', by: r.by });
    await d.store.write((tx) => note(tx, d.now().getTime(), auditOf(r)));
    return { stopped: done.stopped, validUntil: null };
  }
  const { validUntil, lines } = await d.store.write((tx) => {
    const facts = readShareFacts(tx, d.keys, r);
    const declared = declaredFor(facts.manifest, r.purpose).filter((f) => r.fields.includes(f.name));
    if (!facts.integration.active || !facts.block) problem('not-found');
    if (declared.length === 0 || declared.length !== r.fields.length)
      problem('bad-input', 'A field is not one this partner declares for this purpose.');
    refuse(facts, r, d.now());
    if (r.by === 'agent_attested' && !saidIn(tx, r))
      problem('bad-input', 'evidence must be the number of the visitor’s line in this chat.');
    const now = d.now();
    const until =
      r.by === 'agent_attested' ? new Date(now.getTime() + spokenMs).toISOString() : yearAfter(now.toISOString());
    const block = facts.block.hash;
    const event = appendEvent(tx, d, {
      ...r,
      type: stateOf(facts.head, facts.integration.revokedBeforeSeq, now) === 'granted' ? 'renewed' : 'given',
      method: 'recorded',
      fields: r.fields,
      asked: r.fields,
      terms: Object.fromEntries(declared.map((f) => [f.name, termsOfField(facts.manifest, f, block)])),
      manifestHash: facts.manifestHash,
      noticeHash: facts.noticeHash ?? null,
      regime: regimeOf(facts),
      validUntil: until,
    });
    makeReceipt(tx, d, facts, { ...event, type: 'given', yes: r.fields, no: [], validUntil: until });
    note(tx, now.getTime(), auditOf(r));
    const body = {
      kind: 'answered' as const,
      integration: r.integrationId,
      partner: facts.manifest.name,
      purpose: r.purpose,
      yes: [...r.fields],
      no: [],
      later: false,
      by: r.by,
    };
    const lines = chatsOf(tx, r).map((chat) =>
      appendEntry(tx, { ...r, ...chat, key: d.keys.of(tx, r.brandId, chat.subjectId), at: event.at }, body),
    );
    return { validUntil: until, lines };
  });
  d.publish(lines, r.brandId);
  return { stopped: 0, validUntil };
}

const auditOf = (r: Recorded) => ({
  brandId: r.brandId,
  actor: r.actor,
  act: 'recorded-answer',
  detail: `${r.answer} by ${r.by}, ${r.integrationId}`,
});

/** What no yes on somebody's behalf may do. */
function refuse(facts: ShareFacts, r: Recorded, now: Date): void {
  const state = stateOf(facts.head, facts.integration.revokedBeforeSeq, now);
  if (state === 'refused' || state === 'withdrawn')
    problem('asked-already', 'This person said no; only they themselves can change that.');
  if (r.evidence.trim().length < (r.by === 'agent_attested' ? 1 : 10))
    problem('bad-input', 'evidence must say what this yes stands on.');
  if (r.by !== 'agent_attested') return;
  if (facts.subject.age !== 'adult') problem('bad-input', 'A spoken yes counts for adults only.');
  if (state === 'granted' && facts.head?.by !== 'agent_attested')
    problem('asked-already', 'The visitor answered already.');
  const special = facts.manifest.fields.some((f) => r.fields.includes(f.name) && f.special);
  if (special) problem('bad-input', 'A spoken yes does not count for sensitive fields.');
}

/** True when the line the evidence names is the visitor's own, in this chat. */
function saidIn(tx: Pick<Tx, 'hot'>, r: Recorded): boolean {
  if (!/^[1-9]\d{0,8}$/.test(r.evidence)) return false;
  const line = tx
    .hot(
      `select json_extract(body_json, '$.author') as author from entry where conversation_id = ? and brand_id = ? and n = ?`,
    )
    .get(r.conversationId, r.brandId, Number(r.evidence));
  return line?.author === 'visitor';
}

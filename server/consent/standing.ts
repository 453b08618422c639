import { declaredFor } from '#contract/connection.ts';
import { type Field, fromPartner } from '#contract/visitor.ts';
import { grantedAfterSignal, stateOf, termsHold } from '../gate/derive.ts';
import type { Tx } from '../store/open.ts';
import type { ShareFacts, ShareKey } from '../store/share-facts.ts';

/**
 * How a person stands to one partner for one purpose, as strips and questions need it. `later`: Not now. `open`: no
 * answer holds now, so asking makes sense: never asked, run out, given to another account (GATE.md k.19), given to other
 * terms for every field (D15; GATE.md k.1), declared void, or given before the browser asked not to share (D17; GATE.md
 * k.9).
 */
export function standingOf(facts: ShareFacts, now: Date): 'yes' | 'no' | 'asked' | 'later' | 'open' {
  const { head, manifest, purpose, subject } = facts;
  // Who objected is not asked (D07); a contract is not what they objected to.
  if (subject.objected && manifest.basis !== 'contract') return 'no';
  if (!head) return 'open';
  if (head.type === 'deferred') return 'later';
  if (head.type === 'requested') return 'asked';
  const granted = head.type === 'given' || head.type === 'renewed';
  const state = stateOf(head, facts.integration.revokedBeforeSeq, now);
  if (state === 'expired' || (granted && state !== 'granted')) return 'open';
  // A yes declared void was no no of theirs: asked anew, but not while they are held to be under age (R27).
  if (head.type === 'invalidated') return subject.age === 'below_consent_age' ? 'no' : 'open';
  if (!granted) return 'no';
  const signalCounts = facts.signalSeqs.length > 0 && (manifest.sale || facts.config.signalStopsAllConsentSharing);
  if (signalCounts && !grantedAfterSignal(facts)) return 'open';
  const holds = head.fields.some((name) => {
    const declared = manifest.fields.find((f) => f.name === name && f.purpose === purpose);
    return declared && termsHold(facts, declared);
  });
  // Without a notice block the partner is gone for now; what was said still stands.
  return holds || facts.blockHashes.length === 0 ? 'yes' : 'open';
}

/**
 * True when an agent may put this question in this chat (R68): nothing was answered that holds, or a field became known
 * or was declared since that was never on a screen, or is declared in other terms (GATE.md k.1-k.4); never within a year
 * of a no, after a Not now of this chat, or twice.
 */
export function mayAsk(read: Pick<Tx, 'hot'>, facts: ShareFacts, conversationId: string, now: Date): boolean {
  if (!facts.integration.active || saidNotNow(read, conversationId, facts)) return false;
  const standing = standingOf(facts, now);
  // After a no nobody asks for twelve months; then once more, and the no holds until it is answered (GATE.md c, k.28).
  if (standing === 'no' && facts.head)
    return yearAfter(facts.head.at) <= now.toISOString() && !askedAfter(read, facts, facts.head.seq);
  if (standing !== 'yes' || !facts.head) return standing === 'open' || standing === 'later';
  const { asked, fields, seq } = facts.head;
  const later = declaredLater(read, facts);
  const fresh = facts.manifest.fields.some((f) => {
    const value = facts.values.find((v) => v.field === f.name && !v.source.startsWith(fromPartner));
    if (f.purpose !== facts.purpose || (!value && !f.receives)) return false;
    if (fields.includes(f.name)) return facts.blockHashes.length > 0 && !termsHold(facts, f); // stale, D15
    if (asked.includes(f.name)) return false;
    return (value && value.seq > seq) || later.includes(f.name);
  });
  return fresh && !askedAfter(read, facts, seq);
}

/** Fields of the purpose that the add-on declared only after the answer that stands: no screen of it showed them (GATE.md k.2). */
export function declaredLater(read: Pick<Tx, 'hot'>, facts: ShareFacts): Field[] {
  const { head, manifest, manifestHash, brandId, purpose } = facts;
  if (!head || head.manifestHash === manifestHash) return [];
  const row = read
    .hot('select body_json from manifest where brand_id = ? and hash = ?')
    .get(brandId, head.manifestHash);
  const before = row && (JSON.parse(row.body_json as string) as ShareFacts['manifest']);
  const known = before ? declaredFor(before, purpose).map((f) => f.name) : [];
  return declaredFor(manifest, purpose).flatMap((f) => (known.includes(f.name) ? [] : [f.name]));
}

/** True when a question was put after the answer that stands: it waits for the visitor. */
function askedAfter(read: Pick<Tx, 'hot'>, key: ShareKey, seq: number): boolean {
  return (
    read
      .hot(
        `select 1 as ok from consent_event where brand_id = ? and subject_id = ? and integration_id = ? and purpose = ?
         and seq > ? and type = 'requested'`,
      )
      .get(key.brandId, key.subjectId, key.integrationId, key.purpose, seq) !== undefined
  );
}

/** The same day a year later, ISO 8601: until then nobody asks after a no (GATE.md c, "Asking again"). */
export const yearAfter = (iso: string): string => {
  const d = new Date(iso);
  d.setUTCFullYear(d.getUTCFullYear() + 1);
  return d.toISOString();
};

/** True when this chat answered Not now to this question: it is not put again here (DESIGN.md 5). */
function saidNotNow(read: Pick<Tx, 'hot'>, conversationId: string, key: ShareKey): boolean {
  const row = read
    .hot(
      `select json_extract(body_json, '$.later') as later from entry where conversation_id = ? and kind = 'answered'
       and json_extract(body_json, '$.integration') = ? and json_extract(body_json, '$.purpose') = ?
       order by seq desc limit 1`,
    )
    .get(conversationId, key.integrationId, key.purpose);
  return row?.later === 1;
}

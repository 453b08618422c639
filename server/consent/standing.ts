import { stateOf } from '../gate/derive.ts';
import { termsOfField } from '../gate/manifest.ts';
import type { Tx } from '../store/open.ts';
import type { ShareFacts, ShareKey } from '../store/share-facts.ts';

/**
 * How a person stands to one partner for one purpose, as strips and questions need it. `open`: no answer holds now, so
 * asking makes sense: never asked, Not now, run out, given to another account (GATE.md k.19), or given to other terms
 * for every field (D15; GATE.md k.1).
 */
export function standingOf(facts: ShareFacts, now: Date): 'yes' | 'no' | 'asked' | 'open' {
  const { head, manifest, block, purpose } = facts;
  if (!head || head.type === 'deferred') return 'open';
  if (head.type === 'requested') return 'asked';
  const granted = head.type === 'given' || head.type === 'renewed';
  const state = stateOf(head, facts.integration.revokedBeforeSeq, now);
  if (state === 'expired' || (granted && state !== 'granted')) return 'open';
  if (!granted) return 'no';
  const holds = head.fields.some((name) => {
    const declared = manifest.fields.find((f) => f.name === name && f.purpose === purpose);
    return declared && block && head.terms[name] === termsOfField(manifest, declared, block.hash);
  });
  // Without a notice block the partner is gone for now; what was said still stands.
  return holds || !block ? 'yes' : 'open';
}

/** True when this chat answered Not now to this question: it is not put again here (DESIGN.md 5). */
export function saidNotNow(read: Pick<Tx, 'hot'>, conversationId: string, key: ShareKey): boolean {
  const row = read
    .hot(
      `select json_extract(body_json, '$.later') as later from entry where conversation_id = ? and kind = 'answered'
       and json_extract(body_json, '$.integration') = ? and json_extract(body_json, '$.purpose') = ?
       order by seq desc limit 1`,
    )
    .get(conversationId, key.integrationId, key.purpose);
  return row?.later === 1;
}

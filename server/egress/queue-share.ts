import type { Entry } from '#contract/chat.ts';
import type { Purpose } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { decideShare } from '../gate/decide.ts';
import { appendEntry } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { type CircuitPlace, doorOf } from './circuit.ts';
import { type ClaimDeps, insertDecision } from './claim.ts';
import { loadShare } from './context.ts';
import { readShare, type ShareRow, shareEntry } from './share-row.ts';
import { waitsForResume } from './stops.ts';

/** What an agent reads of a send that has to wait for the partner; undefined where it goes at once (UI.md 5, 25). */
function whyWaits(tx: Tx, at: CircuitPlace & { stopped?: boolean }, partner: string): string | undefined {
  if (at.stopped) return waitsForResume(partner);
  const { shut, untilMs } = doorOf(tx, at);
  if (!shut) return undefined;
  return untilMs === undefined
    ? `${partner} needs reconnecting; it waits for that.`
    : `${partner} cannot be worked with just now; it is sent when that is over.`;
}

/** What an agent asks for when pressing Send. */
export interface ShareRequest {
  brandId: string;
  subjectId: string;
  conversationId: string;
  integrationId: string;
  purpose: Purpose;
  clientId: string;
  /** Sending to the partner is stopped: the share waits, and its line says so. */
  stopped?: boolean;
}

/**
 * Queues one share inside the caller's transaction: decides once now, and the claim decides again (GATE.md d). Denied
 * as a whole, the share is finished with its decision row and a withheld entry. A repeated client id changes nothing.
 * Raises `conflict` for a client id of another send, and `nothing-may-leave` when a needed value is not known at all: there is nothing to decide about.
 */
export function queueShare(
  tx: Tx,
  d: ClaimDeps,
  request: ShareRequest,
): { share: ShareRow; entry?: Entry; queued: boolean } {
  const again = tx
    .hot('select id from share where brand_id = ? and conversation_id = ? and client_id = ?')
    .get(request.brandId, request.conversationId, request.clientId);
  if (again) {
    const share = readShare(tx, again.id as string);
    if (share?.integrationId !== request.integrationId || share.purpose !== request.purpose)
      problem('conflict', 'This client id was used for another send.');
    return { share, queued: false };
  }
  const now = d.now();
  const { facts, context } = loadShare(tx, d.keys, request, now);
  if (context.fields.length === 0) problem('bad-input', 'This partner declares nothing for this purpose.');
  const lacking = context.fields.find((f) => f.need && f.value === undefined);
  if (lacking)
    problem('nothing-may-leave', `${facts.manifest.name} needs a value that is not known: ${lacking.field}.`);
  const known = context.fields.filter((f) => f.value !== undefined);
  const decision = decideShare(known);
  const share: ShareRow = {
    id: d.ids(),
    ...request,
    fields: known.map((f) => f.field),
    captured: { allowed: [...decision.allowedFields], denied: decision.denied },
    state: decision.effect === 'allow' ? 'queued' : 'denied',
    attempts: 0,
    triesFrom: 0,
    notBeforeMs: 0,
  };
  const at = now.toISOString();
  tx.hot(
    `insert into share (id, brand_id, subject_id, conversation_id, integration_id, purpose, client_id, fields_json,
     allowed_json, state, attempts, not_before_ms, seq, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)`,
  ).run(
    share.id,
    share.brandId,
    share.subjectId,
    share.conversationId,
    share.integrationId,
    share.purpose,
    request.clientId,
    JSON.stringify(share.fields),
    JSON.stringify(share.captured),
    share.state,
    tx.seq(),
    at,
  );
  insertDecision(tx, d, share, context, decision, at);
  const state = share.state === 'queued' ? 'waiting' : 'withheld';
  const key = d.keys.of(tx, share.brandId, share.subjectId);
  const entry = appendEntry(
    tx,
    { ...share, key, at },
    shareEntry(
      share,
      facts.manifest.name,
      state,
      decision.allowedFields,
      decision.denied,
      state === 'waiting' ? whyWaits(tx, { ...request, now }, facts.manifest.name) : undefined,
    ),
  );
  return { share, entry, queued: share.state === 'queued' };
}

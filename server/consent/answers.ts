import type { Entry } from '#contract/chat.ts';
import type { ConsentType } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { isField } from '#contract/visitor.ts';
import { afterSignal, grantedAfterSignal, stateOf } from '../gate/derive.ts';
import { termsOfField } from '../gate/manifest.ts';
import { appendEntry } from '../store/entries.ts';
import { readShareFacts, type ShareFacts } from '../store/share-facts.ts';
import { appendEvent } from './events.ts';
import type { OptOutDeps } from './opt-out.ts';
import { takeNonce } from './questions.ts';
import { makeReceipt } from './receipts.ts';
import { type AlreadyOut, chatsOf, stopQueued, whatIsOut } from './under-way.ts';

/** An answer as it comes from a screen of the hub: one yes or no a field; what is left out is Not now. */
export interface Answer {
  brandId: string;
  subjectId: string;
  sessionHash: string;
  /** The chat it was answered in; the preference page has none and tells every open chat of the person. */
  conversationId?: string;
  method: 'question' | 'preferences';
  nonce: string;
  answers: Readonly<Record<string, 'yes' | 'no'>>;
  later: boolean;
}

/** What was stored, and where the answer said no to what had been yes: what was stopped, and what is out already. */
export interface Answered {
  type: ConsentType;
  receipt?: string;
  entry?: Entry;
  stopped: number;
  alreadyOut: AlreadyOut[];
}

/** A yes holds for a year (our guess for GATE.md c "Expiry": as long as a no keeps us from asking again). */
const validFor = (now: Date): string => {
  const until = new Date(now);
  until.setUTCFullYear(until.getUTCFullYear() + 1);
  return until.toISOString();
};

/** The terms of a field as they stand on the screen that was answered (GATE.md a). */
const termsNow = (facts: ShareFacts, field: ShareFacts['manifest']['fields'][number]): string =>
  termsOfField(facts.manifest, field, facts.block?.hash ?? '');

const typeOf = (fields: number, no: number, granted: boolean): ConsentType => {
  if (fields > 0) return granted ? 'renewed' : 'given';
  if (no > 0) return granted ? 'withdrawn' : 'refused';
  return 'deferred';
};

/**
 * Stores one answer of a screen: one event for all its fields, its ledger row, receipt and line in the chat, in one
 * commit. Fields of a yes that holds and were not answered now stay as they were said. Any no raises the epoch, kills
 * what is queued and every open question, and is in force when this resolves (GATE.md c, I4). Raises `nonce-dead`, or
 * `bad-input` for a field that did not stand on the screen.
 */
export async function answerQuestion(d: OptOutDeps, a: Answer): Promise<Answered> {
  const { entries, takesBack, ...done } = await d.store.write((tx) => {
    const screen = takeNonce(tx, d, a, a.nonce);
    const said = Object.entries(a.later ? {} : a.answers).map(([field, word]) => {
      if (!isField(field) || !screen.fields.includes(field)) problem('bad-input', 'That field was not asked for.');
      return { field, word };
    });
    const no = said.filter((s) => s.word === 'no').map((s) => s.field);
    const facts = readShareFacts(tx, d.keys, screen, screen.noticeHash);
    const now = d.now();
    const before = stateOf(facts.head, facts.integration.revokedBeforeSeq, now) === 'granted' ? facts.head : undefined;
    const fresh = said.filter((s) => s.word === 'yes').map((s) => s.field);
    const confirmed = before !== undefined && grantedAfterSignal(facts);
    // A yes that was first said in ignorance of the signal is not confirmed by a yes to something else (GATE.md h).
    const knowing = screen.conflict && (fresh.length > 0 || confirmed);
    const unasked = before?.fields.filter((f) => said.every((s) => s.field !== f)) ?? [];
    const kept = knowing && !confirmed ? [] : unasked;
    const yes = facts.manifest.fields.map((f) => f.name).filter((f) => fresh.includes(f) || kept.includes(f));
    const type = typeOf(said.length > 0 ? yes.length : 0, no.length, before !== undefined);
    const granting = type === 'given' || type === 'renewed';
    const terms = Object.fromEntries(
      facts.manifest.fields
        .filter((f) => f.purpose === screen.purpose && yes.includes(f.name))
        .map((f) => [f.name, kept.includes(f.name) ? before?.terms[f.name] : termsNow(facts, f)]),
    );
    const takesBack = no.length > 0;
    const until = kept.length > 0 ? (before?.validUntil ?? null) : validFor(now);
    const event = appendEvent(tx, d, {
      ...screen,
      type,
      by: 'self',
      method: knowing ? `${a.method}${afterSignal}` : a.method,
      fields: granting ? yes : no,
      asked: [...new Set([...yes, ...no])],
      terms: granting ? terms : {},
      manifestHash: facts.manifestHash,
      noticeHash: screen.noticeHash,
      regime: facts.config.regime,
      validUntil: granting ? until : null,
      takesBack,
    });
    const answer = { ...event, type, yes: granting ? yes : [], no, validUntil: granting ? until : null };
    const receipt = type === 'deferred' ? undefined : makeReceipt(tx, d, facts, answer);
    const stoppedEntries = takesBack ? stopQueued(tx, d, screen) : [];
    const key = d.keys.of(tx, a.brandId, a.subjectId);
    const lines = chatsOf(tx, a).map((conversationId) =>
      appendEntry(
        tx,
        { ...screen, conversationId, key, at: event.at },
        {
          kind: 'answered',
          integration: screen.integrationId,
          partner: facts.manifest.name,
          purpose: screen.purpose,
          yes: granting ? yes : [],
          no,
          later: type === 'deferred',
        },
      ),
    );
    return {
      type,
      takesBack,
      ...(receipt ? { receipt } : {}),
      ...(lines[0] ? { entry: lines[0] } : {}),
      stopped: stoppedEntries.length,
      alreadyOut: takesBack ? whatIsOut(tx, d.fence, screen) : [],
      entries: [...stoppedEntries, ...lines],
    };
  });
  if (takesBack) d.fence.cancel({ subjectId: a.subjectId });
  d.publish(entries, a.brandId);
  return done;
}

import type { Entry } from '#contract/chat.ts';
import { declaredFor, receivesOf } from '#contract/connection.ts';
import type { ConsentType } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { type Field, isField } from '#contract/visitor.ts';
import { combineKnown } from '../egress/combine.ts';
import { afterSignal, grantedAfterSignal, regimeOf, stateOf } from '../gate/derive.ts';
import { termsOfField } from '../gate/manifest.ts';
import { appendEntry } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { readShareFacts, type ShareFacts } from '../store/share-facts.ts';
import { appendEvent } from './events.ts';
import type { OptOutDeps } from './opt-out.ts';
import { type FollowUp, propagate } from './propagation.ts';
import { confirmNonce, type LiveScreen, takeNonce } from './questions.ts';
import { makeReceipt } from './receipts.ts';
import { yearAfter } from './standing.ts';
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
  /** The nonce of the second step, where a yes after an opt-out needs one: nothing is granted yet. */
  confirm?: string;
  stopped: number;
  alreadyOut: AlreadyOut[];
  followUp: FollowUp[];
}

/** The terms of a field as they stand on the screen that was answered (GATE.md a). */
const termsNow = (facts: ShareFacts, field: ShareFacts['manifest']['fields'][number]): string =>
  termsOfField(facts.manifest, field, facts.block?.hash ?? '');

/** A yes after an opt-out takes two steps where the law lets silence mean yes (GATE.md c; 11 CCR 7028). */
const needsSecondStep = (facts: ShareFacts, screen: LiveScreen): boolean =>
  regimeOf(facts) === 'opt_out' &&
  !screen.confirms &&
  (facts.head?.type === 'refused' || facts.head?.type === 'withdrawn');

const typeOf = (fields: number, no: number, granted: boolean): ConsentType => {
  if (fields > 0) return granted ? 'renewed' : 'given';
  if (no > 0) return granted ? 'withdrawn' : 'refused';
  return 'deferred';
};

/**
 * Stores one answer of a screen: one event for all its fields, its ledger row, receipt and line in the chat, in one
 * commit. Fields of a yes that holds and were not answered now stay as they were said. Any no raises the epoch, kills
 * what is queued and every open question, and is in force when this resolves (GATE.md c, I4). The first step of two
 * stores its event and grants nothing; `confirm` then answers as any nonce does. Raises `nonce-dead`, or
 * `bad-input` for a field that did not stand on the screen.
 */
export async function answerQuestion(d: OptOutDeps, a: Answer): Promise<Answered> {
  const { entries, takesBack, person, ...done } = await d.store.write((tx) => {
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
    const declared = declaredFor(facts.manifest, screen.purpose);
    const yes = declared.map((f) => f.name).filter((f) => fresh.includes(f) || kept.includes(f));
    const type = typeOf(said.length > 0 ? yes.length : 0, no.length, before !== undefined);
    const granting = type === 'given' || type === 'renewed';
    const terms = Object.fromEntries(
      declared
        .filter((f) => yes.includes(f.name))
        .map((f) => [f.name, kept.includes(f.name) ? before?.terms[f.name] : termsNow(facts, f)]),
    );
    if (fresh.length > 0 && needsSecondStep(facts, screen)) return firstStep(tx, d, a, screen, facts, fresh);
    const takesBack = no.length > 0;
    // A yes holds for a year (our guess for GATE.md c "Expiry": as long as a no keeps us from asking again).
    const until = kept.length > 0 ? (before?.validUntil ?? null) : yearAfter(now.toISOString());
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
      regime: regimeOf(facts),
      validUntil: granting ? until : null,
      takesBack,
    });
    const answer = { ...event, type, yes: granting ? yes : [], no, validUntil: granting ? until : null };
    if (granting && declared.some((f) => f.receives)) combineKnown(tx, d, screen);
    const receipt = type === 'deferred' ? undefined : makeReceipt(tx, d, facts, answer);
    const out = takesBack ? whatIsOut(tx, d.fence, screen) : [];
    // A no to one field is told to who got that field; the rest of the yes stands.
    const taken = out.filter((o) => o.fields.some((f) => no.includes(f)));
    const job = propagate(tx, d, screen, { seq: event.seq, action: 'suppress' }, taken);
    const stoppedEntries = takesBack ? stopQueued(tx, d, screen) : [];
    const key = d.keys.of(tx, a.brandId, a.subjectId);
    const lines = chatsOf(tx, a).map((chat) =>
      appendEntry(
        tx,
        { ...screen, ...chat, key, at: event.at },
        {
          kind: 'answered',
          integration: screen.integrationId,
          partner: facts.manifest.name,
          purpose: screen.purpose,
          yes: granting ? yes : [],
          no,
          later: type === 'deferred',
          ...receivesOf(declared),
        },
      ),
    );
    return {
      type,
      takesBack,
      person: facts.subjectId,
      ...(receipt ? { receipt } : {}),
      ...(lines[0] ? { entry: lines[0] } : {}),
      stopped: stoppedEntries.length,
      alreadyOut: out,
      followUp: job ? [job.told] : [],
      entries: [...stoppedEntries, ...lines],
    };
  });
  if (takesBack) d.fence.cancel({ subjectId: person });
  d.publish(entries, a.brandId);
  return done;
}

/** Keeps the first step, which is not an answer, and hands out the second; the no before it holds all the while. */
function firstStep(tx: Tx, d: OptOutDeps, a: Answer, screen: LiveScreen, facts: ShareFacts, fields: Field[]) {
  const type = 'given_pending_confirm' as const;
  appendEvent(tx, d, {
    ...screen,
    type,
    by: 'self',
    method: a.method,
    fields,
    asked: fields,
    terms: {},
    manifestHash: facts.manifestHash,
    noticeHash: screen.noticeHash,
    regime: regimeOf(facts),
    validUntil: null,
  });
  const confirm = confirmNonce(tx, d, screen, fields, a.sessionHash);
  return { type, confirm, takesBack: false, person: '', stopped: 0, alreadyOut: [], followUp: [], entries: [] };
}

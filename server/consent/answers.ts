import type { Entry } from '#contract/chat.ts';
import type { ConsentType } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { isField } from '#contract/visitor.ts';
import { termsOfField } from '../gate/manifest.ts';
import { appendEntry } from '../store/entries.ts';
import { headOf, readShareFacts } from '../store/share-facts.ts';
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

const typeOf = (yes: number, no: number, granted: boolean): ConsentType =>
  yes > 0 ? 'given' : no > 0 ? (granted ? 'withdrawn' : 'refused') : 'deferred';

/**
 * Stores one answer of a screen: one event for all its fields, its ledger row, receipt and line in the chat, in one
 * commit. A no, and a yes to less than before, raise the epoch, kill what is queued, and are in force when this
 * resolves. Raises `nonce-dead`, or `bad-input` for a field that did not stand on the screen.
 */
export async function answerQuestion(d: OptOutDeps, a: Answer): Promise<Answered> {
  const { entries, ...done } = await d.store.write((tx) => {
    const screen = takeNonce(tx, d, a, a.nonce);
    const said = Object.entries(a.later ? {} : a.answers).map(([field, word]) => {
      if (!isField(field) || !screen.fields.includes(field)) problem('bad-input', 'That field was not asked for.');
      return { field, word };
    });
    const yes = said.filter((s) => s.word === 'yes').map((s) => s.field);
    const no = said.filter((s) => s.word === 'no').map((s) => s.field);
    const facts = readShareFacts(tx, d.keys, screen);
    const before = headOf(tx, screen);
    const granted = before?.type === 'given' || before?.type === 'renewed';
    const type = typeOf(yes.length, no.length, granted);
    const terms = Object.fromEntries(
      facts.manifest.fields
        .filter((f) => f.purpose === screen.purpose && yes.includes(f.name))
        .map((f) => [f.name, termsOfField(facts.manifest, f, facts.block?.hash ?? '')]),
    );
    const now = d.now();
    const event = appendEvent(tx, d, {
      ...screen,
      type,
      by: 'self',
      method: a.method,
      fields: type === 'given' ? yes : no,
      asked: [...yes, ...no],
      terms,
      manifestHash: facts.manifestHash,
      noticeHash: screen.noticeHash,
      regime: facts.config.regime,
      validUntil: type === 'given' ? validFor(now) : null,
    });
    const less = granted && before.fields.some((f) => !yes.includes(f)) && type !== 'deferred';
    // A yes to less than before takes something back: it counts like a no for what is under way (GATE.md I4).
    if (less && type === 'given')
      tx.hot('update subject set epoch = epoch + 1 where id = ? and brand_id = ?').run(a.subjectId, a.brandId);
    const receipt = type === 'deferred' ? undefined : makeReceipt(tx, d, facts, { ...event, type, yes, no });
    const stoppedEntries = less || type === 'refused' ? stopQueued(tx, d, screen) : [];
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
          yes,
          no,
          later: type === 'deferred',
        },
      ),
    );
    return {
      type,
      less,
      ...(receipt ? { receipt } : {}),
      ...(lines[0] ? { entry: lines[0] } : {}),
      stopped: stoppedEntries.length,
      alreadyOut: less ? whatIsOut(tx, d.fence, screen) : [],
      entries: [...stoppedEntries, ...lines],
    };
  });
  if (done.less || done.type === 'refused') d.fence.cancel({ subjectId: a.subjectId });
  d.publish(entries, a.brandId);
  return done;
}

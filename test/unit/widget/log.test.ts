import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry, EntryBody } from '#contract/chat.ts';
import { emptyLog, items, type Log, receive, send } from '../../../server/web/widget/log.ts';

const entry = (seq: number, body: EntryBody): Entry => ({
  seq,
  n: seq,
  conversation: 'c',
  at: '2026-11-22T14:00:00Z',
  ...body,
});
const mine = (seq: number, clientId = `m${seq}`) =>
  entry(seq, { kind: 'message', author: 'visitor', by: 'You', text: `text ${seq}`, clientId });
const crm = { integration: 'i1', partner: 'HubSpot', purpose: 'CustomerRelationshipManagement' } as const;
const asked = (seq: number, topic: typeof crm | (Omit<typeof crm, 'purpose'> & { purpose: 'CustomerCare' }) = crm) =>
  entry(seq, { kind: 'asked', ...topic, by: 'Maria' });
const answered = (seq: number, later = false) =>
  entry(seq, { kind: 'answered', ...crm, yes: later ? [] : ['email'], no: [], later });
const withdrawn = (seq: number) =>
  entry(seq, { kind: 'withdrawn', integration: 'i1', partner: 'HubSpot', alreadyOut: 0, stopped: 0 });
const lines = (...entries: Entry[]) => items(receive(emptyLog, entries));
const kinds = (...entries: Entry[]) => lines(...entries).map((item) => `${item.kind} ${item.key}`);

describe('the log', () => {
  it('R62 is the same whatever the order, the batches and the repeats in which entries arrive', () => {
    const all = [mine(3), asked(5), mine(8), answered(9), mine(12), withdrawn(13)];
    fc.assert(
      fc.property(
        fc.array(fc.subarray(all), { maxLength: 8 }),
        fc.shuffledSubarray(all, { minLength: all.length }),
        (batches, rest) => {
          const log = [...batches, rest].reduce<Log>(receive, emptyLog);
          expect(log.entries).toEqual(all);
          expect(items(log)).toEqual(lines(...all));
        },
      ),
    );
  });

  it('R62 a waiting message becomes its entry under the same key, and stands once', () => {
    const waiting = send(emptyLog, { clientId: 'a', text: 'hi', at: '2026-11-22T14:00:00Z' });
    expect(items(waiting).map((i) => `${i.kind} ${i.key}`)).toEqual(['sending a']);
    const done = receive(waiting, [mine(4, 'a')]);
    expect(items(done).map((i) => `${i.kind} ${i.key}`)).toEqual(['message a']);
    // A late repeat from the outbox does not bring it back.
    expect(send(done, { clientId: 'a', text: 'hi', at: '2026-11-22T14:00:00Z' }).sending).toEqual([]);
  });

  it('waiting messages stand last, in the order in which they were written', () => {
    let log = receive(emptyLog, [mine(4)]);
    for (const clientId of ['a', 'b']) log = send(log, { clientId, text: clientId, at: '2026-11-22T14:00:00Z' });
    log = receive(send(log, { clientId: 'a', text: 'a', at: '2026-11-22T14:00:00Z', failed: 'why' }), [mine(9)]);
    expect(items(log).map((i) => i.key)).toEqual(['m4', 'm9', 'a', 'b']);
  });
});

describe('questions in the log', () => {
  it('R20 an open question becomes its answer in place', () => {
    expect(kinds(asked(1), mine(2))).toEqual(['question 1', 'message m2']);
    expect(kinds(asked(1), mine(2), answered(3))).toEqual(['answer 1', 'message m2']);
  });
  it('of two askings the newest stands', () => {
    expect(kinds(asked(1), mine(2), asked(3))).toEqual(['message m2', 'question 3']);
  });
  it('each purpose is its own question', () => {
    const care = asked(2, { ...crm, purpose: 'CustomerCare' });
    expect(kinds(asked(1), care, answered(3))).toEqual(['answer 1', 'question 2']);
  });
  it('only the newest answer can be changed, and a not now knows what was said before', () => {
    const [first, second] = lines(answered(1), answered(2, true));
    expect(first).toMatchObject({ kind: 'answer', latest: false });
    expect(second).toMatchObject({ kind: 'answer', latest: true, before: { seq: 1 } });
  });
  it('a withdrawal closes every question of its partner and ends what was said before', () => {
    expect(kinds(asked(1), withdrawn(2))).toEqual(['off 2']);
    const after = lines(answered(1), withdrawn(2), answered(3, true));
    expect(after[0]).toMatchObject({ latest: false });
    expect(after[2]).not.toHaveProperty('before');
  });
  it('R17 one use that is turned off leaves the questions and answers about the others', () => {
    const part = entry(3, {
      kind: 'withdrawn',
      integration: 'i1',
      partner: 'HubSpot',
      purposes: ['CustomerCare'],
      alreadyOut: 0,
      stopped: 0,
    });
    const other = { ...crm, purpose: 'CustomerCare' as const };
    expect(lines(answered(1), asked(2, other), part)).toMatchObject([
      { kind: 'answer', latest: true },
      { kind: 'off' },
    ]);
    expect(kinds(asked(1), asked(2, other), part)).toEqual(['question 1', 'off 3']);
  });
  it('R27 under age ends what was said before; R26 an objection is one line and ends nothing', () => {
    const said = { on: true, alreadyOut: 0, stopped: 0 };
    const after = lines(answered(1), entry(2, { kind: 'under_age', ...said }), answered(3));
    expect(after).toMatchObject([{ latest: false }, { kind: 'told' }, { kind: 'answer', latest: true }]);
    expect(after[2]).not.toHaveProperty('before');
    expect(lines(answered(1), entry(2, { kind: 'objected', what: 'all', ...said }))).toMatchObject([
      { kind: 'answer', latest: true },
      { kind: 'told' },
    ]);
  });
  it('a share is one line from doubt to certainty, and none where nothing left', () => {
    const share = (seq: number, state: 'waiting' | 'sent' | 'withheld' | 'failed' | 'unknown') =>
      entry(seq, { kind: 'share', share: 's1', ...crm, state, fields: ['email'], withheld: [] });
    expect(kinds(share(1, 'waiting'), share(2, 'withheld'))).toEqual([]);
    expect(lines(share(1, 'waiting'), share(2, 'unknown'), share(3, 'sent'))).toMatchObject([
      { kind: 'share', entry: { state: 'sent' } },
    ]);
    expect(kinds(share(1, 'unknown'), share(2, 'failed'))).toEqual([]);
  });
});

import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { Handed, Mail } from '../../../server/egress/mail.ts';
import { createOutbox } from '../../../server/people/outbox.ts';
import { createPosting, settleUnsure } from '../../../server/people/posting.ts';
import { openStore } from '../../../server/store/open.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** An outbox over a real store, and a mailer that does as told and keeps what it was handed. */
function desk() {
  const store = openStore(':memory:');
  open.push(() => store.close());
  const clock = { ms: Date.parse('2026-11-22T12:00:00Z') };
  const now = () => clock.ms;
  const outbox = createOutbox({ store, key: randomBytes(32), now });
  const handed: Mail[] = [];
  let say: (mail: Mail) => Promise<Handed> = async () => ({ ok: true });
  const failures: unknown[] = [];
  const worker = () => {
    const posting = createPosting({
      store,
      outbox,
      mailer: {
        hand(mail) {
          handed.push(mail);
          return say(mail);
        },
      },
      now,
      onFailure: (e) => failures.push(e),
    });
    open.push(posting.stop);
    return posting;
  };
  return {
    store,
    outbox,
    clock,
    handed,
    worker,
    failures,
    answers(next: (mail: Mail) => Promise<Handed>) {
      say = next;
    },
  };
}
const again: Handed = { ok: false, next: 'again', trouble: 'The mail server cannot be reached.' };
async function work(posting: ReturnType<typeof createPosting>) {
  posting.wake();
  await posting.settled();
}

test('R7 each mail is handed over once, oldest first, and kept as sent with its time', async () => {
  const d = desk();
  await d.outbox.put('maria@harbor.example', 'One', 'a');
  d.clock.ms += 1_000;
  await d.outbox.put('jens@harbor.example', 'Two', 'b');
  const posting = d.worker();
  await work(posting);
  await work(posting);
  expect(d.handed.map((m) => [m.to, m.subject, m.text])).toEqual([
    ['maria@harbor.example', 'One', 'a'],
    ['jens@harbor.example', 'Two', 'b'],
  ]);
  expect((await d.outbox.list()).map((m) => [m.state, m.sentAt])).toEqual([
    ['sent', '2026-11-22T12:00:01.000Z'],
    ['sent', '2026-11-22T12:00:01.000Z'],
  ]);
});

test('R7 two workers over one store hand each mail over once', async () => {
  const d = desk();
  for (let n = 0; n < 20; n++) await d.outbox.put('maria@harbor.example', `Mail ${n}`, 'a');
  await Promise.all([work(d.worker()), work(d.worker())]);
  expect(new Set(d.handed.map((m) => m.id)).size).toBe(20);
  expect(d.handed).toHaveLength(20);
});

test('R7 WH4 a server that is away: tried again as the schedule says, then kept as failed; an operator sends it again', async () => {
  const d = desk();
  await d.outbox.put('maria@harbor.example', 'One', 'a');
  d.answers(async () => again);
  const posting = d.worker();
  await work(posting);
  for (const ms of [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000]) {
    const before = d.handed.length;
    d.clock.ms += ms - 1;
    await work(posting);
    expect(d.handed).toHaveLength(before);
    d.clock.ms += 1;
    await work(posting);
    expect(d.handed).toHaveLength(before + 1);
  }
  const [mail] = await d.outbox.list();
  expect(mail).toMatchObject({ state: 'failed', trouble: 'The mail server cannot be reached.' });
  d.answers(async () => ({ ok: true }));
  await d.outbox.again(mail?.id ?? '');
  await work(posting);
  expect(d.handed).toHaveLength(9);
  expect(new Set(d.handed.map((m) => m.id)).size).toBe(1);
  await expect(d.outbox.again(mail?.id ?? '')).rejects.toMatchObject({ slug: 'moved-on' });
});

test('R7 a mail that was being handed over when the hub stopped is not sent by itself again', async () => {
  const d = desk();
  await d.outbox.put('maria@harbor.example', 'One', 'a');
  d.answers(() => new Promise(() => {}));
  d.worker().wake(); // and this worker never comes back
  open.pop();
  await expect.poll(() => d.handed.length).toBe(1);
  await settleUnsure(d.store);
  d.answers(async () => ({ ok: true }));
  await work(d.worker());
  expect(d.handed).toHaveLength(1);
  expect(await d.outbox.list()).toMatchObject([{ state: 'unsure', trouble: expect.stringContaining('may have gone') }]);
});

test('R7 a mail that may have gone already is left to whoever runs the hub', async () => {
  const d = desk();
  await d.outbox.put('maria@harbor.example', 'One', 'a');
  d.answers(async () => ({ ok: false, next: 'unsure', trouble: 'It may have gone.' }));
  const posting = d.worker();
  await work(posting);
  d.clock.ms += 86_400_000;
  await work(posting);
  expect(d.handed).toHaveLength(1);
  expect(await d.outbox.list()).toMatchObject([{ state: 'unsure' }]);
});

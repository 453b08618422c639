import { afterEach, expect, test } from 'vitest';
import { createHttp, type Dispatched } from '../../../server/egress/http.ts';
import { openSimulator, type Simulator } from '../../support/simulator.ts';
import { until } from '../hub/stage.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A request under way to a partner, and what stops the rest of it. */
async function underWay(fault: Parameters<Simulator['faults']['push']>[0], bytes: number) {
  const partner = await openSimulator();
  partner.faults.push(fault);
  const http = createHttp({ allow: [partner.host], monotonic: () => performance.now() });
  open.push(http.close, partner.close);
  const cuts: (() => void)[] = [];
  const result = http.dispatch({
    origin: partner.origin,
    method: 'POST',
    path: '/contacts',
    headers: {},
    body: Buffer.alloc(bytes, 'x'),
    onWritten: (cut) => cuts.push(cut),
  });
  await until('the partner has its head', () => partner.calls === 1);
  const cut = () => {
    for (const one of cuts) one();
  };
  return { partner, result, cut };
}
const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((done) => setImmediate(done));
};

// Larger than what a kernel buffers on loopback for both ends together (tcp_wmem and tcp_rmem: 4 MB and 32 MB at most).
const large = 48_000_000;

test('GATE-e.2.4 a body larger than one write, to a partner that stopped reading: cut, nothing but what the kernel held arrives', async () => {
  const { partner, result, cut } = await underWay('stop reading', large);
  cut();
  expect(await result).toEqual({ kind: 'unknown', why: 'stopped' });
  partner.read();
  let before = -1;
  await until('the rest of it is in', async () => {
    const same = before === partner.received;
    before = partner.received;
    await turns(50);
    return same;
  });
  expect(partner.received).toBeLessThan(large);
  cut(); // a second time it does nothing
});

test('GATE-e.2.4 the same body, not cut, arrives whole: it is the cut that kept the rest back', async () => {
  const { partner, result } = await underWay('stop reading', large);
  partner.read();
  await until('it is all in', () => partner.received > large);
  partner.release();
  expect(await result).toEqual({ kind: 'unknown', why: 'closed' });
});

test('GATE-e.2 what the kernel took whole is not cut off: its answer still counts', async () => {
  const { partner, result, cut } = await underWay('hang', 300);
  cut();
  await turns(20);
  partner.release();
  expect(await result).toEqual({ kind: 'unknown', why: 'closed' });
  let over = () => {};
  const done = createHttp({ allow: [partner.host], monotonic: () => performance.now() });
  open.push(done.close);
  partner.faults.push('500');
  const answered: Dispatched = await done.dispatch({
    origin: partner.origin,
    method: 'POST',
    path: '/contacts',
    headers: {},
    body: '{}',
    onWritten: (stop) => {
      over = stop;
    },
  });
  over(); // the call is over: its socket belongs to the next one
  expect(answered).toMatchObject({ kind: 'sent', status: 500 });
  await turns(1); // undici frees a connection one turn of the event loop after its answer
  partner.faults.push('500');
  const next = { origin: partner.origin, method: 'POST', path: '/contacts', headers: {}, body: '{}' } as const;
  expect(await done.dispatch(next)).toMatchObject({ kind: 'sent', status: 500 });
  expect(partner.connections()).toBe(2);
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import type { Rig } from './rig.ts';
import { type BenchRow, quantile, row } from './row.ts';

/**
 * DESIGN.md 7, fourth row: one share after another from the queue to its stored outcome — claim, fresh sandbox, three
 * calls to the sandbox partner over a socket, outcome — in milliseconds. The limit is three bare undici calls to a
 * server that answers at once.
 */
export async function benchDelivery(rig: Rig, { count = 200, warmUp = 20 } = {}): Promise<BenchRow[]> {
  const people = await rig.people(count + warmUp);
  const { runner } = rig.door.hub.deps;
  const times: number[] = [];
  for (const [i, one] of people.entries()) {
    await rig.shares([one], 1);
    const start = performance.now();
    runner.wake();
    await runner.idle();
    if (i >= warmUp) times.push(performance.now() - start);
  }
  const states = rig.store.read.hot('select state, count(*) as n from outcome group by state').all();
  if (states.length !== 1 || states[0]?.state !== 'sent' || states[0].n !== count + warmUp)
    throw new Error(`not every share was sent: ${JSON.stringify(states)}`);

  const server = createServer((req, res) => {
    req.resume().on('end', () => res.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"512"}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const dispatcher = new Agent();
  const bare: number[] = [];
  for (let i = -warmUp; i < count; i++) {
    const start = performance.now();
    for (let call = 0; call < 3; call++)
      await (await request(url, { dispatcher, method: 'POST', body: '{"properties":{}}' })).body.json();
    if (i >= 0) bare.push(performance.now() - start);
  }
  await dispatcher.close();
  server.close();
  const name = 'whole delivery: claim, fresh sandbox, three calls, outcome';
  return [
    row(`${name}, p50`, 'ms', quantile(times, 0.5), quantile(bare, 0.5), 'under 8 ms', (value) => value < 8),
    row(`${name}, p99`, 'ms', quantile(times, 0.99), quantile(bare, 0.99)),
  ];
}

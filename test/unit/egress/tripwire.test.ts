import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect as http2 } from 'node:http2';
import { connect, Socket } from 'node:net';
import { connect as tls } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttp } from '../../../server/egress/http.ts';
import { setTripwire, type Tripwire } from '../../../server/egress/tripwire.ts';
import { type Evil, openEvil } from '../../support/evil.ts';

let partner: Evil;
let wire: Tripwire;
let alarms: string[];
beforeEach(async () => {
  partner = await openEvil();
  alarms = [];
  wire = setTripwire((at) => alarms.push(at));
});
afterEach(async () => {
  wire.remove();
  await partner.close();
});

const refused = { code: 'OUTSIDE_EGRESS' };
const error = async (emitter: NodeJS.EventEmitter) => (await once(emitter, 'error'))[0];
const turns = async () => {
  for (let i = 0; i < 20; i++) await new Promise((done) => setImmediate(done));
};

describe('GATE-48 a connect from hub code, outside egress', () => {
  const ways: Record<string, () => Promise<unknown>> = {
    'node:http': () => error(get(`${partner.origin}/contacts?email=ada@brandt.example`)),
    fetch: () => fetch(`${partner.origin}/contacts`).catch((e) => e.cause),
    'node:net': () => error(connect(partner.port, '127.0.0.1')),
    'a socket of its own': () => error(new Socket().connect(partner.port, '127.0.0.1')),
    'a socket that was destroyed': () => error(new Socket().destroy().connect(partner.port, '127.0.0.1')),
    'node:tls': () => error(tls(partner.port, '127.0.0.1')),
    'node:http2': () => error(http2(partner.origin)),
    'a local socket': () => error(connect('/tmp/nobody.sock')),
  };
  test.each(Object.entries(ways).filter(([name]) => !name.includes('destroyed')))(
    'GATE-48 %s: refused before its first packet, and the alarm names file and line and no host',
    async (_, way) => {
      expect(await way()).toMatchObject(refused);
      await turns();
      expect(partner.connections()).toBe(0);
      expect(alarms).toHaveLength(1);
      expect(alarms[0]).toMatch(/^([\w.-]+:\d+|unknown)$/);
    },
  );

  test('GATE-48 a socket that was destroyed before: alarmed, and nothing is reached', async () => {
    new Socket().destroy().connect(partner.port, '127.0.0.1');
    await turns();
    expect([alarms.length, partner.connections()]).toEqual([1, 0]);
  });

  test('GATE-48 egress itself passes, and only while it connects: the next connect beside it is refused', async () => {
    const http = createHttp({ allow: [partner.host], monotonic: () => performance.now(), through: wire.through });
    const call = { origin: partner.origin, method: 'GET', path: '/', headers: {} } as const;
    const answer = http.dispatch(call);
    expect(await error(connect(partner.port, '127.0.0.1'))).toMatchObject(refused);
    expect(await answer).toMatchObject({ kind: 'sent', status: 200 });
    expect([alarms.length, partner.connections()]).toEqual([1, 1]);
    await http.close();
    // Egress that was not let through is refused like everybody else: it is the way past, not the file, that counts.
    const other = createHttp({ allow: [partner.host], monotonic: () => performance.now() });
    expect(await other.dispatch(call)).toEqual({ kind: 'failed', why: 'connect' });
    await other.close();
  });

  test('GATE-48 a socket the listener accepted passes, and a wire that was removed is gone', async () => {
    const mine = wire.through(() => connect(partner.port, '127.0.0.1'));
    await once(mine, 'connect');
    mine.write('GET / HTTP/1.1\r\n\r\n');
    await once(mine, 'data');
    mine.destroy();
    expect(alarms).toEqual([]);
    wire.remove();
    const other = connect(partner.port, '127.0.0.1');
    await once(other, 'connect');
    other.destroy();
    expect(alarms).toEqual([]);
  });

  test('GATE-48 what it does not see, so that nobody relies on it: UDP, another worker thread, a socket already open', async () => {
    const heard = createSocket('udp4').bind(0, '127.0.0.1');
    await once(heard, 'listening');
    const said = createSocket('udp4');
    said.send('ada', heard.address().port, '127.0.0.1');
    expect(String((await once(heard, 'message'))[0])).toBe('ada');
    said.close();
    heard.close();

    const code = `require('node:net').connect(${partner.port}, '127.0.0.1', function () { this.destroy(); })`;
    await once(new Worker(code, { eval: true }), 'exit');
    await expect.poll(() => partner.connections()).toBe(1);
    expect(alarms).toEqual([]);
  });
});

import type { LookupAddress } from 'node:dns';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isInside, type Resolve } from '../../../server/egress/guard.ts';
import { createHttp, type Http } from '../../../server/egress/http.ts';
import { type Evil, openEvil } from '../../support/evil.ts';

let canary: Evil;
const open: Http[] = [];
beforeEach(async () => {
  canary = await openEvil();
});
afterEach(async () => {
  for (const http of open.splice(0)) await http.close();
  await canary.close();
});

/** A name server that answers from a list, one entry an ask. */
function names(...answers: string[][]): Resolve & { asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (host, done) => {
    const now = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(host);
    const list: LookupAddress[] = now.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    setImmediate(() => done(null, list));
  };
  return Object.assign(resolve, { asked });
}
function http(allow: string[], resolve: Resolve): Http {
  const made = createHttp({ allow, monotonic: () => performance.now(), resolve, totalMs: 2_000 });
  open.push(made);
  return made;
}
const call = (origin: string) => ({ origin, method: 'POST', path: '/', headers: {}, body: '{}' }) as const;
const refused = { kind: 'failed', why: 'refused' };

const literals = [
  '127.0.0.1',
  '127.1',
  '0x7f.1',
  '0x7f000001',
  '2130706433',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '0.0.0.0',
  '0',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd12::1]',
  '[ff02::1]',
  '169.254.169.254',
  '[::ffff:169.254.169.254]',
  '0xa9fea9fe',
  '10.0.0.1',
  '100.64.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
];

describe('sec-H10', () => {
  test.each(literals)('the literal %s reaches nothing, over https or http', async (host) => {
    const dns = names(['127.0.0.1']);
    const via = http([], dns);
    for (const scheme of ['https', 'http']) {
      const origin = URL.parse(`${scheme}://${host}:${canary.port}`)?.origin ?? `${scheme}://${host}:${canary.port}`;
      expect(await via.dispatch(call(origin))).toEqual(refused);
    }
    expect(await via.dispatch(call(`https://user@${host}:${canary.port}`))).toEqual(refused);
    expect(canary.connections()).toBe(0);
    expect(dns.asked).toEqual([]);
  });

  test('any address of a blocked range is inside, however it is written; its neighbours are not', () => {
    const part = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        fc.constantFrom('127', '10', '0', '169.254', '192.168', '100.64', '198.18'),
        part,
        part,
        part,
        (net, a, b, c) => {
          const address = `${net}.${a}.${b}.${c}`.split('.').slice(0, 4).join('.');
          const [w = 0, x = 0, y = 0, z = 0] = address.split('.').map(Number);
          const [high, low] = [((w << 8) | x).toString(16), ((y << 8) | z).toString(16)];
          const forms = [
            address,
            `::ffff:${address}`,
            `::ffff:${high}:${low}`,
            `64:ff9b::${high}:${low}`,
            `2002:${high}:${low}::1`,
            `::${high}:${low}`,
          ];
          for (const form of forms) expect([form, isInside(form)]).toEqual([form, true]);
        },
      ),
    );
    const outside = [
      '1.1.1.1',
      '8.8.8.8',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
      '128.0.0.0',
      '169.253.255.255',
      '169.255.0.0',
      '172.15.255.255',
      '172.32.0.0',
      '192.167.255.255',
      '198.17.255.255',
      '198.20.0.0',
      '223.255.255.255',
      '2606:4700::1',
      '2a00:1450::1',
      '2001:4860::8888',
      '2003::1',
    ];
    for (const address of outside) expect([address, isInside(address)]).toEqual([address, false]);
    for (const nothing of ['', 'localhost', '1.2.3', 'fe80::1%eth0', '2606:4700::1%1'])
      expect(isInside(nothing)).toBe(true);
  });

  test('a name (or a CNAME behind it) that answers inside reaches nothing, one bad answer among good ones included', async () => {
    const lists = [
      ['127.0.0.1'],
      ['::1'],
      ['::ffff:127.0.0.1'],
      ['169.254.169.254'],
      ['203.0.113.7', '127.0.0.1'],
      ['127.0.0.1', '203.0.113.7'],
      ['not an address'],
    ];
    for (const list of lists) {
      const dns = names(list);
      expect(await http([], dns).dispatch(call(`https://partner.example:${canary.port}`))).toEqual(refused);
      expect(dns.asked).toEqual(['partner.example']);
    }
    expect(await http([], names([])).dispatch(call('https://partner.example'))).toEqual({
      kind: 'failed',
      why: 'connect',
    });
    expect(canary.connections()).toBe(0);
  });

  test('localhost by name is inside too, by the system resolver', async () => {
    const made = createHttp({ allow: [], monotonic: () => performance.now() });
    open.push(made);
    for (const host of ['localhost', 'LOCALHOST'])
      expect(await made.dispatch(call(new URL(`https://${host}:${canary.port}`).origin))).toEqual(refused);
    // some resolvers know no root dot; none may lead inside
    expect((await made.dispatch(call(`https://localhost.:${canary.port}`))).kind).toBe('failed');
    expect(canary.connections()).toBe(0);
  });

  test('the allow-list means exactly that host and port, and loopback only', async () => {
    const other = await openEvil();
    const dns = names(['127.0.0.1']);
    const via = http([canary.host, '169.254.169.254:80'], dns);
    expect((await via.dispatch(call(canary.origin))).kind).toBe('sent');
    expect(await via.dispatch(call(other.origin))).toEqual(refused);
    expect(await via.dispatch(call(`http://127.0.0.2:${canary.port}`))).toEqual(refused);
    expect(await via.dispatch(call('http://169.254.169.254'))).toEqual(refused);
    expect(await via.dispatch(call(`https://localhost:${canary.port}`))).toEqual(refused);
    expect([canary.connections(), other.connections()]).toEqual([1, 0]);
    await other.close();
  });
});

test('sec-H11 rebinding: each connection asks once and goes to the very answer that was checked', async () => {
  const dns = names(['127.0.0.1'], ['169.254.169.254']);
  const via = http([`partner.example:${canary.port}`], dns);
  const origin = `http://partner.example:${canary.port}`;
  canary.answer((_, reply) => reply.json(200, {}, { connection: 'close' }));
  expect((await via.dispatch(call(origin))).kind).toBe('sent');
  expect(dns.asked.length).toBe(1);
  // the second connection asks again and is refused: a name that was good once is not good for ever
  expect(await via.dispatch(call(origin))).toEqual(refused);
  expect(canary.connections()).toBe(1);
});

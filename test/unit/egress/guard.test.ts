import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isInside, type Resolve } from '../../../server/egress/guard.ts';
import { createHttp, type Http } from '../../../server/egress/http.ts';
import { type Evil, openEvil } from '../../support/evil.ts';
import { embedded, inside4, insideAnswers, insideHosts, names } from '../../support/ssrf.ts';

let canary: Evil;
const open: Http[] = [];
beforeEach(async () => {
  canary = await openEvil();
});
afterEach(async () => {
  for (const http of open.splice(0)) await http.close();
  await canary.close();
});

function http(allow: string[], resolve: Resolve): Http {
  const made = createHttp({ allow, monotonic: () => performance.now(), resolve, totalMs: 2_000 });
  open.push(made);
  return made;
}
const call = (origin: string) => ({ origin, method: 'POST', path: '/', headers: {}, body: '{}' }) as const;
const refused = { kind: 'failed', why: 'refused' };

describe('sec-H10', () => {
  test.each(insideHosts)('the literal %s reaches nothing, over https or http', async (host) => {
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
    fc.assert(
      fc.property(inside4, (four) => {
        for (const form of [four.join('.'), ...embedded(four)]) expect([form, isInside(form)]).toEqual([form, true]);
      }),
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
    for (const list of insideAnswers) {
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

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createHttp } from '../../../server/egress/http.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A partner that takes calls from one address and refuses all others, key or no key. */
async function pickyPartner(only: string) {
  const callers: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    const from = req.socket.remoteAddress;
    callers.push(from);
    res.writeHead(from === only ? 200 : 403, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise((resolve) => server.close(resolve)));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const from = async (localAddress?: string) => {
    const http = createHttp({
      allow: [host],
      monotonic: () => performance.now(),
      ...(localAddress ? { localAddress } : {}),
    });
    open.unshift(http.close);
    const headers = { authorization: 'Bearer the-same-key' };
    return http.dispatch({ origin: `http://${host}`, method: 'GET', path: '/', headers, errand: 'token' });
  };
  return { from, callers };
}

test('control 3 a partner with an allow-list takes the hub’s calls from its set address, and the same key from nowhere else', async () => {
  const { from, callers } = await pickyPartner('127.0.0.2');
  expect(await from('127.0.0.2')).toMatchObject({ kind: 'sent', status: 200 });
  expect(await from('127.0.0.3')).toMatchObject({ kind: 'sent', status: 403 });
  expect(await from()).toMatchObject({ kind: 'sent', status: 403 });
  expect(callers).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.1']);
});

test('control 3 an address this machine does not have sends nothing from another one', async () => {
  const { from, callers } = await pickyPartner('127.0.0.2');
  expect(await from('192.0.2.7')).toEqual({ kind: 'failed', why: 'connect' });
  expect(callers).toEqual([]);
});

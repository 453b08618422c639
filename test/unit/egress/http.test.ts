import { afterEach, expect, test } from 'vitest';
import { createHttp, type Http, type HttpDeps } from '../../../server/egress/http.ts';
import { type Evil, openEvil } from '../../support/evil.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
async function evil(...args: Parameters<typeof openEvil>): Promise<Evil> {
  const made = await openEvil(...args);
  open.push(made.close);
  return made;
}
function http(allow: string[], more: Partial<HttpDeps> = {}): Http {
  const made = createHttp({ allow, monotonic: () => performance.now(), ...more });
  open.push(made.close);
  return made;
}
const post = (origin: string, more = {}) =>
  ({
    origin,
    method: 'POST',
    path: '/contacts',
    headers: {},
    body: '{"email":"ada@harbor.example"}',
    ...more,
  }) as const;
const turn = () => new Promise((resolve) => setImmediate(resolve));
const stop = () => {
  throw new Error('stopped');
};

test('GATE-e2.4 a fence that throws leaves zero bytes on a fresh connection', async () => {
  const partner = await evil();
  const told: string[] = [];
  const result = await http([partner.host]).dispatch(
    post(partner.origin, { fence: stop, onWritten: () => told.push('written') }),
  );
  expect(result).toEqual({ kind: 'aborted', reason: new Error('stopped') });
  expect(partner.connections()).toBe(1);
  expect(partner.bytes().length).toBe(0);
  expect(told).toEqual([]);
});

test('GATE-e2.4 a fence that throws leaves zero further bytes on a pooled connection, which stays usable', async () => {
  const partner = await evil();
  const via = http([partner.host]);
  expect((await via.dispatch(post(partner.origin))).kind).toBe('sent');
  await turn(); // undici frees a connection one turn of the event loop after its answer
  const before = partner.bytes().length;
  expect((await via.dispatch(post(partner.origin, { fence: stop }))).kind).toBe('aborted');
  expect(partner.bytes().length).toBe(before);
  await turn();
  expect((await via.dispatch(post(partner.origin))).kind).toBe('sent');
  expect(partner.connections()).toBe(1);
  expect(partner.requests.length).toBe(2);
});

test('GATE-e2.4 fence and onWritten run in one tick, and the bytes go in that tick', async () => {
  const partner = await evil();
  const order: string[] = [];
  const result = await http([partner.host]).dispatch(
    post(partner.origin, {
      fence: () => {
        order.push('fence');
        queueMicrotask(() => order.push('microtask'));
        process.nextTick(() => order.push('tick'));
      },
      onWritten: () => order.push('written'),
    }),
  );
  expect(result).toMatchObject({ kind: 'sent', status: 200 });
  expect(order.slice(0, 2)).toEqual(['fence', 'written']);
  expect(partner.requests[0]?.body).toBe('{"email":"ada@harbor.example"}');
});

test('GATE-e2.4 an onWritten that throws stops the write too', async () => {
  const partner = await evil();
  const result = await http([partner.host]).dispatch(post(partner.origin, { onWritten: stop }));
  expect(result.kind).toBe('aborted');
  expect(partner.bytes().length).toBe(0);
});

test('GATE-e2.1 warm opens a connection without a byte, and the next call uses it', async () => {
  const partner = await evil();
  const via = http([partner.host]);
  expect(await via.warm(partner.origin)).toBe(true);
  expect([partner.connections(), partner.bytes().length]).toEqual([1, 0]);
  expect((await via.dispatch(post(partner.origin))).kind).toBe('sent');
  expect(partner.connections()).toBe(1);
});

test('GATE-a failed, unknown and sent are told apart', async () => {
  const gone = await openEvil();
  await gone.close();
  expect(await http([gone.host]).dispatch(post(gone.origin))).toEqual({ kind: 'failed', why: 'connect' });
  const partner = await evil((_, reply) => reply.hangUp());
  const via = http([partner.host]);
  expect(await via.dispatch(post(partner.origin))).toEqual({ kind: 'unknown', why: 'closed' });
  expect(partner.requests.length).toBe(1);
  partner.answer((_, reply) => reply.raw('HTTP/1.1 201 x\r\ncontent-length: 10\r\n\r\nabc') ?? reply.socket.end());
  expect(await via.dispatch(post(partner.origin))).toMatchObject({ kind: 'sent', status: 201, cut: 'closed' });
});

test('GATE-e2.8 a POST cut off after the write is never sent again', async () => {
  const partner = await evil((_, reply) => reply.json(200, {}));
  const via = http([partner.host]);
  await via.dispatch(post(partner.origin));
  partner.answer((_, reply) => reply.hangUp());
  for (const method of ['POST', 'GET', 'PUT'] as const)
    expect((await via.dispatch(post(partner.origin, { method }))).kind).toBe('unknown');
  expect(partner.requests.length).toBe(4);
});

test('GATE-l seams: before the write nothing has left, after the write the partner has it all', async () => {
  const partner = await evil();
  const seen: [string, number][] = [];
  const via = http([partner.host], {
    pause: async (point) => {
      if (point === 'after-write') await expect.poll(() => partner.requests.length).toBe(1);
      seen.push([point, partner.requests.length]);
    },
  });
  await via.dispatch(post(partner.origin));
  expect(seen).toEqual([
    ['before-write', 0],
    ['after-write', 1],
  ]);
});

test('sec-O30 no headers, a dripping body and a connection that never speaks TLS are cut at the total time', async () => {
  const partner = await evil(({ path }, reply) => (path === '/drip' ? reply.drip(20) : undefined));
  const deaf = await evil();
  const via = http([partner.host, deaf.host], { totalMs: 300 });
  const start = performance.now();
  const tls = via.dispatch(post(deaf.origin.replace('http:', 'https:')));
  const [silent, drip, stall] = await Promise.all([
    via.dispatch(post(partner.origin)),
    via.dispatch(post(partner.origin, { path: '/drip' })),
    tls,
  ]);
  expect(silent).toEqual({ kind: 'unknown', why: 'timeout' });
  expect(drip).toMatchObject({ kind: 'sent', status: 200, cut: 'timeout', body: Buffer.alloc(0) });
  expect(stall).toEqual({ kind: 'failed', why: 'timeout' });
  expect(performance.now() - start).toBeLessThan(3_000);
  await expect.poll(() => partner.requests.length).toBe(2);
});

test('sec-O30 the limit of the hub is ten seconds, and a slow partner slows no other', {
  timeout: 20_000,
}, async () => {
  const slow = await evil((_, reply) => reply.drip(200));
  const quick = await evil();
  const via = http([slow.host, quick.host]);
  const start = performance.now();
  const hanging = Promise.all(Array.from({ length: 20 }, () => via.dispatch(post(slow.origin))));
  for (let i = 0; i < 50; i++) {
    const began = performance.now();
    expect((await via.dispatch(post(quick.origin))).kind).toBe('sent');
    expect(performance.now() - began).toBeLessThan(1_000);
  }
  for (const result of await hanging) expect(result).toMatchObject({ kind: 'sent', cut: 'timeout' });
  expect(performance.now() - start).toBeLessThan(11_500);
});

test('a call whose time ran out while it waited for its connection is not written later', async () => {
  const partner = await evil();
  let at = 0;
  const via = http([partner.host], { monotonic: () => (at += 20_000) });
  expect(await via.dispatch(post(partner.origin))).toEqual({ kind: 'failed', why: 'timeout' });
  expect(partner.bytes().length).toBe(0);
});

test('sec-O31 a 300 MB body is cut at 1 MiB, a 1 MB header at 16 kB', async () => {
  const chunk = Buffer.alloc(1 << 20, 0x20);
  let given = 0;
  const partner = await evil(({ path }, reply) => {
    if (path === '/header') return reply.raw(`HTTP/1.1 200 x\r\nx-big: ${'a'.repeat(1 << 20)}\r\n\r\n`);
    reply.raw(`HTTP/1.1 200 x\r\ncontent-length: ${300 << 20}\r\n\r\n`);
    const more = () => {
      while (!reply.socket.destroyed && given < 300 << 20) {
        given += chunk.length;
        if (!reply.socket.write(chunk)) return void reply.socket.once('drain', more);
      }
    };
    more();
  });
  const via = http([partner.host]);
  const before = process.memoryUsage().rss;
  expect(await via.dispatch(post(partner.origin))).toMatchObject({ kind: 'sent', status: 200, cut: 'too-large' });
  expect(process.memoryUsage().rss - before).toBeLessThan(50 << 20);
  expect(given).toBeLessThan(50 << 20);
  expect(await via.dispatch(post(partner.origin, { path: '/header' }))).toEqual({ kind: 'unknown', why: 'too-large' });
});

test('sec-H11 a redirect is an answer: nothing is asked at its target', async () => {
  const canary = await evil();
  const partner = await evil((_, reply) => reply.text(307, 'text/plain', '', { location: `${canary.origin}/inside` }));
  const result = await http([partner.host, canary.host]).dispatch(post(partner.origin));
  expect(result).toMatchObject({ kind: 'sent', status: 307 });
  expect(canary.connections()).toBe(0);
});

test('sec-H11 proxy variables are not obeyed', async () => {
  const proxy = await evil();
  const partner = await evil();
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = name.endsWith('ENV_PROXY') ? '1' : proxy.origin;
  try {
    expect((await http([partner.host]).dispatch(post(partner.origin))).kind).toBe('sent');
  } finally {
    names.forEach((name, i) => {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    });
  }
  expect([proxy.connections(), partner.requests.length]).toEqual([0, 1]);
});

test('clear text goes to listed sandbox partners only, and an origin is an origin', async () => {
  const partner = await evil();
  const via = http([]);
  const bad = [
    partner.origin,
    'http://partner.example',
    `${partner.origin}/path`,
    'ftp://127.0.0.1',
    'https://a@b.example',
    'x',
  ];
  for (const origin of bad) expect(await via.dispatch(post(origin))).toEqual({ kind: 'failed', why: 'refused' });
  expect(partner.connections()).toBe(0);
  const listed = http([partner.host]);
  expect(await listed.dispatch(post(partner.origin, { path: '/a b' }))).toEqual({ kind: 'failed', why: 'invalid' });
  expect(await listed.dispatch(post(partner.origin, { headers: { 'x-a': 'b\r\nc: d' } }))).toEqual({
    kind: 'failed',
    why: 'invalid',
  });
});

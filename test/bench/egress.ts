import { createServer } from 'node:http';
import { Agent, request } from 'undici';
import { createHttp } from '../../server/egress/http.ts';
import { createPartnerCall } from '../../server/egress/partner.ts';
import { vendorFacts } from '../support/honest-as.ts';
import { type BenchRow, quantile, row } from './row.ts';

/**
 * What a fenced, listed and byte-checked call costs over a plain undici request to the same local server: p50 of each
 * in milliseconds, taken in turns so that both meet the same machine.
 */
export async function benchEgress({ rounds = 2_000, warmUp = 300 } = {}): Promise<BenchRow> {
  const answer = JSON.stringify({ results: [{ id: '481' }], status: 'COMPLETE' });
  const server = createServer((req, res) => {
    req.resume().on('end', () => res.writeHead(200, { 'content-type': 'application/json' }).end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const http = createHttp({ allow: [host], monotonic: () => performance.now() });
  const plain = new Agent({ allowH2: false });
  const body = { properties: { email: 'ada.brandt@harbor.example', lifecyclestage: 'lead' } };
  const { call } = createPartnerCall({
    http,
    facts: vendorFacts(),
    connection: { sandbox: true },
    origins: new Map([['https://api.vendor.example', `http://${host}`]]),
    token: async () => ({ access: 'x'.repeat(200) }),
    ticket: { fence: () => {}, written: () => {} },
    leak: {
      denied: { name: 'Ada Brandt', phone: '+45 12 34 56 78', company: 'Brandt Boats' },
      allowed: { email: 'ada.brandt@harbor.example' },
      constants: ['properties', 'email', 'lifecyclestage'],
    },
  });
  const ours = async () => {
    const result = await call({ method: 'POST', path: '/contacts', body });
    if (result.kind !== 'sent') throw new Error(`the call ended as ${result.kind}`);
  };
  const bare = async () => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${'x'.repeat(200)}` };
    const result = await request(`http://${host}/contacts`, {
      dispatcher: plain,
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    await result.body.json();
  };
  const times = { ours: [] as number[], bare: [] as number[] };
  for (let i = -warmUp; i < rounds; i++)
    for (const [name, run] of [
      ['ours', ours],
      ['bare', bare],
    ] as const) {
      const start = performance.now();
      await run();
      if (i >= 0) times[name].push(performance.now() - start);
      await new Promise((resolve) => setImmediate(resolve)); // undici frees a connection one turn after its answer
    }
  await Promise.all([http.close(), plain.close()]);
  server.close();
  return row(
    'egress call beside plain undici, p50',
    'ms',
    quantile(times.ours, 0.5),
    quantile(times.bare, 0.5),
    'at most 2 x',
    (_, ratio) => ratio <= 2,
  );
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { Rig } from './rig.ts';
import { type BenchRow, row } from './row.ts';

// The load comes from another thread, so that this thread's processor time is the server's alone.
const load = `
const { Agent, get } = require('node:http');
const { parentPort, workerData: { url, requests, sockets } } = require('node:worker_threads');
const agent = new Agent({ keepAlive: true, maxSockets: sockets });
let left = requests, running = sockets;
const next = () => {
  if (left-- <= 0) return --running || (agent.destroy(), parentPort.postMessage('done'));
  get(url, { agent }, (res) => {
    if (res.statusCode !== 200) throw new Error('answered ' + res.statusCode);
    res.resume().on('end', next);
  });
};
for (let i = 0; i < sockets; i++) next();
`;

/** Answers a second of this thread's processor time. */
async function perCpuSecond(url: string, requests: number): Promise<number> {
  const run = (count: number) =>
    new Promise<void>((resolve, reject) => {
      const workerData = { url, requests: count, sockets: 16 };
      new Worker(load, { eval: true, workerData }).once('message', () => resolve()).once('error', reject);
    });
  await run(Math.ceil(requests / 5));
  const before = process.threadCpuUsage();
  await run(requests);
  const { user, system } = process.threadCpuUsage(before);
  return requests / ((user + system) / 1e6);
}

/** DESIGN.md 7: the hub's bare endpoint (`/healthz`, which reads the store) beside a bare Hono app on the same server. */
export async function benchHttp(rig: Rig, { requests = 10_000 } = {}): Promise<BenchRow> {
  const app = new Hono().get('/healthz', (c) => c.json({ ok: true }));
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bareUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
  const limit = await perCpuSecond(bareUrl, requests);
  const value = await perCpuSecond(`${rig.door.origin}/healthz`, requests);
  server.closeAllConnections();
  server.close();
  return row('bare endpoint beside bare Hono', '1/cpu s', value, limit, 'at least 0.6', (_, ratio) => ratio >= 0.6);
}

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startArgs } from '../support/start-args.ts';
import { type BenchRow, row } from './row.ts';
import { residentMb } from './visitors.ts';

/** A server as its own process, from its start to its first page, and what it weighs when it rests. */
interface Started {
  firstPageMs: number;
  restingMb: number;
  /** Memory of one more idle stream, kB. */
  streamKb: number;
}

const bare = `
const { createServer } = require('node:http');
createServer((req, res) => {
  if (req.url === '/stream') res.writeHead(200, { 'content-type': 'text/event-stream' }).write(': beat\\n\\n');
  else res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Hello</p>');
}).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port + '/'); });
`;

const settle = () => new Promise((resolve) => setTimeout(resolve, 500));

async function start(
  args: readonly string[],
  env: Record<string, string>,
  streams: number,
  stream: (origin: string) => Promise<{ url: string; headers: Record<string, string> }>,
): Promise<Started> {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let printed = '';
    const origin = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${printed}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk;
        const found = /(http:\/\/\S+?)\/\s/.exec(printed)?.[1];
        if (found) resolve(found);
      });
    });
    const page = await fetch(`${origin}/`);
    if (page.status !== 200 || !(await page.text()).includes('<')) throw new Error(`the page answered ${page.status}`);
    const firstPageMs = performance.now() - began;
    await settle();
    const restingMb = residentMb(child.pid ?? 0);
    const { url, headers } = await stream(origin);
    const one = () =>
      new Promise<void>((resolve, reject) => {
        get(url, { headers, agent: false }, (res) => {
          if (res.statusCode !== 200) return reject(new Error(`the stream answered ${res.statusCode}`));
          res.once('data', () => resolve());
          res.on('error', () => {});
        }).on('error', () => {});
      });
    for (let i = 0; i < 100; i++) await one(); // what is made once is not one stream's weight
    const before = residentMb(child.pid ?? 0);
    for (let i = 0; i < streams; i++) await one();
    await settle();
    return { firstPageMs, restingMb, streamKb: ((residentMb(child.pid ?? 0) - before) * 1024) / streams };
  } finally {
    child.removeAllListeners('exit');
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

async function chat(origin: string) {
  const token = crypto.getRandomValues(Buffer.alloc(32)).toString('base64url');
  const res = await fetch(`${origin}/api/chat/start`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ brand: 'harbor-motors', token, clientId: 'bench', text: 'Hello' }),
  });
  if (res.status !== 201) throw new Error(`the chat answered ${res.status}`);
  return { url: `${origin}/api/chat/stream`, headers: { authorization: `Bearer ${token}` } };
}

/**
 * DESIGN.md 7: the built hub from its start on existing data to its first page, its memory at rest and by idle stream,
 * beside a bare node:http process. Memory rows only on Linux.
 */
export async function benchStart({ streams = 1000, runs = 3 } = {}): Promise<BenchRow[]> {
  const data = mkdtempSync(join(tmpdir(), 'askfirst-bench-'));
  const env = { ASKFIRST_DATA: data, ASKFIRST_PORT: '0' };
  const ours: Started[] = [];
  const raw: Started[] = [];
  try {
    await start(startArgs, env, 1, chat); // the first start makes the data
    for (let i = 0; i < runs; i++) {
      const last = i === runs - 1;
      ours.push(await start(startArgs, env, last ? streams : 1, chat));
      raw.push(await start(['-e', bare], {}, last ? streams : 1, async (o) => ({ url: `${o}/stream`, headers: {} })));
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
  const best = (of: Started[]) => Math.min(...of.map((s) => s.firstPageMs));
  const [hub, node] = [ours.at(-1), raw.at(-1)];
  const rows = [row('start to first page', 'ms', best(ours), best(raw), 'under 400 ms', (value) => value < 400)];
  if (hub && node && Number.isFinite(hub.restingMb)) {
    rows.push(row('memory at rest', 'MB', hub.restingMb, node.restingMb, 'under 120 MB', (value) => value < 120));
    if (streams >= 100)
      rows.push(
        row(
          `memory of an idle stream, ${streams} open`,
          'kB',
          hub.streamKb,
          node.streamKb,
          'under 25 kB',
          (v) => v < 25,
        ),
      );
  }
  return rows;
}

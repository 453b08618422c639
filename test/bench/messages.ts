import { createServer, get, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Person, Rig } from './rig.ts';
import { type BenchRow, quantile, row } from './row.ts';

/** Opens a stream with a socket of its own; `data` is told of each piece. */
function open(url: string, headers: Record<string, string>, data: (text: string) => void): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const req = get(url, { headers, agent: false }, (res: IncomingMessage) => {
      if (res.statusCode !== 200) return reject(new Error(`a stream answered ${res.statusCode}`));
      res
        .setEncoding('utf8')
        .on('data', data)
        .on('error', () => {});
      res.once('data', () => resolve(() => req.destroy()));
    });
    req.on('error', reject);
  });
}

function post(url: string, headers: Record<string, string>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const all = { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const req = request(url, { method: 'POST', headers: all }, (res) => {
      res.resume().on('end', () => resolve(res.statusCode ?? 0));
    });
    req.on('error', reject).end(body);
  });
}

/** What is measured: where streams are opened and messages go, the same for the hub and for the raw limit. */
interface Place {
  watch: { url: string; headers: Record<string, string> };
  streams: { url: string; headers: Record<string, string> }[];
  /** Sends message `n` with this text. */
  send(n: number, text: string): Promise<number>;
}

/** Milliseconds from each POST to its words in the watcher's stream, at `rate` messages a second. */
async function measure(place: Place, messages: number, rate: number): Promise<Float64Array> {
  const begun = new Map<number, number>();
  const times = new Float64Array(messages);
  let seen = 0;
  let rest = '';
  let all = () => {};
  const done = new Promise<void>((resolve) => {
    all = resolve;
  });
  const watch = (piece: string) => {
    const now = performance.now();
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const n = Number(/ message no\. (\d+)/.exec(line)?.[1] ?? -1);
      const at = begun.get(n);
      if (at === undefined) continue;
      begun.delete(n);
      times[n] = now - at;
      if (++seen === messages) all();
    }
  };
  const close = [await open(place.watch.url, place.watch.headers, watch)];
  for (const { url, headers } of place.streams) close.push(await open(url, headers, () => {}));
  const start = performance.now();
  const sent: Promise<void>[] = [];
  for (let n = 0; n < messages; n++) {
    const wait = start + (n * 1000) / rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    begun.set(n, performance.now());
    const one = place.send(n, `A message no. ${n}`).then((status) => {
      if (status !== 201) throw new Error(`message ${n} was answered with ${status}`);
    });
    sent.push(one);
  }
  await Promise.all(sent);
  await done;
  for (const end of close) end();
  return times;
}

/** Bare node:http: a POST is parsed and written to the streams that want it; nothing is stored or checked. */
async function bareServer() {
  const agents = new Set<ServerResponse>();
  const visitors = new Map<string, ServerResponse>();
  const server = createServer((req, res) => {
    if (req.method === 'GET') {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write(': beat\n\n');
      const chat = req.headers['x-chat'] as string | undefined;
      if (chat) visitors.set(chat, res);
      else agents.add(res);
      return;
    }
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const { text } = JSON.parse(Buffer.concat(parts).toString()) as { text: string };
      const event = `id: 1\ndata: ${JSON.stringify({ kind: 'message', text, at: new Date().toISOString() })}\n\n`;
      for (const agent of agents) agent.write(event);
      visitors.get(req.headers['x-chat'] as string)?.write(event);
      res.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ text }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/**
 * DESIGN.md 7, third row: POST → durable on a file with synchronous=FULL → in another agent's stream, with `streams`
 * open, one of ten an agent's (who gets everything), the others one visitor's each. Client and server share a thread on
 * both sides. The limit is the same fan-out on bare node:http without a store.
 */
export async function benchMessages(rig: Rig, { streams = 200, messages = 800, rate = 200 } = {}): Promise<BenchRow[]> {
  const agents = Math.max(1, Math.round(streams / 10));
  // 60 messages a minute and conversation are allowed: enough people that none comes near
  const people = await rig.people(Math.max(streams - agents, Math.ceil(messages / 40)));
  const listening = people.slice(0, Math.max(0, streams - agents));
  const chat = (n: number): Person => people[n % people.length] as Person;
  const maria = await rig.door.owner();
  const agent = {
    cookie: [...maria.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    'x-askfirst': '1',
  };
  const { origin } = rig.door;
  const bare = await bareServer();
  const last = String(rig.store.read.hot('select max(seq) as seq from entry').get()?.seq);
  const ours: Place = {
    watch: { url: `${origin}/api/panel/stream`, headers: { ...agent, 'last-event-id': last } },
    streams: [
      ...Array.from({ length: agents - 1 }, () => ({
        url: `${origin}/api/panel/stream`,
        headers: { ...agent, 'last-event-id': last },
      })),
      ...listening.map(({ token }) => ({
        url: `${origin}/api/chat/stream`,
        headers: { authorization: `Bearer ${token}` },
      })),
    ],
    send: (n, text) =>
      post(
        `${origin}/api/chat/messages`,
        { origin, authorization: `Bearer ${chat(n).token}` },
        JSON.stringify({ clientId: `bench-${n}`, text }),
      ),
  };
  const raw: Place = {
    watch: { url: bare.origin, headers: {} },
    streams: [
      ...Array.from({ length: agents - 1 }, () => ({ url: bare.origin, headers: {} })),
      ...listening.map(({ conversationId }) => ({ url: bare.origin, headers: { 'x-chat': conversationId } })),
    ],
    send: (n, text) =>
      post(bare.origin, { 'x-chat': chat(n).conversationId }, JSON.stringify({ clientId: `bench-${n}`, text })),
  };
  const limit = await measure(raw, messages, rate);
  bare.server.closeAllConnections();
  bare.server.close();
  const times = await measure(ours, messages, rate);
  const name = `message: POST to another agent's stream, ${streams} streams open, ${rate}/s`;
  return [
    row(`${name}, p50`, 'ms', quantile(times, 0.5), quantile(limit, 0.5)),
    row(`${name}, p99`, 'ms', quantile(times, 0.99), quantile(limit, 0.99), 'under 50 ms', (value) => value < 50),
  ];
}

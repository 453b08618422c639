import { get, type IncomingMessage, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is given: addresses to hold open, one of them watched, and messages to send at a rate. */
export interface LoadJob {
  watch?: { url: string; headers: Record<string, string> };
  streams: readonly { url: string; headers: Record<string, string> }[];
  /** In this order; each body holds "message no. N". */
  sends: readonly { url: string; headers: Record<string, string>; body: string }[];
  /** Messages a second. */
  rate: number;
}

/** What the thread says: streams stand, all was sent (and seen, where one is watched), or what went wrong. */
export type LoadNews = 'open' | { begun: Float64Array; seen: Float64Array } | { error: string };

/** Milliseconds since 1970, finer than a millisecond, the same in every thread and in a browser beside. */
const now = () => performance.timeOrigin + performance.now();

function open(at: { url: string; headers: Record<string, string> }, data: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    get(at.url, { headers: at.headers, agent: false }, (res: IncomingMessage) => {
      if (res.statusCode !== 200) return reject(new Error(`a stream answered ${res.statusCode}`));
      res
        .setEncoding('utf8')
        .on('data', data)
        .on('error', () => {});
      res.once('data', () => resolve());
    }).on('error', reject);
  });
}

function post({ url, headers, body }: LoadJob['sends'][number]): Promise<number> {
  return new Promise((resolve, reject) => {
    const all = { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    request(url, { method: 'POST', headers: all }, (res) => {
      res.resume().on('end', () => resolve(res.statusCode ?? 0));
    })
      .on('error', reject)
      .end(body);
  });
}

async function run(job: LoadJob, go: Promise<void>, tell: (news: LoadNews) => void): Promise<void> {
  const begun = new Float64Array(job.sends.length);
  const seen = new Float64Array(job.sends.length);
  let left = job.watch ? job.sends.length : 0;
  let all = () => {};
  const watched = new Promise<void>((resolve) => {
    all = resolve;
  });
  let rest = '';
  const watch = (piece: string) => {
    const at = now();
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const n = Number(/ message no\. (\d+)/.exec(line)?.[1] ?? -1);
      if (seen[n] !== 0) continue;
      seen[n] = at;
      if (--left === 0) all();
    }
  };
  if (job.watch) await open(job.watch, watch);
  for (const stream of job.streams) await open(stream, () => {});
  tell('open');
  await go;
  const start = performance.now();
  const sent: Promise<void>[] = [];
  for (const [n, message] of job.sends.entries()) {
    const wait = start + (n * 1000) / job.rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    begun[n] = now();
    const one = post(message).then((status) => {
      if (status !== 201) throw new Error(`message ${n} was answered with ${status}`);
    });
    sent.push(one);
  }
  await Promise.all(sent);
  if (job.watch) await watched;
  tell({ begun, seen });
}

const port = parentPort;
if (port) {
  const go = new Promise<void>((resolve) => port.once('message', () => resolve()));
  void run(workerData as LoadJob, go, (news) => port.postMessage(news)).catch((error: unknown) =>
    port.postMessage({ error: String(error) }),
  );
}

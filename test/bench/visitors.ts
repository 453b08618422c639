import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { runHub } from '../support/hub.ts';
import { peopleAt } from '../support/people-at.ts';
import { type BenchRow, row } from './row.ts';

/** Resident memory of a process, MB; only Linux says it without a program. */
export const residentMb = (pid: number): number =>
  process.platform === 'linux'
    ? Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
    : Number.NaN;

/** How many chats are begun side by side. */
const atOnce = 32;

/**
 * What the built hub weighs with `visitors` people each in a chat of their own and with a stream that stands, after a
 * minute's worth of nothing: two beats. Only on Linux, which says what a process weighs.
 */
export async function benchVisitors({ visitors = 10_000, restMs = 31_000 } = {}): Promise<BenchRow[]> {
  if (process.platform !== 'linux') return [];
  // each visitor comes from an address of their own, as a trusted proxy names it
  const hub = await runHub({ settings: { ASKFIRST_PROXIES: '127.0.0.1,::1' } });
  try {
    const { visitor } = peopleAt(hub);
    let next = 0;
    const come = async () => {
      for (let n = next++; n < visitors; n = next++) {
        const address = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
        const { auth } = await visitor({}, `Hello, no. ${n}`, { 'x-forwarded-for': address });
        await new Promise<void>((resolve, reject) => {
          get(`${hub.origin}/api/chat/stream`, { headers: auth, agent: false }, (res) => {
            if (res.statusCode !== 200) return reject(new Error(`the stream answered ${res.statusCode}`));
            res.once('data', () => resolve());
            res.on('error', () => {});
          }).on('error', () => {});
        });
      }
    };
    const before = residentMb(hub.pid);
    await Promise.all(Array.from({ length: atOnce }, come));
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const name = `memory with ${visitors} idle visitors`;
    return [row(name, 'MB', residentMb(hub.pid), before, 'under 700 MB', (value) => value < 700)];
  } finally {
    await hub.close();
  }
}

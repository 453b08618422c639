import { Worker } from 'node:worker_threads';
import type { LoadJob, LoadNews } from './load-worker.ts';
import type { Person, Rig } from './rig.ts';

/** Streams that stand, in a thread of their own, so that who is measured does not also do the reading. */
export interface Load {
  /** Sends all messages; milliseconds since 1970 at which each began, and at which the watched stream had it (0: none). */
  send(): Promise<{ begun: Float64Array; seen: Float64Array }>;
  close(): Promise<void>;
}

/** Opens the streams of a job. */
export async function openLoad(job: LoadJob): Promise<Load> {
  const file = import.meta.url.endsWith('.ts') ? './load-worker.ts' : './load-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: job });
  const next = () =>
    new Promise<LoadNews>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  const first = await next();
  if (first !== 'open') throw new Error(`the streams did not open: ${JSON.stringify(first)}`);
  return {
    async send() {
      const told = next();
      worker.postMessage('go');
      const news = await told;
      if (typeof news === 'string' || 'error' in news) throw new Error(`the load broke: ${JSON.stringify(news)}`);
      return news;
    },
    close: async () => void (await worker.terminate()),
  };
}

/** How many streams are open, how many messages are sent, and how many a second. */
export interface Crowd {
  streams: number;
  messages: number;
  rate: number;
}

/** Words that say which message they are. */
export const textOf = (n: number): string => `A message no. ${n}`;

/**
 * The same crowd at the hub and at a bare server: one of ten streams an agent's, who gets everything, the others one
 * visitor's each; messages go round the first `chats` people. `newest` is the last entry before it begins.
 */
export async function crowdOf(rig: Rig, { streams, messages }: Crowd, chats: number) {
  const agents = Math.max(1, Math.round(streams / 10));
  const people = await rig.people(Math.max(streams - agents, chats));
  const listening = people.slice(0, Math.max(0, streams - agents));
  const chat = (n: number): Person => people[n % chats] as Person;
  const maria = await rig.door.owner();
  const cookie = [...maria.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const { origin } = rig.door;
  const newest = String(rig.store.read.hot('select max(seq) as seq from entry').get()?.seq);
  const agent = { url: `${origin}/api/panel/stream`, headers: { cookie, 'x-askfirst': '1', 'last-event-id': newest } };
  const bodies = Array.from({ length: messages }, (_, n) =>
    JSON.stringify({ clientId: `bench-${n}`, text: textOf(n) }),
  );
  return {
    maria,
    hub: {
      watch: agent,
      streams: [
        ...Array.from({ length: agents - 1 }, () => agent),
        ...listening.map(({ token }) => ({
          url: `${origin}/api/chat/stream`,
          headers: { authorization: `Bearer ${token}` },
        })),
      ],
      sends: bodies.map((body, n) => ({
        url: `${origin}/api/chat/messages`,
        headers: { origin, authorization: `Bearer ${chat(n).token}` },
        body,
      })),
    },
    bare: (at: string) => ({
      watch: { url: at, headers: {} },
      streams: [
        ...Array.from({ length: agents - 1 }, () => ({ url: at, headers: {} })),
        ...listening.map(({ conversationId }) => ({ url: at, headers: { 'x-chat': conversationId } })),
      ],
      sends: bodies.map((body, n) => ({ url: at, headers: { 'x-chat': chat(n).conversationId }, body })),
    }),
  };
}

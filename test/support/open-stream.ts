import { Agent, fetch } from 'undici';

/** One event as it stood on the wire. */
interface SeenEvent {
  id: string | undefined;
  event: string | undefined;
  data: string;
}

/** A live stream as a browser holds it open. */
export interface OpenStream {
  events: readonly SeenEvent[];
  /** The first event, seen already or to come, that `fits`; rejects when the stream ends before. */
  until(fits: (event: SeenEvent) => boolean): Promise<SeenEvent>;
  /** Resolves when the other side ended it, or its connection broke. */
  ended: Promise<void>;
  close(): void;
}

const parse = (block: string): SeenEvent => {
  const of = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  return { id: of('id'), event: of('event'), data: of('data') ?? '' };
};

/** Opens a stream; rejects unless it answers 200. Each has a connection of its own, so any number may be open. */
export async function openStream(url: string, headers: Record<string, string>): Promise<OpenStream> {
  const dispatcher = new Agent({ bodyTimeout: 0 });
  const abort = new AbortController();
  const res = await fetch(url, { headers, signal: abort.signal, dispatcher });
  if (res.status !== 200 || !res.body) throw new Error(`the stream answered ${res.status}`);
  const events: SeenEvent[] = [];
  const listeners = new Set<() => void>();
  let over = false;
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const read = async (body: AsyncIterable<Uint8Array>) => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      events.push(...blocks.filter((block) => !block.startsWith(':')).map(parse));
      tell();
    }
  };
  const ended = read(res.body)
    .catch(() => {})
    .then(() => {
      over = true;
      tell();
      return dispatcher.destroy();
    });
  return {
    events,
    ended,
    until: (fits) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = events.find(fits);
          if (!found && !over) return;
          listeners.delete(look);
          if (found) resolve(found);
          else reject(new Error(`the stream ended after ${events.length} events`));
        };
        listeners.add(look);
        look();
      }),
    close: () => abort.abort(),
  };
}

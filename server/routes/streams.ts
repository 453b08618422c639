import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { Entry } from '#contract/chat.ts';
import { goneEvent, layoutEvent, marksEvent, noticeEvent, stripEvent, typingEvent } from '#contract/endpoints.ts';
import { problem } from '#contract/problem.ts';
import { beat, formatEvent } from '#contract/sse.ts';
import type { Interest, Live, News } from '../chat/live.ts';
import type { Env } from './callers.ts';

/** How often a quiet stream says that it lives, in milliseconds. */
const beatMs = 15_000;
/** A reader this far behind is let go; it comes back with its Last-Event-ID and misses nothing. Bytes. */
const mostBuffered = 1 << 20;

/** An entry as it goes down a stream: written out once, whoever reads along. */
const written = new WeakMap<Entry, string>();
function eventOf(entry: Entry): string {
  const known = written.get(entry);
  if (known !== undefined) return known;
  const text = formatEvent({ id: entry.seq, data: entry });
  written.set(entry, text);
  return text;
}

/** What one stream is made of. */
export interface StreamSource {
  /** One conversation, or whole brands: each is told of by itself. */
  interests: readonly Interest[];
  live: Live;
  /** Stored entries after `seq` as this reader reads them, oldest first, at most `limit`. */
  after(seq: number, limit: number): Entry[];
  /** A line of one of the brands as this reader reads it (R51); left out, each is read as it stands. */
  drawn?(entry: Entry, brandId: string): Entry;
  /** True for a sequence this reader may go on from; any other is `not-found` (P5). */
  knows(seq: number): boolean;
  /** True for agents, who are told of changed strips; a visitor is told of a changed notice instead. */
  strips: boolean;
  /** The agent whose stream this is: told where they arranged their cards in another window. */
  userId?: string;
  /** Asked at each beat: false ends the stream; `changed` too, and the reader comes again for what is theirs now (R64). */
  stillAllowed(): Promise<boolean | 'changed'>;
  /** Subscribes to the end of this reader's right, or to a change of it (`again`); returns how to stop listening. */
  onGone(gone: () => void, again: () => void): () => void;
}

/**
 * One live stream: first what was missed since Last-Event-ID, from the store, then what is committed, in order and once.
 * Written to the socket itself, which costs half the memory of a web stream (SERVER.md).
 */
export function stream(c: Context<Env>, source: StreamSource): Response {
  const header = c.req.header('last-event-id') ?? '0';
  const from = /^\d{1,15}$/.test(header) ? Number(header) : -1;
  if (from < 0 || (from > 0 && !source.knows(from))) problem('not-found', 'This stream has no such event.');
  const { outgoing } = c.env;
  outgoing.writeHead(200, {
    ...Object.fromEntries(c.res.headers),
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  outgoing.write(beat); // the first sign of life: readers show "live" from here

  let last = from;
  let over = false;
  let behind = true;
  let resume: (() => void) | undefined;
  const write = (text: string) => over || outgoing.write(text);
  /** Nothing is written after the end: a reader that is slow to go would turn that into an error of the process. */
  const end = (word = formatEvent({ event: goneEvent, data: {} })) => {
    if (over) return;
    write(word);
    over = true;
    outgoing.end();
  };
  const gone = () => end();
  const again = () => end('');
  const send = (entry: Entry) => {
    if (entry.seq <= last) return true;
    last = entry.seq;
    return write(eventOf(entry));
  };
  const offs = source.interests.map((interest) => source.live.subscribe(interest, (news) => hear(news, interest)));
  function hear(news: News, { brandId }: Interest): void {
    if ('end' in news) void source.stillAllowed().then((ok) => (ok ? again() : gone()), gone);
    else if ('notice' in news) source.strips || write(formatEvent({ event: noticeEvent, data: {} }));
    else if ('arranged' in news)
      news.arranged === source.userId && write(formatEvent({ event: layoutEvent, data: {} }));
    else if ('typing' in news) {
      const { by, conversation } = news.typing;
      if ((by === undefined) === source.strips)
        write(formatEvent({ event: typingEvent, data: source.strips ? { conversation } : { by } }));
    } else if ('marks' in news) {
      const { seen, read } = news.marks;
      write(formatEvent({ event: marksEvent, data: source.strips ? news.marks : { seen, read } }));
    } else if (!('entry' in news))
      source.strips && write(formatEvent({ event: stripEvent, data: { conversation: news.strip } }));
    // While the reader catches up the store is read on, and this entry is in it.
    else if (!behind) send(source.drawn?.(news.entry, brandId) ?? news.entry);
    if (!behind && outgoing.writableLength > mostBuffered) outgoing.destroy();
  }
  /** What was missed, as fast as the reader takes it; the last look into the store and "live" share a tick. */
  async function catchUp(): Promise<void> {
    for (let page = source.after(last, 500); page.length > 0 && !over; page = source.after(last, 500))
      for (const entry of page) if (!send(entry) && !over) await new Promise<void>((go) => (resume = go));
    behind = false;
  }
  outgoing.on('drain', () => resume?.());
  void catchUp().catch(() => outgoing.destroy());

  const offGone = source.onGone(gone, again);
  const timer = setInterval(() => {
    write(beat);
    void source.stillAllowed().then((ok) => ok === true || (ok ? again() : gone()), gone);
  }, beatMs).unref();
  outgoing.on('close', () => {
    over = true;
    resume?.();
    clearInterval(timer);
    for (const off of offs) off();
    offGone();
  });
  return RESPONSE_ALREADY_SENT;
}

import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { Entry } from '#contract/chat.ts';
import { goneEvent, stripEvent } from '#contract/endpoints.ts';
import { problem } from '#contract/problem.ts';
import { beat, formatEvent } from '#contract/sse.ts';
import type { Interest, Live } from '../chat/live.ts';
import type { Env } from './callers.ts';

/** How often a quiet stream says that it lives, in milliseconds. */
const beatMs = 15_000;
/** A reader this far behind is let go; it comes back with its Last-Event-ID and misses nothing. Bytes. */
const mostBuffered = 1 << 20;

/** What one stream is made of. */
export interface StreamSource {
  interest: Interest;
  live: Live;
  /** Stored entries after `seq`, oldest first, at most `limit`. */
  after(seq: number, limit: number): Entry[];
  /** True for a sequence this reader may go on from; any other is `not-found` (P5). */
  knows(seq: number): boolean;
  /** What this reader is shown of an entry. */
  shows(entry: Entry): boolean;
  strips: boolean;
  /** Asked at each beat: false ends the stream. */
  stillAllowed(): Promise<boolean>;
  /** Subscribes to the end of this reader's right; returns how to stop listening. */
  onGone(end: () => void): () => void;
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
  const send = (entry: Entry) => {
    if (entry.seq <= last) return;
    last = entry.seq;
    if (source.shows(entry)) outgoing.write(formatEvent({ id: entry.seq, data: entry }));
    if (outgoing.writableLength > mostBuffered) outgoing.destroy();
  };
  const off = source.live.subscribe(source.interest, (news) => {
    if ('entry' in news) send(news.entry);
    else if ('end' in news) void source.stillAllowed().then((ok) => (ok ? outgoing.end() : end()), end);
    else if (source.strips) outgoing.write(formatEvent({ event: stripEvent, data: { conversation: news.strip } }));
  });
  // The store is read in the same tick as the subscription, so nothing can fall between the two.
  for (let page = source.after(last, 500); page.length > 0; page = source.after(last, 500))
    for (const e of page) send(e);

  const end = () => {
    outgoing.write(formatEvent({ event: goneEvent, data: {} }));
    outgoing.end();
  };
  const offGone = source.onGone(end);
  const timer = setInterval(() => {
    outgoing.write(beat);
    void source.stillAllowed().then((ok) => ok || end(), end);
  }, beatMs).unref();
  outgoing.on('close', () => {
    clearInterval(timer);
    off();
    offGone();
  });
  return RESPONSE_ALREADY_SENT;
}

/** One event of a live stream (WHATWG HTML, server-sent events). A beat is a comment and arrives as `event: 'beat'`. */
export interface StreamEvent {
  id?: string;
  event: string;
  data: string;
}

/** The bytes of one event; `data` is one line of JSON. */
export const formatEvent = (e: { id?: number; event?: string; data: unknown }): string =>
  `${e.event ? `event: ${e.event}\n` : ''}${e.id === undefined ? '' : `id: ${e.id}\n`}data: ${JSON.stringify(e.data)}\n\n`;

/** Keeps proxies from closing a quiet stream, and tells the reader when it was last alive. */
export const beat = ': beat\n\n';

/** Reads a stream as it arrives, whatever the chunk borders; a cut event at the end is dropped, as the standard says. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) yield parse(block);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parse(block: string): StreamEvent {
  const out: StreamEvent = { event: 'message', data: '' };
  for (const line of block.split('\n')) {
    if (line.startsWith(':')) out.event = 'beat';
    else if (line.startsWith('id: ')) out.id = line.slice(4);
    else if (line.startsWith('event: ')) out.event = line.slice(7);
    else if (line.startsWith('data: ')) out.data += line.slice(6);
  }
  return out;
}

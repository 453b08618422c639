import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

/** One file of an archive; its bytes are asked for when its turn comes. */
export interface ZipPart {
  name: string;
  bytes(): Uint8Array | undefined;
  /** Packed tighter: for text. What was a picture before is as small as it gets. */
  text: boolean;
}

/**
 * A zip archive as a stream: one file at a time is in memory, and the loop is free between two. A part without bytes is
 * left out; what a part's `bytes` throws breaks the stream off, so that nobody takes half an archive for a whole one.
 */
export function zipOf(parts: Iterable<ZipPart>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = chunksOf(parts);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await chunks.return(undefined)),
  });
}

async function* chunksOf(parts: Iterable<ZipPart>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let ready: Uint8Array<ArrayBuffer>[] = [];
  let failed: unknown;
  const zip = new Zip((error, chunk) => {
    if (error) failed = error;
    else ready.push(chunk as Uint8Array<ArrayBuffer>);
  });
  const flush = function* () {
    if (failed) throw failed;
    const out = ready;
    ready = [];
    yield* out;
  };
  for (const part of parts) {
    const bytes = part.bytes();
    if (!bytes) continue;
    const file = part.text ? new ZipDeflate(part.name, { level: 6 }) : new ZipPassThrough(part.name);
    zip.add(file);
    file.push(bytes, true);
    yield* flush();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  zip.end();
  yield* flush();
}

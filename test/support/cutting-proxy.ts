import { createServer, connect as dial, type Socket } from 'node:net';

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32), so that a failure can be had again. */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What cuttingProxy is made of. */
interface CuttingOptions {
  /** Port of what stands behind. */
  port: number;
  random: () => number;
  /** Bytes after which a connection is cut, at most; each draws its own number for each direction. */
  most: number;
}

/**
 * A real TCP proxy that cuts each connection after a random number of bytes, in whichever direction reaches its number
 * first: in the middle of a request, of an answer, of an event, of a character. The bytes before the cut arrive, those
 * after it never do, and neither side is told which.
 */
export async function cuttingProxy({ port, random, most }: CuttingOptions) {
  let cuts = 0;
  let cutting = true;
  const open = new Set<Socket>();
  // Half of them early, in the first request or answer; the others late enough that a long answer can get through.
  const draw = () => 1 + Math.floor(random() * (random() < 0.5 ? most / 30 : most));

  const server = createServer((near) => {
    const far = dial(port, '127.0.0.1');
    const end = () => {
      near.destroy();
      far.destroy();
    };
    const pass = (from: Socket, to: Socket, after: number) => {
      let left = after;
      from.on('data', (chunk) => {
        if (left <= 0) return; // cut already: what is still under way is lost
        if (!cutting || chunk.length < left) {
          if (cutting) left -= chunk.length;
          to.write(chunk);
          return;
        }
        const rest = chunk.subarray(0, left);
        left = 0;
        cuts++;
        // The part before the cut does arrive; then both ends break at once.
        to.write(rest, end);
      });
    };
    pass(near, far, draw());
    pass(far, near, draw());
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        open.delete(socket);
        end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { port: number };
  return {
    port: address.port,
    /** How many connections were cut so far. */
    cuts: () => cuts,
    /** From now on nothing is cut. */
    heal: (): void => {
      cutting = false;
    },
    async close(): Promise<void> {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

import { Socket } from 'node:net';

/** What a refused connect ends with; it names no host and no address. */
class OutsideEgress extends Error {
  readonly code = 'OUTSIDE_EGRESS';
  constructor() {
    super('only egress may connect');
  }
}

/** The wire: `through` is the way past it, for one synchronous connect of egress' own connector. */
export interface Tripwire {
  through<T>(connect: () => T): T;
  remove(): void;
}

/** File and line of a stack's first frame that is no module of Node and not this file; `unknown` where there is none. */
function placeOf(stack: string | undefined): string {
  for (const line of stack?.split('\n').slice(1) ?? []) {
    const place = /([^/\\(\s]+:\d+):\d+\)?$/.exec(line)?.[1];
    if (place && !/node:|\/tripwire\.[jt]s/.test(line)) return place;
  }
  return 'unknown';
}

/**
 * Refuses and reports every connect of this thread that egress did not begin (GATE.md e.1.4): TCP, TLS, HTTP, fetch and
 * local sockets, for all of them end in `net.Socket.prototype.connect`. That method is wrapped, because the channel
 * `net.client.socket` only tells: what a subscriber throws becomes an uncaught exception and the connect goes on, also
 * on a socket it destroyed. An alarm and no wall; it does not see UDP and QUIC, DNS questions, other worker threads and
 * child processes, handles made by `process.binding`, and bytes on a socket that is connected already. Accepted sockets
 * never connect and pass. To be set once, by main; `refused` gets file and line of the caller.
 */
export function setTripwire(refused: (at: string) => void): Tripwire {
  const original = Socket.prototype.connect;
  let inside = 0;
  function connect(this: Socket, ...args: Parameters<typeof original>): Socket {
    if (inside > 0) return original.apply(this, args);
    refused(placeOf(new Error().stack));
    return this.destroy(new OutsideEgress());
  }
  Socket.prototype.connect = connect as typeof original;
  return {
    through(begin) {
      inside++;
      try {
        return begin();
      } finally {
        inside--;
      }
    },
    remove() {
      if (Socket.prototype.connect === (connect as typeof original)) Socket.prototype.connect = original;
    },
  };
}

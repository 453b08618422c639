/** What ended, so that live streams of it close within 2 s (SECURITY.md BA5, P4's rule for people). */
export type Ended =
  | { what: 'session'; sessionId: string }
  | { what: 'pairing'; pairingId: string }
  | { what: 'member'; userId: string; brandId: string };

/** Who a stream belongs to; an Agent fits. */
export interface Streaming {
  userId: string;
  brandId: string;
  /** Session id of a console, pairing id of an extension. */
  sessionId: string;
}

/** Tells listeners in this process what ended, in the tick after its commit. */
export interface EndedBell {
  /** Adds a listener; the result takes it away again. */
  on(listener: (ended: Ended) => void): () => void;
  ring(ended: Ended): void;
}

/** Makes a bell. A listener that throws does not keep the others from hearing. */
export function createEndedBell(): EndedBell {
  const listeners = new Set<(ended: Ended) => void>();
  return {
    on: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ring: (ended) => {
      for (const listener of [...listeners])
        try {
          listener(ended);
        } catch {
          // one broken stream must not keep the next one open
        }
    },
  };
}

/** True when what ended was this stream's right to go on. */
export function concerns(ended: Ended, stream: Streaming): boolean {
  if (ended.what === 'session') return ended.sessionId === stream.sessionId;
  if (ended.what === 'pairing') return ended.pairingId === stream.sessionId;
  return ended.userId === stream.userId && ended.brandId === stream.brandId;
}

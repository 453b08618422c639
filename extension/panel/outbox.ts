import type { Outgoing } from './state.ts';

/** Where drafts, outbox and small choices are kept; a browser area or a page's localStorage stands behind it. */
export interface PanelStorage {
  /** Every value whose key starts with `prefix`, by key. */
  all: (prefix: string) => Promise<Record<string, unknown>>;
  get: (key: string) => Promise<unknown>;
  /** `undefined` removes. */
  set: (key: string, value: unknown) => Promise<void>;
}

/** What the sender of the outbox is handed. */
export interface OutboxDeps {
  storage: PanelStorage;
  /** Sends one item and applies its answer; rejects with an error that has `status`, 0 where nothing answered. */
  send: (item: Outgoing) => Promise<void>;
  read: () => readonly Outgoing[];
  write: (items: readonly Outgoing[]) => void;
  /** True when a refusal ended the session; the item then stays as it is. */
  refused: (error: unknown) => boolean;
  /** Milliseconds before something that did not get through is tried again. */
  retryMs: number;
}

/** Each item has a key of its own, so that two windows never overwrite each other's list. */
const keyOf = (clientId: string): string => `outbox/${clientId}`;

/** Statuses after which the same request may pass later; anything else the agent must see. */
const passing = new Set([0, 429, 502, 503, 504]);

/**
 * Sends in order, one at a time, each under its client id until the hub acknowledged it: a reload or a lost answer
 * repeats the same id, which the hub stores once (SECURITY.md DB6).
 */
export function outbox(deps: OutboxDeps) {
  let running = false;
  let stopped = false;
  /** Who waits for the end of the round that runs. */
  const waiting: (() => void)[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const patch = (clientId: string, change: Pick<Outgoing, 'state' | 'cause'>): void =>
    deps.write(deps.read().map((o) => (o.clientId === clientId ? { ...o, ...change } : o)));
  /** All but a file: no storage of a page takes one, and its name alone would be a promise nobody can keep. */
  async function keep(clientId: string): Promise<void> {
    const item = deps.read().find((o) => o.clientId === clientId);
    if (item?.kind !== 'file') await deps.storage.set(keyOf(clientId), item);
  }

  async function drop(clientId: string): Promise<void> {
    deps.write(deps.read().filter((o) => o.clientId !== clientId));
    await deps.storage.set(keyOf(clientId), undefined);
  }

  async function flush(): Promise<void> {
    if (running || stopped) return;
    running = true;
    clearTimeout(timer);
    try {
      for (;;) {
        const item = deps.read().find((o) => o.state === 'waiting');
        if (!item || stopped) return;
        try {
          await deps.send(item);
          await drop(item.clientId);
        } catch (error) {
          if (deps.refused(error)) return;
          if (!deps.read().some((o) => o.clientId === item.clientId)) continue; // cancelled meanwhile
          const { status = 0, message } = error as { status?: number; message: string };
          if (passing.has(status)) {
            timer = setTimeout(() => void flush(), deps.retryMs);
            return;
          }
          patch(item.clientId, { state: 'failed', cause: message });
          await keep(item.clientId);
        }
      }
    } finally {
      running = false;
      for (const done of waiting.splice(0)) done();
    }
  }

  return {
    /** Takes up what an earlier page left behind. */
    async load(): Promise<void> {
      const kept = Object.values(await deps.storage.all('outbox/')) as Outgoing[];
      deps.write(kept.sort((a, b) => a.at - b.at));
    },
    /** Resolves once the item is in storage; from then on neither a reload nor a lost network loses it. */
    async add(item: Outgoing): Promise<void> {
      deps.write([...deps.read(), item]);
      await keep(item.clientId);
      void flush();
    },
    /** A failed item once more, under the same id. */
    async again(clientId: string): Promise<void> {
      patch(clientId, { state: 'waiting', cause: undefined });
      await keep(clientId);
      void flush();
    },
    /** The hub has it: seen in the stream before its own answer came. */
    forget: (clientId: string): Promise<void> => deps.storage.set(keyOf(clientId), undefined),
    drop,
    /** One round now; true where nothing of this chat is left, false where the round stopped at what was not sent. */
    async sent(conversation: string): Promise<boolean> {
      void flush();
      if (running) await new Promise<void>((done) => waiting.push(done));
      return !deps.read().some((o) => o.conversation === conversation);
    },
    flush: (): void => void flush(),
    stop: (): void => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

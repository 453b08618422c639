import { publicKeyOf } from '../gate/keys.ts';
import { consistencyProof, root, verifyConsistency } from '../gate/merkle.ts';
import { openCheckpoint, signCheckpoint } from '../gate/note.ts';
import type { Checkpoint } from '../gate/proving.ts';
import { note } from '../store/audit.ts';
import { insertCheckpoint, lastCheckpoint, ledgerSize } from '../store/ledger.ts';
import type { Store, Tx } from '../store/open.ts';
import { storeFailed } from '../store/readable.ts';
import { listedKeys, noteSigningKey } from './key-rows.ts';
import { type LedgerSigner, nodesOf } from './ledger.ts';

/** From the first unsigned row to its checkpoint, milliseconds: what is left of the promised second is for the commit. */
const batchMs = 600;
/** How long a store that failed is left alone, milliseconds. */
const againMs = 1_000;

/** Signs the tree soon after it grew, all rows of a moment at once (GATE.md f). */
export interface Checkpoints {
  /** Inside a transaction that begins a ledger, or goes on with one: notes the signing key, and forgets what was signed. */
  begin(tx: Tx): void;
  /** Signs what is not signed yet, now; resolves when it is, or when that was refused or failed. */
  sign(): Promise<void>;
  /** Signs what is left, and no more after it. */
  stop(): Promise<void>;
}

/** What signing needs; `after` runs something once in so many milliseconds and returns how to prevent it. */
export interface CheckpointDeps {
  store: Store;
  signer: LedgerSigner;
  now: () => Date;
  /** Told in words of what somebody has to look at, and of the error where there is one. */
  alarm(words: string, error?: unknown): void;
  after?(ms: number, run: () => void): () => void;
}

const byTimer = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};

type Head = Pick<Checkpoint, 'size' | 'root'>;

/**
 * Watches the store's commits and signs at most a second after a row. It never signs a tree that does not continue the
 * last one it signed: then it stops for good and alarms, in the log and in the audit trail (GATE.md f).
 */
export function createCheckpoints({ store, signer, now, alarm, after = byTimer }: CheckpointDeps): Checkpoints {
  /** In memory beside the store: who rewrites both rows and checkpoints is found out, too. */
  let last: Head | undefined;
  let refused = false;
  let stopped = false;
  let running: Promise<void> | undefined;
  let cancel: (() => void) | undefined;

  function storedHead(tx: Tx): Head | undefined {
    const stored = lastCheckpoint(tx);
    const keys = [signer.publicKey, ...listedKeys(tx).map((k) => publicKeyOf(k.x))];
    return stored && openCheckpoint(stored.note, keys, signer.origin);
  }

  /** The head of the tree as it is stored; undefined where it does not begin with the one signed last. */
  function continued(tx: Tx): Head | undefined {
    try {
      const before = last ?? storedHead(tx);
      const size = ledgerSize(tx);
      const head = { size, root: root(size, nodesOf(tx)) };
      if (!before) return head;
      const proof = consistencyProof(before.size, size, nodesOf(tx));
      return verifyConsistency(before.size, size, before.root, head.root, proof) ? head : undefined;
    } catch (e) {
      if (storeFailed(e)) throw e;
      return undefined; // what cannot be read cannot be shown to go on
    }
  }

  /** One checkpoint over all rows, where there is none yet; returns what is signed now, undefined where it may not be. */
  function signTree(tx: Tx): Head | undefined {
    const head = continued(tx);
    if (!head || head.size === 0 || lastCheckpoint(tx)?.size === head.size) return head;
    insertCheckpoint(
      tx,
      head.size,
      signCheckpoint({ origin: signer.origin, ...head }, signer.key),
      now().toISOString(),
    );
    return head;
  }

  async function attempt(): Promise<void> {
    if (refused) return;
    try {
      const head = await store.write(signTree);
      if (head) last = head;
      else await refuse();
    } catch (e) {
      alarm('the ledger could not be signed; it is tried again', e);
      arm(againMs);
    }
  }

  async function refuse(): Promise<void> {
    refused = true;
    const detail = 'the ledger does not continue its last checkpoint';
    alarm(`${detail}; nothing more is signed`);
    await store.write((tx) =>
      note(tx, now().getTime(), { brandId: null, actor: 'nobody', act: 'checkpoint-refused', detail }),
    );
  }

  function sign(): Promise<void> {
    cancel?.();
    cancel = undefined;
    // One at a time; what came meanwhile is signed by the next.
    const mine = (running ?? Promise.resolve()).then(attempt).finally(() => {
      if (running !== mine) return;
      running = undefined;
      wake();
    });
    running = mine;
    return mine;
  }

  function arm(ms: number): void {
    if (!stopped && !refused) cancel ??= after(ms, () => void sign());
  }

  function wake(): void {
    try {
      if (!running && ledgerSize(store.read) !== (last?.size ?? 0)) arm(batchMs);
    } catch (e) {
      alarm('the ledger cannot be read', e);
    }
  }

  const unwatch = store.onCommit(wake);
  return {
    begin(tx) {
      last = undefined;
      refused = false;
      noteSigningKey(tx, signer, now());
    },
    sign,
    async stop() {
      unwatch();
      stopped = true;
      await sign();
    },
  };
}

import { changeHubKey } from './egress/key-change.ts';
import type { Vault } from './egress/vault.ts';
import { type HubKeys, keyFiles, readKeyFile, settleKeyFiles } from './key-files.ts';
import type { Store } from './store/open.ts';
import { writeRoot } from './store/root.ts';
import { deriveKey } from './store/seal.ts';

/** What a change of the hub key is made from. */
interface KeyChangeOptions {
  folder: string;
  /** False where the keys were given by the environment: then the files say nothing. */
  fromFiles: boolean;
  keys: HubKeys;
  /** The key the root was opened with. */
  opened: Buffer;
  root: Buffer;
  store: Store;
  vault: Vault;
}

/** The vault's own key: derived from the hub key, not from the root, so that a change reaches it (SECURITY.md control 2). */
export const vaultKeyOf = (hubKey: Buffer): Buffer => deriveKey(hubKey, 'vault');

/**
 * How a data folder changes its key (R88): takes the key that waits in `hub.key.next`, or the newer one of the
 * environment, brings everything under it and puts it in the old one's place. Resolves with whether there was one; called
 * again while it runs, it is the same run. Rejects with SettingError where the waiting key cannot be used.
 */
export function createKeyChange(o: KeyChangeOptions): () => Promise<boolean> {
  let key = o.opened;
  let running: Promise<boolean> | undefined;

  async function change(): Promise<boolean> {
    const next = o.fromFiles ? readKeyFile(keyFiles(o.folder).next) : o.keys.newest;
    if (!next || (!o.fromFiles && next.equals(key))) return false;
    // Equal when a hub was killed with everything done but the files.
    if (!next.equals(key)) {
      o.vault.turnTo(vaultKeyOf(next));
      const finish = (tx: Parameters<typeof writeRoot>[0]) => writeRoot(tx, next, o.root);
      await changeHubKey({ store: o.store, vault: o.vault, finish, now: Date.now });
      key = next;
    }
    if (o.fromFiles) settleKeyFiles(o.folder, next);
    o.vault.forgetOlder();
    return true;
  }

  return () => {
    running ??= change().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** How often a running hub looks for a key that waits, milliseconds. */
const lookMs = 1_000;

/**
 * Looks for a waiting key now and every second, and says what came of it; one that cannot be used is told once. Returns
 * how to stop.
 */
export function watchKey(
  changeKey: () => Promise<boolean>,
  { say, failed }: { say(sentence: string): void; failed(why: string): void },
): () => void {
  let told = '';
  async function look() {
    try {
      if (await changeKey()) say('The hub key was changed; the old one opens nothing here any more.');
      told = '';
    } catch (e) {
      const why = e instanceof Error ? e.message : String(e);
      if (why !== told) failed(why);
      told = why;
    }
  }
  void look();
  const timer = setInterval(() => void look(), lookMs).unref();
  return () => clearInterval(timer);
}

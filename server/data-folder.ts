import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createVault, type Vault, vaultIdOf } from './egress/vault.ts';
import { SettingError } from './env.ts';
import { createKeyChange, vaultKeyOf } from './hub-key.ts';
import { findKeys, type HubKeys, keyFiles, writeKey } from './key-files.ts';
import { NotOurs } from './store/migrate.ts';
import { openStore, type Store } from './store/open.ts';
import { checkRow, openRoot, rootRow, writeRoot } from './store/root.ts';
import { keyId } from './store/seal.ts';

/** What lies in the data folder, opened and checked. */
export interface DataFolder {
  folder: string;
  store: Store;
  /** The root secret everything is derived from; the hub key that seals it stays in here (store/root.ts). */
  key: Buffer;
  /** For egress, and for whoever makes a brand. */
  vault: Vault;
  /** Takes a waiting hub key, while the hub runs; false where none waits. Rejects with SettingError. */
  changeKey(): Promise<boolean>;
  /** The key file, when it was made just now. */
  keyMade: string | undefined;
  close(): void;
}

/** The folder is in use: whoever holds it may be asked instead. */
export class FolderBusy extends SettingError {}

const sqliteBusy = 5;

/** Holds a lock for the life of the process: the operating system lets go of it when the process dies, however it dies. */
function lock(folder: string, file: string): DatabaseSync {
  try {
    const db = new DatabaseSync(file);
    try {
      db.exec('pragma locking_mode = exclusive; begin exclusive');
      return db;
    } catch (e) {
      db.close();
      throw e;
    }
  } catch (e) {
    if ((e as { errcode?: number }).errcode === sqliteBusy)
      throw new FolderBusy(
        `Another hub already uses ${folder}; stop it first, or set ASKFIRST_DATA to another folder.`,
      );
    throw new SettingError(`The lock file ${file} cannot be used; move it away, or choose another ASKFIRST_DATA.`);
  }
}

/** Keys and root of the data that is there; nothing of it where there is none yet, or where opening it says what is wrong. */
function whichKey(
  folder: string,
  database: string,
  { newest, older }: HubKeys,
): { key: Buffer; root: Buffer | undefined } {
  const said = readKeyRows(database);
  if (!said) return { key: newest, root: undefined };
  for (const key of older ? [newest, older] : [newest]) {
    const root = openRoot(key, said);
    if (!root) continue;
    const known = [newest, key].map((one) => keyId(vaultKeyOf(one)));
    if (said.brands.every((wrapped) => known.includes(vaultIdOf(wrapped)))) return { key, root };
    throw new SettingError(
      `A change of the key of the data in ${folder} was begun, and its new key is missing; put back ${keyFiles(folder).next}, or set ASKFIRST_KEY to the new key and ASKFIRST_KEY_PREVIOUS to the old one.`,
    );
  }
  throw new SettingError(
    `This is not the key of the data in ${folder}; nothing was opened. Use the key it was made with.`,
  );
}

/** What the file says of its key, read before it is opened for writing or brought to a newer schema. */
function readKeyRows(file: string): { root?: string; check?: string; brands: string[] } | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      const value = (key: string) => db.prepare('select value from meta where key = ?').get(key)?.value;
      const [root, check] = [value(rootRow), value(checkRow)];
      const brands = db.prepare("select wrapped_key from brand where wrapped_key <> ''").all();
      if (root === undefined && check === undefined && brands.length === 0) return undefined;
      return {
        ...(root === undefined ? {} : { root: String(root) }),
        ...(check === undefined ? {} : { check: String(check) }),
        brands: brands.map((row) => String(row.wrapped_key)),
      };
    } finally {
      db.close();
    }
  } catch {
    return undefined; // new, damaged or a stranger's: opening it says which
  }
}

function openOrExplain(file: string): Store {
  try {
    return openStore(file);
  } catch (e) {
    const why = e instanceof NotOurs ? e.message : 'it is damaged or no database';
    throw new SettingError(`The database ${file} cannot be opened: ${why}. Put back a backup, or move the file away.`);
  }
}

/** Takes away folders that were made just now, as far as they are still empty. */
function removeFolders(made: readonly string[]): void {
  for (const path of made.toReversed()) if (readdirSync(path).length === 0) rmdirSync(path);
}

/**
 * Makes the folder and what is missing above it; answers how to take that back. Step by step: Node's recursive mkdir
 * never returns for a path in a file system that takes no folders, such as /proc.
 */
function makeFolder(folder: string): () => void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  const made: string[] = [];
  try {
    for (const path of missing) {
      mkdirSync(path, { mode: 0o700 });
      made.push(path);
    }
    if (!statSync(folder).isDirectory()) throw new Error('a file');
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    removeFolders(made);
    throw new SettingError(`The data folder ${folder} cannot be written; choose another with ASKFIRST_DATA.`);
  }
  return () => removeFolders(made);
}

/** What a look at the data folder tells. */
export interface DataLook {
  /** None where the first start will make it. */
  key: Buffer | undefined;
  /** The key's own file; none where the key is given, or not made yet. */
  keyFile: string | undefined;
  /** A hub runs on it now. */
  held: boolean;
}

/**
 * Looks at the data folder and makes nothing in it; a running hub is not disturbed. Throws SettingError where a start
 * would, with the same sentence.
 */
export function lookAtDataFolder(
  folder: string,
  given: { key?: string | undefined; previous?: string | undefined },
  mayMakeKey: boolean,
): DataLook {
  const keys = findKeys(folder, given, mayMakeKey);
  let there = folder;
  while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
  try {
    if (!statSync(there).isDirectory()) throw new Error('a file');
    accessSync(there, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new SettingError(`The data folder ${folder} cannot be written; choose another with ASKFIRST_DATA.`);
  }
  const { key, root } = whichKey(folder, join(folder, 'hub.db'), keys);
  const keyFile = given.key || keys.made ? undefined : keyFiles(folder).now;
  return { key: keys.made ? undefined : (root ?? key), keyFile, held: isHeld(join(folder, 'hub.lock')) };
}

function isHeld(file: string): boolean {
  if (!existsSync(file)) return false;
  const db = new DatabaseSync(file);
  try {
    db.exec('begin exclusive; rollback');
    return false;
  } catch (e) {
    return (e as { errcode?: number }).errcode === sqliteBusy;
  } finally {
    db.close();
  }
}

/**
 * Opens the data folder: key, lock, then store; a made key is on the disk before the first data. Throws SettingError
 * with a plain sentence, and has then made nothing. A wrong key is told before anything is read with it.
 */
export function openDataFolder(
  folder: string,
  givenKey: string | undefined,
  mayMakeKey: boolean,
  previousKey?: string,
): DataFolder {
  const given = { key: givenKey, previous: previousKey };
  findKeys(folder, given, mayMakeKey); // what can be refused is refused before a folder is made
  const undo: (() => void)[] = [makeFolder(folder)];
  try {
    const lockFile = join(folder, 'hub.lock');
    const newLock = !existsSync(lockFile);
    const held = lock(folder, lockFile);
    if (newLock) undo.push(() => rmSync(lockFile, { force: true }));
    undo.push(() => held.close());
    // again, now that nobody else can make one
    const keys = findKeys(folder, given, mayMakeKey);
    const database = join(folder, 'hub.db');
    const found = whichKey(folder, database, keys);
    const { made } = keys;
    if (made) {
      undo.push(() => rmSync(made, { force: true }));
      writeKey(made, keys.newest);
    }
    if (!existsSync(database))
      undo.push(() => {
        for (const end of ['', '-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
      });
    const store = openOrExplain(database);
    const root = found.root ?? randomBytes(32);
    const vault = createVault(vaultKeyOf(keys.newest), [vaultKeyOf(found.key)]);
    if (!store.read.hot('select 1 as ok from meta where key = ?').get(rootRow)) writeRoot(store.read, found.key, root); // on the disk before anything is derived from it
    return {
      folder,
      store,
      key: root,
      vault,
      keyMade: made,
      changeKey: createKeyChange({ folder, fromFiles: !givenKey, keys, opened: found.key, root, store, vault }),
      close() {
        store.close();
        held.close();
      },
    };
  } catch (e) {
    for (const step of undo.toReversed()) step();
    throw e;
  }
}

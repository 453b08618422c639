import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SettingError } from './env.ts';
import { NotOurs } from './store/migrate.ts';
import { openStore, type Store } from './store/open.ts';
import { deriveKey, mac } from './store/seal.ts';

/** What lies in the data folder, opened and checked. */
export interface DataFolder {
  folder: string;
  store: Store;
  key: Buffer;
  /** The key file, when it was made just now. */
  keyMade: string | undefined;
  close(): void;
}

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
      throw new SettingError(
        `Another hub already uses ${folder}; stop it first, or set ASKFIRST_DATA to another folder.`,
      );
    throw new SettingError(`The lock file ${file} cannot be used; move it away, or choose another ASKFIRST_DATA.`);
  }
}

/** base64url or base64 of exactly 32 bytes; a decoder that skips what it does not know would take a damaged key. */
function readKey(text: string, where: string): Buffer {
  const plain = text.trim().replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  const key = Buffer.from(plain, 'base64url');
  if (key.length !== 32 || key.toString('base64url') !== plain)
    throw new SettingError(`The key in ${where} is damaged: it must be 32 bytes in base64url.`);
  return key;
}

/** Where the key comes from: given, the key file, or made for data that does not exist yet on this machine (R88). */
function findKey(folder: string, given: string | undefined, mayMake: boolean): { key: Buffer; file?: string } {
  if (given) return { key: readKey(given, 'ASKFIRST_KEY') };
  const file = join(folder, 'hub.key');
  if (existsSync(file)) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      throw new SettingError(`The key file ${file} cannot be read.`);
    }
    return { key: readKey(text, file) };
  }
  if (existsSync(join(folder, 'hub.db')))
    throw new SettingError(
      `There is data in ${folder} but no key: put the key file back as ${file}, or set ASKFIRST_KEY.`,
    );
  if (!mayMake)
    throw new SettingError(
      'A hub with a public address needs a key: set ASKFIRST_KEY to 32 random bytes in base64url.',
    );
  return { key: randomBytes(32), file };
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** Whole or not at all, and on the disk before any data is: a hub killed here starts again. */
function writeKey(file: string, key: Buffer): void {
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  const fd = openSync(fresh, 'wx', 0o600);
  writeSync(fd, `${key.toString('base64url')}\n`);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(fresh, file);
  syncFolder(dirname(file));
}

const checkOf = (key: Buffer) => mac(deriveKey(key, 'check'), 'askfirst');

/** Tells a wrong key before the file is opened for writing or brought to a newer schema. */
function checkKey(folder: string, file: string, key: Buffer): void {
  if (!existsSync(file)) return;
  let known: unknown;
  try {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      known = db.prepare("select value from meta where key = 'key_check'").get()?.value;
    } finally {
      db.close();
    }
  } catch {
    return; // new, damaged or a stranger's: opening it says which
  }
  if (known !== undefined && known !== checkOf(key))
    throw new SettingError(
      `This is not the key of the data in ${folder}; nothing was opened. Use the key it was made with.`,
    );
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
export function lookAtDataFolder(folder: string, givenKey: string | undefined, mayMakeKey: boolean): DataLook {
  const { key, file: toBeMade } = findKey(folder, givenKey, mayMakeKey);
  let there = folder;
  while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
  try {
    if (!statSync(there).isDirectory()) throw new Error('a file');
    accessSync(there, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new SettingError(`The data folder ${folder} cannot be written; choose another with ASKFIRST_DATA.`);
  }
  checkKey(folder, join(folder, 'hub.db'), key);
  const keyFile = givenKey || toBeMade ? undefined : join(folder, 'hub.key');
  return { key: toBeMade ? undefined : key, keyFile, held: isHeld(join(folder, 'hub.lock')) };
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
 * with a plain sentence, and has then made nothing. A wrong key is told by a check value before anything is read with it.
 */
export function openDataFolder(folder: string, givenKey: string | undefined, mayMakeKey: boolean): DataFolder {
  findKey(folder, givenKey, mayMakeKey); // what can be refused is refused before a folder is made
  const undo: (() => void)[] = [makeFolder(folder)];
  try {
    const lockFile = join(folder, 'hub.lock');
    const newLock = !existsSync(lockFile);
    const held = lock(folder, lockFile);
    if (newLock) undo.push(() => rmSync(lockFile, { force: true }));
    undo.push(() => held.close());
    // again, now that nobody else can make one
    const { key, file: made } = findKey(folder, givenKey, mayMakeKey);
    const database = join(folder, 'hub.db');
    checkKey(folder, database, key);
    if (made) {
      undo.push(() => rmSync(made, { force: true }));
      writeKey(made, key);
    }
    if (!existsSync(database))
      undo.push(() => {
        for (const end of ['', '-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
      });
    const store = openOrExplain(database);
    store.read
      .hot("insert into meta (key, value) values ('key_check', ?) on conflict (key) do nothing")
      .run(checkOf(key));
    return {
      folder,
      store,
      key,
      keyMade: made,
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

import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SettingError } from './env.ts';
import { openStore, type Store } from './store/open.ts';
import { deriveKey, mac } from './store/seal.ts';

/** What lies in the data folder, opened and checked. */
export interface DataFolder {
  folder: string;
  store: Store;
  key: Buffer;
  /** True when the key file was made just now. */
  keyMade: string | undefined;
  close(): void;
}

/** Holds a lock for the life of the process: the operating system lets go of it when the process dies, however it dies. */
function lock(folder: string): DatabaseSync {
  const db = new DatabaseSync(join(folder, 'hub.lock'));
  try {
    db.exec('pragma locking_mode = exclusive; begin exclusive');
    return db;
  } catch {
    db.close();
    throw new SettingError(
      `Another hub already uses ${folder}; stop it first, or set ASKFIRST_DATA to another folder.`,
    );
  }
}

function readKey(text: string, where: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== 32) throw new SettingError(`The key in ${where} is damaged: it must be 32 bytes in base64url.`);
  return key;
}

/** The key: given, or from the key file, or, for data that does not exist yet on this machine alone, made (R88). */
function keyFor(folder: string, given: string | undefined, mayMake: boolean): { key: Buffer; made?: string } {
  if (given) return { key: readKey(given, 'ASKFIRST_KEY') };
  const file = join(folder, 'hub.key');
  if (existsSync(file)) return { key: readKey(readFileSync(file, 'utf8'), file) };
  if (existsSync(join(folder, 'hub.db')))
    throw new SettingError(
      `There is data in ${folder} but no key: put the key file back as ${file}, or set ASKFIRST_KEY.`,
    );
  if (!mayMake)
    throw new SettingError(
      'A hub with a public address needs a key: set ASKFIRST_KEY to 32 random bytes in base64url.',
    );
  const key = randomBytes(32);
  return { key, made: file };
}

/**
 * Opens the data folder: lock first, then key, then store. Throws SettingError with one plain sentence, and has then
 * made nothing. A wrong key is told by a check value before anything is read with it.
 */
export function openDataFolder(folder: string, givenKey: string | undefined, mayMakeKey: boolean): DataFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    throw new SettingError(`The data folder ${folder} cannot be written; choose another with ASKFIRST_DATA.`);
  }
  const held = lock(folder);
  try {
    const { key, made } = keyFor(folder, givenKey, mayMakeKey);
    const store = openOrExplain(join(folder, 'hub.db'));
    const check = mac(deriveKey(key, 'check'), 'askfirst');
    const known = store.read.hot("select value from meta where key = 'key_check'").get()?.value;
    if (known !== undefined && known !== check) {
      store.close();
      throw new SettingError(
        `This is not the key of the data in ${folder}; nothing was opened. Use the key it was made with.`,
      );
    }
    if (made) writeFileSync(made, `${key.toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    if (known === undefined) store.read.hot("insert into meta (key, value) values ('key_check', ?)").run(check);
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
    held.close();
    throw e;
  }
}

function openOrExplain(file: string): Store {
  try {
    return openStore(file);
  } catch (e) {
    const why = e instanceof Error && /newer askfirst|another program|WAL/.test(e.message) ? ` ${e.message}` : '';
    throw new SettingError(`The database ${file} cannot be opened.${why} Put back a backup, or move the file away.`);
  }
}

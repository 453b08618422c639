import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SettingError } from './env.ts';

/** The hub keys a start was given: `newest` is to seal from now on, `older` opens what is not yet under it (R88). */
export interface HubKeys {
  newest: Buffer;
  older: Buffer | undefined;
  /** Where to write `newest`, made for data that does not exist yet. */
  made?: string;
}

/** Where the key lies, and where the next one waits until everything is under it. */
export const keyFiles = (folder: string) => ({ now: join(folder, 'hub.key'), next: join(folder, 'hub.key.next') });

/** base64url or base64 of exactly 32 bytes; a decoder that skips what it does not know would take a damaged key. */
function parseKey(text: string, where: string): Buffer {
  const plain = text.trim().replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  const key = Buffer.from(plain, 'base64url');
  if (key.length !== 32 || key.toString('base64url') !== plain)
    throw new SettingError(`The key in ${where} is damaged: it must be 32 bytes in base64url.`);
  return key;
}

/** The key in a file, undefined where there is no file. Throws SettingError for one that cannot be read or is damaged. */
export function readKeyFile(file: string): Buffer | undefined {
  if (!existsSync(file)) return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new SettingError(`The key file ${file} cannot be read.`);
  }
  return parseKey(text, file);
}

/** Where the keys come from: given, the key files, or made for data that does not exist yet on this machine (R88). */
export function findKeys(
  folder: string,
  given: { key?: string | undefined; previous?: string | undefined },
  mayMake: boolean,
): HubKeys {
  if (given.key) {
    const older = given.previous ? parseKey(given.previous, 'ASKFIRST_KEY_PREVIOUS') : undefined;
    return { newest: parseKey(given.key, 'ASKFIRST_KEY'), older };
  }
  const files = keyFiles(folder);
  const key = readKeyFile(files.now);
  if (key) {
    const next = readKeyFile(files.next);
    return next ? { newest: next, older: key } : { newest: key, older: undefined };
  }
  if (existsSync(join(folder, 'hub.db')))
    throw new SettingError(
      `There is data in ${folder} but no key: put the key file back as ${files.now}, or set ASKFIRST_KEY.`,
    );
  if (!mayMake)
    throw new SettingError(
      'A hub with a public address needs a key: set ASKFIRST_KEY to 32 random bytes in base64url.',
    );
  return { newest: randomBytes(32), older: undefined, made: files.now };
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** Whole or not at all, and on the disk before any data is: a hub killed here starts again. */
export function writeKey(file: string, key: Buffer): void {
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  const fd = openSync(fresh, 'wx', 0o600);
  writeSync(fd, `${key.toString('base64url')}\n`);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(fresh, file);
  syncFolder(dirname(file));
}

/** The next key becomes the key: its file takes the old one's place, and the old one is gone. */
export function settleKeyFiles(folder: string, key: Buffer): void {
  const files = keyFiles(folder);
  writeKey(files.now, key);
  rmSync(files.next, { force: true });
  syncFolder(folder);
}

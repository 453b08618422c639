import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FolderBusy, openDataFolder } from '../data-folder.ts';
import { readEnvironment, SettingError } from '../env.ts';
import { keyFiles, readKeyFile, writeKey } from '../key-files.ts';

/** How long the command waits for a running hub, milliseconds. */
const patienceMs = 60_000;

const done = (file: string) =>
  `The hub key was changed; ${file} holds the new one. Keep a copy away from the database, and the old one only as long ` +
  'as backups from before: they open with it, and with nothing else.';

/** Changes the key itself where no hub runs; undefined where one does. */
async function changeHere(folder: string): Promise<boolean | undefined> {
  try {
    const data = openDataFolder(folder, undefined, false);
    try {
      return await data.changeKey();
    } finally {
      data.close();
    }
  } catch (e) {
    if (e instanceof FolderBusy) return undefined;
    throw e;
  }
}

/**
 * Puts a new key beside the old one and waits until everything is under it: a running hub does that within a second or
 * two, else this command does. Returns the sentence to print and whether it is done. Throws SettingError.
 */
export async function rotateKey({
  folder,
  keyGiven,
  patience = patienceMs,
}: {
  folder: string;
  /** The key comes from the environment, which no other process can change. */
  keyGiven: boolean;
  /** Milliseconds. */
  patience?: number;
}): Promise<{ done: boolean; says: string }> {
  if (keyGiven)
    return {
      done: false,
      says:
        'The key is given by ASKFIRST_KEY. Start the hub with ASKFIRST_KEY set to 32 new random bytes in base64url and ' +
        'ASKFIRST_KEY_PREVIOUS set to the key it has now; it says when the old one is no longer needed.',
    };
  const files = keyFiles(folder);
  if (!readKeyFile(files.now)) throw new SettingError(`There is no key file ${files.now}; nothing was changed.`);
  const begun = existsSync(files.next);
  if (!begun) writeKey(files.next, randomBytes(32));
  for (const end = performance.now() + patience; ; await delay(250)) {
    try {
      if ((await changeHere(folder)) !== undefined || !existsSync(files.next))
        return { done: true, says: done(files.now) };
    } catch (e) {
      // Nobody else had the folder, so nobody has begun with a key that was made just now.
      if (!begun) rmSync(files.next, { force: true });
      throw e;
    }
    if (performance.now() > end)
      return {
        done: false,
        says: `Another program uses ${folder} and did not take the new key, ${files.next}. Its next start does; keep both files.`,
      };
  }
}

/** `npm run rotate-key`: the data folder of the environment, whether its hub runs or not. */
export async function main(): Promise<0 | 1> {
  try {
    const env = readEnvironment(process.env);
    const { done, says } = await rotateKey({ folder: env.dataFolder, keyGiven: env.key !== undefined });
    console.log(says);
    return done ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    console.log(error.message);
    return 1;
  }
}

// Run, not imported: the first file Node was given is this one, links resolved.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main();

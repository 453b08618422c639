import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';

/**
 * The operator's stops: one empty file each in the folder `stopped` of the data folder, `all` or `adapter-<id>`. A file
 * and no row, because whoever holds the folder must be able to stop a hub that is paused in the middle of a write, when
 * nobody else may write to its database; the fence looks for it in the tick of each write (P4).
 */
export interface StopFile {
  /** True while an operator stopped everything, or this adapter; also when the folder cannot be looked into. */
  holds(provider: string): boolean;
  /** The adapters that are stopped, '' for all; [''] when the folder cannot be read. */
  stopped(): string[];
  /** Another number whenever a stop was set or taken away since, milliseconds; 0 where there is no folder. */
  changedAt(): number;
}

const nameOf = (provider: string) => (provider === '' ? 'all' : `adapter-${provider}`);
const folderOf = (dataFolder: string) => `${dataFolder}/stopped`;
const fileOf = (folder: string, provider: string) => `${folder}/${nameOf(provider)}`;

/** Reads the stops of a data folder. Two stats a write, and nothing is kept between them: what is there counts at once. */
export function readStopFile(dataFolder: string): StopFile {
  const folder = folderOf(dataFolder);
  const all = fileOf(folder, '');
  const there = (path: string) => {
    try {
      return statSync(path, { throwIfNoEntry: false }) !== undefined;
    } catch {
      return true; // what cannot be looked at is not known to be off
    }
  };
  return {
    holds: (provider) => there(all) || there(fileOf(folder, provider)),
    stopped() {
      if (!there(folder)) return [];
      try {
        return readdirSync(folder)
          .flatMap((name) => (name === 'all' ? '' : (/^adapter-(.+)$/.exec(name)?.[1] ?? [])))
          .sort();
      } catch {
        return [''];
      }
    },
    changedAt() {
      try {
        return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      } catch {
        return 0;
      }
    },
  };
}

function sync(path: string): void {
  const fd = openSync(path, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** Stops an adapter, or all with ''; on the disk when it returns. Throws what the file system says. */
export function writeStop(dataFolder: string, provider: string, at: Date): void {
  const folder = folderOf(dataFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fd = openSync(fileOf(folder, provider), 'w', 0o600);
  writeSync(fd, `${at.toISOString()}\n`);
  fsyncSync(fd);
  closeSync(fd);
  if (process.platform !== 'win32') sync(folder);
}

/** Takes a stop away; false where there was none. */
export function removeStop(dataFolder: string, provider: string): boolean {
  const path = fileOf(folderOf(dataFolder), provider);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
  rmSync(path);
  return true;
}

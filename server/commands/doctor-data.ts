import { existsSync, statfsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { type DataLook, lookAtDataFolder } from '../data-folder.ts';
import { type Environment, SettingError } from '../env.ts';
import { type Finding, fix, ok } from './doctor-finding.ts';

/** Less free than this, in bytes, is too little: our guess, as the ledger only grows and a backup needs its size again. */
const leastFree = 2 ** 30;
const gigabyte = 1e9;

/** True when some program listens at a port of this machine. */
const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });

function spaceIn(folder: string): Finding {
  let there = folder;
  while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  const free = bavail * bsize;
  const left = `${(free / gigabyte).toFixed(1)} GB are free for ${folder}`;
  return free < leastFree ? fix('disk', `${left}: make room, or move it.`) : ok('disk', `${left}.`);
}

function keyOf({ keyFile, key }: DataLook, hasData: boolean): Finding {
  if (!key) return ok('key', 'The first start makes one.');
  if (!keyFile) return ok('key', `It is given by ASKFIRST_KEY${hasData ? ', and it is the one of the data' : ''}.`);
  if (process.platform !== 'win32' && (statSync(keyFile).mode & 0o077) !== 0)
    return fix('key', `Others on this machine may read ${keyFile}: chmod 600 it.`);
  return ok('key', `${keyFile} is the one of the data; keep a copy away from it.`);
}

async function hubOf({ held }: DataLook, env: Environment): Promise<Finding> {
  if (held) return ok('hub', `One hub runs on ${env.dataFolder}; a second one would not start.`);
  return (await listens(env.port))
    ? fix('hub', `No hub runs on this data, and another program has port ${env.port}: stop it, or set ASKFIRST_PORT.`)
    : ok('hub', 'No hub runs on this data now.');
}

/** Data folder, key, disk, and whether a hub runs on it; nothing is made or changed. `key` is there where it is good. */
export async function checkData(env: Environment): Promise<{ findings: Finding[]; key?: Buffer; held: boolean }> {
  let look: DataLook;
  try {
    look = lookAtDataFolder(
      env.dataFolder,
      { key: env.key, previous: env.previousKey },
      env.publicOrigin === undefined,
    );
  } catch (e) {
    if (!(e instanceof SettingError)) throw e;
    return { findings: [fix('data', e.message)], held: false };
  }
  const made = existsSync(join(env.dataFolder, 'hub.db'));
  const data = ok('data', made ? `${env.dataFolder} is there.` : `The first start makes ${env.dataFolder}.`);
  const findings = [data, keyOf(look, made), spaceIn(env.dataFolder), await hubOf(look, env)];
  return { findings, held: look.held, ...(look.key ? { key: look.key } : {}) };
}

import { spawn } from 'node:child_process';
import { startArgs } from './start-args.ts';

/** How a start of the built hub ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the built hub as `npm start` does with these settings and resolves when it ended by itself; kills it after 15 s. */
export function startUntilEnd(settings: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, startArgs, {
    env: { PATH: process.env.PATH ?? '', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk;
  });
  const tooLong = setTimeout(() => child.kill('SIGKILL'), 15_000);
  return new Promise((resolve) =>
    child.once('close', (code) => {
      clearTimeout(tooLong);
      resolve({ code, ...said });
    }),
  );
}

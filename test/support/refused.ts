import { spawn } from 'node:child_process';

/** How a start of the built hub ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts `dist/server/main.js` with these settings and resolves when it ended by itself; kills it after 15 s. */
export function startUntilEnd(settings: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, ['dist/server/main.js'], {
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

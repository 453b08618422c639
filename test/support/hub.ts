import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startArgs } from './start-args.ts';

/** The built hub as its own process, with its demo, on a free port and a data folder of its own. */
export interface RunningHub {
  /** `http://localhost:<port>`. */
  origin: string;
  /** `http://127.0.0.1:<port>`: shop and sandbox partners. */
  shop: string;
  /** The sign-in link it printed. */
  signIn: string;
  data: string;
  /** Of its process. */
  pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** Resolves when its process has ended, by itself or not. */
  ended: Promise<void>;
  /** Sends its process a signal. */
  signal(name: NodeJS.Signals): void;
  /** Starts it again on the same data and port after `stop`. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

const ready = /Open the start page:\s+(http:\S+)\/\s[\s\S]*?(http:\S+\/sign-in\/\S+)/;

/** Starts the built hub as `npm start` does, after the code `preload` and with `settings` where given, and resolves when it has printed its addresses; rejects with what it printed. */
export function runHub(
  options: { data?: string; port?: number; preload?: string; settings?: Record<string, string> } = {},
): Promise<RunningHub> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'askfirst-'));
  const child: ChildProcess = spawn(process.execPath, startArgs, {
    env: {
      ...process.env,
      ...options.settings,
      ...(options.preload && { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(options.preload)}` }),
      ASKFIRST_PORT: String(options.port ?? 0),
      ASKFIRST_DATA: data,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer) => {
      printed += chunk;
      const found = ready.exec(printed);
      if (!found?.[1] || !found[2]) return;
      const origin = found[1];
      const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
        child.kill(signal);
        await ended;
      };
      resolve({
        origin,
        shop: origin.replace('localhost', '127.0.0.1'),
        signIn: found[2],
        data,
        pid: child.pid ?? 0,
        output: () => printed,
        ended,
        signal: (name) => void child.kill(name),
        stop,
        async close() {
          await stop();
          rmSync(data, { recursive: true, force: true });
        },
      });
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code}: ${printed}`)));
  });
}

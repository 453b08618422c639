import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { type AnyAdapter, withProviders } from '#sdk';
import * as catalogue from '../integrations/index.ts';
import { createApp } from './app.ts';
import { countryFiles } from './country-files.ts';
import { openDataFolder } from './data-folder.ts';
import { createAlarm } from './egress/alarm.ts';
import { listedKeys } from './egress/key-rows.ts';
import { createSandbox } from './egress/sandbox.ts';
import { readStopFile } from './egress/stop-file.ts';
import { setTripwire } from './egress/tripwire.ts';
import { createLogger, readEnvironment, SettingError } from './env.ts';
import { createHub } from './hub.ts';
import { watchKey } from './hub-key.ts';
import { loadAssets } from './routes/assets.ts';
import { withFileHost } from './routes/file-host.ts';
import { writePublicKeys } from './store/public-key.ts';

/** dist/, beside this bundle. */
const dist = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** How long a stop waits for sends under way. */
const stopSeconds = 3;

/** Listens before anything is made, so that a taken port leaves nothing behind. Loopback alone without a public address. */
function listen(port: number, everywhere: boolean): Promise<Server> {
  const server = createServer((_req, res) => void res.writeHead(503, { 'retry-after': '1' }).end());
  return new Promise((done, fail) => {
    server.once('error', (e: NodeJS.ErrnoException) =>
      fail(
        e.code === 'EADDRINUSE'
          ? new SettingError(`Port ${port} is taken by another program; stop it, or set ASKFIRST_PORT to another port.`)
          : new SettingError(`Port ${port} cannot be opened (${e.code}); set ASKFIRST_PORT to another port.`),
      ),
    );
    server.listen(port, everywhere ? undefined : '127.0.0.1', () => done(server));
  });
}

async function start(): Promise<void> {
  const env = readEnvironment(process.env);
  const isDemo = env.publicOrigin === undefined;
  const server = await listen(env.port, !isDemo);
  const { port } = server.address() as { port: number };
  const data = openDataFolder(env.dataFolder, env.key, isDemo, env.previousKey);
  const log = createLogger();
  const origin = env.publicOrigin ?? `http://localhost:${port}`;
  const now = () => new Date();
  const monotonic = () => performance.now();
  const alarm = createAlarm({ store: data.store, log, now });
  const tripwire = setTripwire((at) => alarm('connect-outside-egress', { at }));
  // The demo, with its authorization server, is loaded only where it runs.
  const playing = isDemo ? await import('./demo.ts') : undefined;
  const listed = Object.values(catalogue) as readonly AnyAdapter[];
  const adapters = withProviders(
    listed,
    (id) => env.login(id) ?? (id === 'openid' ? playing?.sandboxProvider : undefined),
  );
  const demo = await playing?.openDemo({ data, port, origin, adapters, now });

  const hub = await createHub({
    store: data.store,
    key: data.key,
    vault: data.vault,
    origin,
    filesOrigin: env.filesOrigin ?? demo?.filesOrigin,
    adapters,
    code: (provider) => readFileSync(join(dist, 'adapters', `${provider}.js`), 'utf8'),
    sandbox: createSandbox({ workers: 8, memoryPages: 1024, cpuDeadlineMs: 1_000, totalDeadlineMs: 30_000, monotonic }),
    clients(provider) {
      const client = env.client(provider);
      return client ? { client, sandbox: false } : demo?.clients(provider);
    },
    sandboxPartners: demo?.sandboxPartners ?? { origins: new Map(), allow: [] },
    asset: loadAssets(['widget', 'pages'].map((folder) => join(dist, folder))),
    proxies: env.proxies,
    countryFile: countryFiles(),
    mail: env.mail,
    log,
    now,
    monotonic,
    tripwire,
    stopFile: readStopFile(env.dataFolder),
    ...(env.egressAddress ? { localAddress: env.egressAddress } : {}),
  });
  writePublicKeys(
    env.dataFolder,
    listedKeys(data.store.read).map((k) => k.x),
  );
  const app = createApp(hub.deps);
  const split = env.filesOrigin ? withFileHost(app, hub.deps, env.filesOrigin) : app;
  const whole = demo ? demo.mount(app, hub) : split;
  server.removeAllListeners('request');
  server.on('request', getRequestListener(whole.fetch, { overrideGlobalObjects: false }));

  if (data.keyMade) console.log(`Made an encryption key: ${data.keyMade}. Keep a copy away from the database.`);
  if (demo) await demo.announce(hub);
  else console.log(`askfirst answers at ${origin}`);
  const unwatch = watchKey(data.changeKey, {
    say: (sentence) => console.log(sentence),
    failed: (why) => log.error({ why }, 'the hub key could not be changed'),
  });

  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(0); // asked twice: everything acknowledged is on the disk already
    stopping = true;
    unwatch();
    server.close();
    server.closeAllConnections();
    // A partner that does not answer holds nobody up: the next start writes such a send down as unknown (GATE.md e.2.7).
    setTimeout(() => process.exit(0), stopSeconds * 1000).unref();
    void hub.close().then(() => {
      demo?.close();
      data.close();
      process.exit(0);
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

start().catch((e: unknown) => {
  if (e instanceof SettingError) console.error(e.message);
  else console.error(`askfirst could not start: ${e instanceof Error ? e.message : String(e)}`);
  process.exit(1);
});

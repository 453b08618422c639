import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type Logger, pino } from 'pino';

/** The environment, read once. */
export interface Environment {
  port: number;
  /** Folder of database, key file and locks. */
  dataFolder: string;
  /** The hub's public origin; without one it serves the demo on this machine only. */
  publicOrigin: string | undefined;
  /** The key, base64url of 32 bytes, where it is not read from the key file. */
  key: string | undefined;
  proxies: string[];
  /** OAuth app of a provider: ASKFIRST_<PROVIDER>_CLIENT_ID and _CLIENT_SECRET. */
  client(provider: string): { id: string; secret: string } | undefined;
}

/** A setting that cannot be used; its message is one plain sentence for the terminal. */
export class SettingError extends Error {}

function portOf(text = ''): number {
  if (text === '') return 8787; // set to nothing is the same as not set
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new SettingError(`ASKFIRST_PORT must be a port number, not "${text}".`);
  return port;
}

function originOf(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const url = URL.parse(text);
  if (!url || url.origin !== text.replace(/\/$/, '') || url.protocol !== 'https:')
    throw new SettingError('ASKFIRST_ORIGIN must be an https origin such as https://hub.example.org.');
  return url.origin;
}

function proxiesOf(text = ''): string[] {
  const proxies = text
    .split(',')
    .map((p) => p.trim())
    .filter(Boolean);
  for (const proxy of proxies) {
    const [address = '', bits, ...more] = proxy.split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    if (!isIP(address) || more.length > 0 || (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > most)))
      throw new SettingError(`ASKFIRST_PROXIES must be addresses with commas between them, not "${proxy}".`);
  }
  return proxies;
}

/** Parses the environment. Throws SettingError with one sentence. */
export function readEnvironment(env: Record<string, string | undefined>): Environment {
  return {
    port: portOf(env.ASKFIRST_PORT),
    dataFolder: resolve(env.ASKFIRST_DATA || 'data'),
    publicOrigin: originOf(env.ASKFIRST_ORIGIN),
    key: env.ASKFIRST_KEY || undefined,
    proxies: proxiesOf(env.ASKFIRST_PROXIES),
    client(provider) {
      const name = `ASKFIRST_${provider.toUpperCase().replaceAll('-', '_')}_CLIENT`;
      const [id, secret] = [env[`${name}_ID`], env[`${name}_SECRET`]];
      return id && secret ? { id, secret } : undefined;
    },
  };
}

/** The one logger: JSON lines on standard error, secrets masked by name wherever they stand (SECURITY.md OA1, R90). */
export const createLogger = (level = 'warn'): Logger =>
  pino(
    {
      level,
      base: null,
      redact: {
        paths: [
          'authorization',
          'cookie',
          'token',
          'access_token',
          'refresh_token',
          'code',
          'state',
          'secret',
          'email',
          'phone',
          'text',
        ].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: 'masked',
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );

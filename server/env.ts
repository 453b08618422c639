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
  /** The files' own origin, on another host than the hub's; without one files are off. */
  filesOrigin: string | undefined;
  /** The key, base64url of 32 bytes, where it is not read from the key file. */
  key: string | undefined;
  /** The key before it, until everything is under the newer one (R88). */
  previousKey: string | undefined;
  proxies: string[];
  /** The one address of this machine that calls to partners leave from, where it is not the system's choice. */
  egressAddress: string | undefined;
  /** OAuth app of a provider: ASKFIRST_<PROVIDER>_CLIENT_ID and _CLIENT_SECRET. */
  client(provider: string): { id: string; secret: string } | undefined;
  /** Whose visitors' sign-in the hub offers, with every fact its data sheet needs (R14); undefined where none is set. */
  login(provider: string): (LoginSetting & Partial<OpenidSetting>) | undefined;
  /** The mail server, ASKFIRST_SMTP and ASKFIRST_MAIL_FROM; without one mail waits in the outbox. */
  mail: MailSetting | undefined;
}

/** Where mail is handed to, and who it is from (egress/mail.ts MailServer). */
interface MailSetting {
  host: string;
  port: number;
  tls: 'implicit' | 'starttls' | 'none';
  auth?: { user: string; pass: string };
  from: string;
}

/** The operator's own word about whose sign-in it is. */
interface LoginSetting {
  policy: string;
  recipient: {
    legalName: string;
    address: string;
    countries: string[];
    role: 'third_party';
    retention: string;
  };
}

/** Everything about an OpenID provider; `hosts` begins with the issuer's. */
interface OpenidSetting extends LoginSetting {
  issuer: string;
  hosts: string[];
  name: string;
  docs: string;
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

function originOf(text: string | undefined, name = 'ASKFIRST_ORIGIN'): string | undefined {
  if (!text) return undefined;
  const url = URL.parse(text);
  if (!url || url.origin !== text.replace(/\/$/, '') || url.protocol !== 'https:')
    throw new SettingError(`${name} must be an https origin such as https://hub.example.org.`);
  return url.origin;
}

/** A cookie of the hub must never go where a stranger's file lies, and cookies do not tell ports apart (SECURITY.md 4.8). */
function filesOriginOf(text: string | undefined, hub: string | undefined): string | undefined {
  const files = originOf(text, 'ASKFIRST_FILES_ORIGIN');
  if (!files) return undefined;
  if (!hub) throw new SettingError('ASKFIRST_FILES_ORIGIN needs ASKFIRST_ORIGIN too.');
  if (new URL(files).hostname === new URL(hub).hostname)
    throw new SettingError('ASKFIRST_FILES_ORIGIN must be another host than ASKFIRST_ORIGIN.');
  return files;
}

const listOf = (text = ''): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

function proxiesOf(text = ''): string[] {
  const proxies = listOf(text);
  for (const proxy of proxies) {
    const [address = '', bits, ...more] = proxy.split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    if (!isIP(address) || more.length > 0 || (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > most)))
      throw new SettingError(`ASKFIRST_PROXIES must be addresses with commas between them, not "${proxy}".`);
  }
  return proxies;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * smtps: TLS from the first byte, 465; smtp: STARTTLS or nothing, 587, and on this machine as it comes. No message
 * repeats the setting, for it holds a password.
 */
function mailOf(address: string | undefined, from: string | undefined): MailSetting | undefined {
  if (!address && from) throw new SettingError('ASKFIRST_MAIL_FROM needs ASKFIRST_SMTP too.');
  if (!address) return undefined;
  const url = URL.parse(address);
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (!url || !/^smtps?:$/.test(url.protocol) || !host || !/^\/?$/.test(url.pathname) || url.search || url.hash)
    throw new SettingError('ASKFIRST_SMTP must be like smtps://user:password@mail.example.org:465, without more.');
  if (!from || !/^[^\s@<>,"]+@[^\s@<>,"]+$/.test(from))
    throw new SettingError('ASKFIRST_SMTP needs ASKFIRST_MAIL_FROM, one address such as hub@example.org.');
  const implicit = url.protocol === 'smtps:';
  const words = [url.username, url.password].map(plainText);
  const [user, pass] = words;
  if (user === undefined || pass === undefined || !user !== !pass)
    throw new SettingError(
      'ASKFIRST_SMTP needs a user and a password, each with its signs written as %40 and the like.',
    );
  return {
    host,
    port: url.port ? Number(url.port) : implicit ? 465 : 587,
    tls: implicit ? 'implicit' : isLoopback(host) ? 'none' : 'starttls',
    ...(user ? { auth: { user, pass } } : {}),
    from,
  };
}

/** A part of an address as it was meant; undefined where its signs cannot be read. */
function plainText(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function addressOf(text = ''): string | undefined {
  if (text !== '' && !isIP(text))
    throw new SettingError(`ASKFIRST_EGRESS_ADDRESS must be one address of this machine, not "${text}".`);
  return text || undefined;
}

type Env = Record<string, string | undefined>;

/** Variables that hold the operator's word about a provider of sign-ins. */
interface LoginNames {
  legalName: string;
  address: string;
  countries: string;
  retention: string;
  policy: string;
}

/**
 * What no source but the operator can say of a provider of sign-ins, all of it or nothing: a data sheet with a gap cannot
 * be listed (R14), and a sign-in without a client cannot work. `why` is the setting that asks for it, `also` what it needs
 * beside.
 */
function loginOf(env: Env, why: string, names: LoginNames, also: string[]): LoginSetting {
  const told = (name: string) => env[name]?.trim() ?? '';
  const missing = [...Object.values(names), ...also].filter((name) => !told(name));
  if (missing.length > 0) throw new SettingError(`${why} needs these too: ${missing.join(', ')}.`);
  const policy = told(names.policy);
  if (URL.parse(policy)?.protocol !== 'https:') throw new SettingError(`${names.policy} must be an https address.`);
  return {
    policy,
    recipient: {
      legalName: told(names.legalName),
      address: told(names.address),
      countries: listOf(told(names.countries)),
      role: 'third_party',
      retention: told(names.retention),
    },
  };
}

const openidNames: LoginNames = {
  legalName: 'ASKFIRST_OPENID_LEGAL_NAME',
  address: 'ASKFIRST_OPENID_ADDRESS',
  countries: 'ASKFIRST_OPENID_COUNTRIES',
  retention: 'ASKFIRST_OPENID_RETENTION',
  policy: 'ASKFIRST_OPENID_POLICY',
};

function openidOf(env: Env, hasClient: boolean): OpenidSetting | undefined {
  const issuer = env.ASKFIRST_OPENID_ISSUER;
  if (!issuer && hasClient) throw new SettingError('ASKFIRST_OPENID_CLIENT_ID needs ASKFIRST_OPENID_ISSUER too.');
  if (!issuer) return undefined;
  const url = URL.parse(issuer);
  if (url?.protocol !== 'https:' || url.username || url.search || url.hash)
    throw new SettingError('ASKFIRST_OPENID_ISSUER must be an https address such as https://id.example.org.');
  const client = ['ASKFIRST_OPENID_CLIENT_ID', 'ASKFIRST_OPENID_CLIENT_SECRET'];
  const told = loginOf(env, 'ASKFIRST_OPENID_ISSUER', openidNames, ['ASKFIRST_OPENID_NAME', ...client]);
  return {
    ...told,
    issuer,
    hosts: [url.host, ...listOf(env.ASKFIRST_OPENID_HOSTS)],
    name: env.ASKFIRST_OPENID_NAME as string,
    docs: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  };
}

const githubNames: LoginNames = {
  legalName: 'ASKFIRST_GITHUB_LEGAL_NAME',
  address: 'ASKFIRST_GITHUB_ADDRESS',
  countries: 'ASKFIRST_GITHUB_COUNTRIES',
  retention: 'ASKFIRST_GITHUB_RETENTION',
  policy: 'ASKFIRST_GITHUB_POLICY',
};

function githubOf(env: Env): LoginSetting | undefined {
  const client = ['ASKFIRST_GITHUB_CLIENT_ID', 'ASKFIRST_GITHUB_CLIENT_SECRET'];
  const set = client.find((name) => env[name]);
  return set === undefined ? undefined : loginOf(env, set, githubNames, client);
}

function previousOf(env: Env): string | undefined {
  if (env.ASKFIRST_KEY_PREVIOUS && !env.ASKFIRST_KEY)
    throw new SettingError('ASKFIRST_KEY_PREVIOUS needs ASKFIRST_KEY too, set to the new key.');
  return env.ASKFIRST_KEY_PREVIOUS || undefined;
}

/** Parses the environment. Throws SettingError with one sentence. */
export function readEnvironment(env: Record<string, string | undefined>): Environment {
  const client: Environment['client'] = (provider) => {
    const name = `ASKFIRST_${provider.toUpperCase().replaceAll('-', '_')}_CLIENT`;
    const [id, secret] = [env[`${name}_ID`], env[`${name}_SECRET`]];
    return id && secret ? { id, secret } : undefined;
  };
  const logins = new Map<string, ReturnType<Environment['login']>>([
    ['openid', openidOf(env, client('openid') !== undefined)],
    ['github', githubOf(env)],
  ]);
  const publicOrigin = originOf(env.ASKFIRST_ORIGIN);
  return {
    port: portOf(env.ASKFIRST_PORT),
    dataFolder: resolve(env.ASKFIRST_DATA || 'data'),
    publicOrigin,
    filesOrigin: filesOriginOf(env.ASKFIRST_FILES_ORIGIN, publicOrigin),
    key: env.ASKFIRST_KEY || undefined,
    previousKey: previousOf(env),
    proxies: proxiesOf(env.ASKFIRST_PROXIES),
    egressAddress: addressOf(env.ASKFIRST_EGRESS_ADDRESS),
    client,
    login: (provider) => logins.get(provider),
    mail: mailOf(env.ASKFIRST_SMTP, env.ASKFIRST_MAIL_FROM),
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

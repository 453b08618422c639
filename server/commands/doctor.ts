import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AnyAdapter, withProviders } from '#sdk';
import * as catalogue from '../../integrations/index.ts';
import { createHttp } from '../egress/http.ts';
import { type Environment, readEnvironment, SettingError } from '../env.ts';
import { checkAddress } from './doctor-address.ts';
import { checkData } from './doctor-data.ts';
import { checkFiles } from './doctor-files.ts';
import { type Finding, fix, ok, unknown } from './doctor-finding.ts';
import { checkApp, checkMail, type OtherClock } from './doctor-partners.ts';

/** How far this machine's clock may be from another's, milliseconds (SECURITY.md OA4). */
const apartMs = 2 * 60_000;

function clockOf(other: OtherClock | undefined): Finding {
  if (!other) return unknown('clock', 'Nobody elsewhere was asked for the time; let the system keep it (NTP).');
  const minutes = Math.round(Math.abs(other.ahead) / 60_000);
  const apart = `This clock is ${minutes} minutes ${other.ahead < 0 ? 'ahead of' : 'behind'} ${other.whose}`;
  if (Math.abs(other.ahead) > apartMs) return fix('clock', `${apart}: let the system keep the time (NTP).`);
  return ok('clock', `It agrees with ${other.whose} to two minutes.`);
}

const demoAddress = (port: number, held: boolean): Finding[] => [
  held
    ? ok('address', `The demo is at http://localhost:${port}, for this machine alone.`)
    : ok('address', `npm start serves the demo at http://localhost:${port}, for this machine alone.`),
];

const publicNeeds = `A public hub needs, beside this:
  ASKFIRST_ORIGIN        its https address, with a certificate that browsers trust
  ASKFIRST_FILES_ORIGIN  another https host that leads to the same hub, so that files can be sent
  ASKFIRST_KEY           32 random bytes in base64url, kept away from the data
  ASKFIRST_PROXIES       the addresses of proxies before it, if there are any
  ASKFIRST_SMTP          a mail server, so that people can sign in
  ASKFIRST_MAIL_FROM     the sender's address of its mails
  an OAuth app at each partner that brands are to connect; its redirect address is <ASKFIRST_ORIGIN>/oauth/callback/<partner>`;

/** Everything that can be looked at, one after the other; nothing is changed, and nothing about a visitor is sent (R87). */
async function examine(env: Environment, raw: Record<string, string | undefined>): Promise<Finding[]> {
  const now = () => new Date();
  const data = await checkData(env);
  const origin = env.publicOrigin;
  const address = origin
    ? await checkAddress({ origin, key: data.key, now })
    : { findings: demoAddress(env.port, data.held) };
  const http = createHttp({
    allow: [],
    monotonic: () => performance.now(),
    ...(env.egressAddress && { localAddress: env.egressAddress }),
  });
  const listed = Object.values(catalogue) as readonly AnyAdapter[];
  const apps: Awaited<ReturnType<typeof checkApp>>[] = [];
  try {
    for (const adapter of withProviders(listed, env.login))
      apps.push(await checkApp({ http, env, raw, origin, now }, adapter));
  } finally {
    await http.close();
  }
  const clock = apps.find((app) => app.clock)?.clock ?? address.clock;
  const mail = await checkMail(env);
  const files = await checkFiles(origin, env.filesOrigin);
  return [...address.findings, clockOf(clock), ...data.findings, mail, files, ...apps.flatMap((app) => app.findings)];
}

/** `npm run doctor`: looks at the set-up of the environment and names the fix of whatever is wrong; 1 where one is needed. */
export async function main(raw: Record<string, string | undefined> = process.env): Promise<0 | 1> {
  let findings: Finding[];
  let isDemo = false;
  try {
    const env = readEnvironment(raw);
    isDemo = env.publicOrigin === undefined;
    findings = await examine(env, raw);
  } catch (e) {
    if (!(e instanceof SettingError)) throw e;
    findings = [fix('settings', e.message)];
  }
  const width = Math.max(...findings.map((f) => f.name.length));
  for (const { mark, name, says } of findings) console.log(`${mark.padEnd(7)}  ${name.padEnd(width)}  ${says}`);
  const bad = findings.filter((f) => f.mark === 'fix').length;
  console.log(bad === 0 ? '\nNothing to fix.' : `\n${bad} to fix.`);
  if (isDemo) console.log(`\n${publicNeeds}`);
  return bad === 0 ? 0 : 1;
}

// Run, not imported: the first file Node was given is this one, links resolved.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main();

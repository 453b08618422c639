import { request } from 'node:https';
import { type Finding, fix, ok, unknown } from './doctor-finding.ts';

const waitMs = 10_000;

/** The policy with which what answers there answers; '' for none, undefined where nothing does. */
function policyAt(origin: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(waitMs);
    request(new URL('/', origin), { signal, agent: false }, (res) => {
      res.resume();
      resolve(String(res.headers['content-security-policy'] ?? ''));
    })
      .on('error', () => resolve(undefined))
      .end();
  });
}

/** Whether visitors and agents can send files, and whether the files' host leads to a hub that keeps them apart. */
export async function checkFiles(
  origin: string | undefined,
  filesOrigin: string | undefined,
  ask = policyAt,
): Promise<Finding> {
  if (!origin) return ok('files', 'The demo serves them from 127.0.0.1.');
  if (!filesOrigin)
    return unknown(
      'files',
      'Nobody can send files in a chat: set ASKFIRST_FILES_ORIGIN to another host that leads to this hub.',
    );
  const { host } = new URL(filesOrigin);
  const policy = await ask(filesOrigin);
  if (policy === undefined)
    return fix('files', `Nothing answers at ${host} with a good certificate: point it at the hub's proxy.`);
  if (!policy.startsWith('sandbox;'))
    return fix('files', `${host} does not answer as the files' host: let the proxy hand on the Host header.`);
  return ok('files', `Files are had from ${host}.`);
}

import { expect } from 'vitest';
import { askedBy } from '#sdk';
import { facts } from '../../../integrations/github/facts.ts';
import { createHttp } from '../../../server/egress/http.ts';
import { stateHash } from '../../../server/egress/oauth-callback.ts';
import { createOauthLogin } from '../../../server/egress/oauth-login.ts';
import { type Github, githubToken, openGithub } from '../../support/github.ts';
import { prepare, schemasOf } from '../description.ts';
import { type Judge, startJudge, type WireRequest } from '../prism.ts';
import { contractTest, pins, readPinned } from '../specs-folder.ts';
import { wrongVersions } from '../wrong-versions.ts';

const contract = contractTest('github');
const files = pins.github?.files ?? [];
/** Every operation the sign-in uses. */
const used = files.flatMap((file) => file.operations);

/** GitHub's description behind Prism, gate included; no correction is needed. */
async function openJudge(folder: string): Promise<Judge> {
  const parts = files.map((pin) => ({ pin, description: prepare(readPinned(folder, pin), pin.operations, []) }));
  for (const { pin, description } of parts) schemasOf(description).gate(pin.operations);
  return startJudge(parts.map((part) => part.description));
}

/** The sign-in itself, as egress runs it; calls of the API go to `api`, the code's exchange to the stand-in. */
async function signIn(github: Github, api: string) {
  const host = new URL(api).host;
  const http = createHttp({ allow: [github.host, host], monotonic: () => performance.now() });
  const origins = new Map([
    ['https://github.com', `${github.origin}/web`],
    ['https://api.github.com', api],
  ]);
  const warned: object[] = [];
  const log = { warn: (said: object) => void warned.push(said) };
  const way = createOauthLogin({ http, origins, monotonic: () => performance.now(), log });
  const partner = { facts, sandbox: true, client: { id: 'askfirst-github', secret: 'a-secret-of-the-test' } };
  try {
    const params = new URLSearchParams({ code: 'a-code', state: 'S' });
    const secrets = { stateHash: stateHash('S'), verifier: 'v'.repeat(43) };
    const claims = await way.finish(partner, { params, redirectUri: 'http://localhost/x', secrets });
    return { claims, warned };
  } finally {
    await http.close();
  }
}

/** What the sign-in asked of the API, as it went over the wire. */
const asked = (github: Github): WireRequest[] =>
  github.requests
    .filter((r) => r.path.startsWith('/api/'))
    .map(({ method, path, headers: { host: _, connection: __, 'content-length': ___, ...headers }, body }) => ({
      method,
      path: path.slice('/api'.length),
      headers,
      ...(body === '' ? {} : { body }),
    }));
const operationOf = ({ method, path }: WireRequest) =>
  used.find((operation) => new RegExp(`^${operation.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(`${method} ${path}`));

async function opened(folder: string, use: (rig: { judge: Judge; github: Github }) => Promise<void>) {
  const judge = await openJudge(folder);
  const github = await openGithub();
  try {
    await use({ judge, github });
  } finally {
    await github.close();
    await judge.stop();
  }
}

contract('every request of the sign-in passes the description, with the scheme GitHub asks for', async (folder) => {
  await opened(folder, async ({ judge, github }) => {
    await signIn(github, `${github.origin}/api`);
    const requests = asked(github);
    expect(requests.map(operationOf)).toEqual(used);
    for (const request of requests) expect((await judge.judge(request)).reasons, request.path).toEqual([]);
    // the file has no security, so what it does not check is held here
    const basic = Buffer.from('askfirst-github:a-secret-of-the-test').toString('base64');
    expect(requests.map((r) => r.headers.authorization)).toEqual([
      `Bearer ${githubToken}`,
      `Bearer ${githubToken}`,
      `Basic ${basic}`,
    ]);
  });
});

contract('R21 GitHub’s own examples are read: name, main address, and the grant taken back', async (folder) => {
  await opened(folder, async ({ judge, github }) => {
    const { claims, warned } = await signIn(github, judge.base);
    expect(claims).toEqual({ name: 'monalisa octocat', email: 'octocat@github.com' });
    expect(warned).toEqual([]);
  });
});

contract('wrong versions are refused, or the operation is named as not checked', async (folder) => {
  await opened(folder, async ({ judge, github }) => {
    await signIn(github, `${github.origin}/api`);
    const found: Record<string, string[]> = {};
    for (const request of asked(github)) {
      const hows = new Set<string>();
      for (const wrong of wrongVersions(request)) if ((await judge.judge(wrong.request)).refused) hows.add(wrong.how);
      found[operationOf(request) ?? 'unknown'] = [...hows].sort();
    }
    for (const [operation, hows] of Object.entries(found))
      if (hows.length === 0) console.log(`NOT CHECKED by the description: ${operation}`);
    expect(found).toEqual({
      // GETs without a parameter of ours, and credentials the file does not speak of
      'GET /user': [],
      'GET /user/emails': [],
      'DELETE /applications/{client_id}/grant': ['property dropped', 'type changed'],
    });
  });
});

contract('its data sheet names these calls and no other', async () => {
  expect(askedBy(facts.auth)).toEqual(used);
});

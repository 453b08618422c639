import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { type Github, githubToken, openGithub } from '../../support/github.ts';
import { count } from '../hub/stage.ts';
import { begun, choose, sourcesIn, start, turnOn } from './door.ts';

let door: FrontDoor;
let github: Github;
let integration: string;
beforeEach(async () => {
  github = await openGithub();
  door = await frontDoor({ standIn: github.standIn });
  integration = await turnOn(door, 'github');
});
afterEach(async () => {
  await door.close();
  await github.close();
});

/** One whole sign-in under the plan as it stands. */
async function signIn(change: (query: URLSearchParams) => void = () => {}) {
  const one = await begun(door, integration);
  const query = github.visit(one.to);
  change(query);
  return { ...one, res: await one.browser.get(`/oauth/callback/github?${query}`) };
}
const audits = (act: string) =>
  door.store.read
    .hot('select detail from audit where act = ? order by seq')
    .all(act)
    .map((row) => row.detail);
const grantsBack = () => github.requests.filter((r) => r.method === 'DELETE' && r.body.includes(githubToken));
const calls = () => github.requests.map((r) => `${r.method} ${r.path}`);
/** The page to pick from, as text. */
const offered = async (one: { browser: { get(path: string): Promise<Response> } }) =>
  (await one.browser.get('/login/pick')).text();
/** Refused: a plain page, nothing kept or stored, an audit row, no word of GitHub's in the log. */
async function refused(code: string, change?: (query: URLSearchParams) => void) {
  const { res, result, browser } = await signIn(change);
  expect(res.status).toBe(400);
  expect(await res.text()).toContain('Nothing was filled in.');
  expect(await result()).toEqual({ state: 'over' });
  expect((await browser.get('/login/pick')).status).toBe(400);
  expect([count(door, 'value'), count(door, 'subject'), count(door, 'vault')]).toEqual([0, 0, 0]);
  expect(count(door, 'login_transaction', 'sealed is not null')).toBe(0);
  expect(audits('login-refused').at(-1)).toBe(`github (sandbox): ${code}`);
  expect(door.logged()).not.toMatch(new RegExp(`${githubToken}|Mona|a-code|a-secret-of-the-test`));
}

describe('R2 R14 GitHub is turned on like any sign-in', () => {
  test('R14 its data sheet names what it calls there, and that it gets nothing', async () => {
    const sheet = await (await (await door.owner()).get('/console/add/github')).text();
    expect(sheet).toContain('GitHub: data sheet');
    expect(sheet).toContain('DELETE /applications/{client_id}/grant');
    expect(sheet).toContain('askfirst sends it nothing about them');
    expect(sheet).toContain('user:email');
  });

  test('R2 tried first with a token nobody has; a client it does not know is said in plain words', async () => {
    expect(calls()).toEqual(['DELETE /api/applications/askfirst-github/grant']);
    expect(github.requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('askfirst-github:a-secret-of-the-test').toString('base64')}`,
    );
    expect(count(door, 'vault')).toBe(0);
    const maria = await door.owner();
    await maria.submit(`/console/connections/${integration}/disconnect`, { csrf: maria.csrf });
    github.plan.knowsUs = false;
    const res = await maria.submit('/console/add/github', { csrf: maria.csrf });
    expect(res.status).toBe(400);
    const page = await res.text();
    expect(page).toContain('GitHub does not know our client or its secret.');
    expect(page).not.toContain('a-secret-of-the-test');
    expect(count(door, 'integration', "connection = 'active'")).toBe(0);
    expect(audits('connect-refused')).toEqual(['github']);
  });

  test('R21 two sign-ins stand side by side in the chat’s form, each with its own button', async () => {
    await turnOn(door, 'openid');
    const frame = await (await door.client().get('/widget/frame?brand=harbor-motors')).text();
    expect(frame.replaceAll('&quot;', '"')).toMatch(/"name":"GitHub".*"name":"Harbor ID"/);
  });
});

describe('R21 a visitor fills in the form from GitHub', () => {
  test('R21 PKCE S256, the visitor picks and edits, and the token is gone on both sides', async () => {
    const one = await begun(door, integration);
    const asked = new URL(one.to);
    expect(asked.origin + asked.pathname).toBe(`${github.origin}/web/login/oauth/authorize`);
    const query = Object.fromEntries(asked.searchParams);
    expect(query).toMatchObject({
      response_type: 'code',
      client_id: 'askfirst-github',
      scope: 'user:email',
      redirect_uri: `${door.origin}/oauth/callback/github`,
      code_challenge_method: 'S256',
    });
    expect(query.nonce).toBeUndefined();
    const back = await one.browser.get(`/oauth/callback/github?${github.visit(one.to)}`);
    expect(back.headers.get('location')).toBe('/login/pick');

    const token = github.requests.find((r) => r.path.endsWith('/access_token'));
    const form = Object.fromEntries(new URLSearchParams(token?.body));
    expect(form).toMatchObject({ grant_type: 'authorization_code', code: 'a-code', client_id: 'askfirst-github' });
    const challenge = createHash('sha256')
      .update(form.code_verifier ?? '')
      .digest('base64url');
    expect(challenge).toBe(query.code_challenge);
    expect(calls().slice(-3)).toEqual([
      'GET /api/user',
      'GET /api/user/emails',
      'DELETE /api/applications/askfirst-github/grant',
    ]);
    expect(JSON.parse(grantsBack()[0]?.body ?? '')).toEqual({ access_token: githubToken });
    const kept = JSON.stringify(door.store.read.hot('select * from login_transaction').get());
    expect(kept).not.toMatch(new RegExp(`${githubToken}|Mona|mona|583231`));
    expect(count(door, 'vault')).toBe(0);

    expect(await offered(one)).toContain('mona@octocat.example');
    const picked = {
      answer: 'use',
      'use-name': 'yes',
      name: 'Mona',
      'use-email': 'yes',
      email: 'mona@octocat.example',
    };
    await choose(one.browser, picked);
    expect(await one.result()).toMatchObject({ state: 'here', partner: 'GitHub', own: ['name'] });
    await start(door, { name: 'Mona', email: 'mona@octocat.example', login: one.pick });
    expect(sourcesIn(door)).toEqual({ name: 'visitor', email: `login:${integration}` });
    expect(audits('login')).toEqual(['github (sandbox)']);
  });

  test('R21 cancelled there: the plain form stays, nobody is called', async () => {
    const before = calls().length;
    const { res, result } = await signIn((query) => {
      query.delete('code');
      query.set('error', 'access_denied');
    });
    expect(res.status).toBe(400);
    expect(await res.text()).toContain('You did not go on at GitHub.');
    expect(await result()).toEqual({ state: 'over' });
    expect(calls().length).toBe(before);
    expect(audits('login-refused')).toEqual(['github (sandbox): denied']);
  });

  test.each<[string, (query: URLSearchParams) => void]>([
    ['no state', (q) => q.delete('state')],
    ['a wrong state', (q) => q.set('state', 'A'.repeat(43))],
    ['a doubled state', (q) => q.append('state', q.get('state') ?? '')],
  ])('sec-O05 %s calls nobody', async (_, spoil) => {
    const before = calls().length;
    const { res } = await signIn(spoil);
    expect(res.status).toBe(400);
    expect(calls().length).toBe(before);
    expect(audits('login-refused')).toEqual(['github: callback without a live sign-in']);
  });

  test('sec-O01 a callback that names another issuer sends no code; another adapter’s address is refused', async () => {
    await refused('issuer_mismatch', (query) => query.set('iss', 'https://evil.example'));
    await turnOn(door, 'openid');
    const one = await begun(door, integration);
    const res = await one.browser.get(`/oauth/callback/openid?${github.visit(one.to)}`);
    expect(res.status).toBe(400);
    expect(calls()).not.toContain('POST /web/login/oauth/access_token');
  });

  test('OA8 a code is used once', async () => {
    const one = await begun(door, integration);
    const query = github.visit(one.to);
    expect((await one.browser.get(`/oauth/callback/github?${query}`)).status).toBe(303);
    expect((await one.browser.get(`/oauth/callback/github?${query}`)).status).toBe(400);
    expect(github.hits('/web/login/oauth/access_token')).toBe(1);
  });
});

describe('R21 which e-mail', () => {
  const { address } = { address: (e: string, p: boolean, v: boolean) => github.address(e, p, v) };
  const addressTaken = async () => {
    const one = await signIn();
    expect(one.res.status).toBe(303);
    return /name="email"[^>]*value="([^"]*)"|value="([^"]*@[^"]*)"/
      .exec(await offered(one))
      ?.slice(1)
      .find(Boolean);
  };

  test('of several the main one, if GitHub checked it', async () => {
    github.plan.emails = [address('other@x.example', false, true), address('main@x.example', true, true)];
    expect(await addressTaken()).toBe('main@x.example');
  });

  test('else one that was checked', async () => {
    github.plan.emails = [address('main@x.example', true, false), address('other@x.example', false, true)];
    expect(await addressTaken()).toBe('other@x.example');
  });

  test('none that was never checked, and never the profile’s own', async () => {
    github.plan.profile = { id: 7, name: 'Mona Octocat', email: 'profile@x.example' };
    for (const emails of [[address('main@x.example', true, false)], [], { message: 'x' }, [7, null]]) {
      github.plan.emails = emails;
      expect(await addressTaken()).toBeUndefined();
    }
  });

  test('OA11 not granted: not asked for, and the name is still offered', async () => {
    github.plan.answer = { scope: '' };
    const one = await signIn();
    expect(await offered(one)).toContain('Mona Octocat');
    expect(await offered(one)).not.toContain('@octocat');
    expect(calls()).not.toContain('GET /api/user/emails');
    expect(grantsBack()).toHaveLength(1);
  });

  test.each([403, 404])('%i from the list of addresses leaves it out', async (status) => {
    github.plan.statuses.emails = status;
    expect(await addressTaken()).toBeUndefined();
  });

  test('a name that is no text, or too long, stays out', async () => {
    for (const name of [null, 7, 'x'.repeat(121)]) {
      github.plan.profile = { id: 7, name };
      expect(await offered(await signIn())).not.toContain('name="use-name"');
    }
  });
});

describe('R21 an answer that cannot be used', () => {
  test.each<[string, string, (plan: Github['plan']) => void]>([
    ['no token', 'bad_answer', (plan) => (plan.answer = { access_token: undefined })],
    ['a refusal inside a 200', 'bad_answer', (plan) => (plan.knowsUs = false)],
    ['another kind of token', 'bad_answer', (plan) => (plan.answer = { token_type: 'mac' })],
    ['a token over 16 kB', 'token_too_large', (plan) => (plan.answer = { access_token: 'x'.repeat(16_385) })],
    ['a profile without id', 'bad_answer', (plan) => (plan.profile = { name: 'Mona Octocat' })],
    ['a profile with an odd id', 'bad_answer', (plan) => (plan.profile = { id: 1.5, name: 'Mona Octocat' })],
    ['a list for a profile', 'bad_answer', (plan) => (plan.profile = [])],
    ['a token that opens nothing', 'bad_answer', (plan) => (plan.statuses.profile = 401)],
    ['a fault', 'unavailable', (plan) => (plan.statuses.profile = 503)],
    ['a fault at the addresses', 'unavailable', (plan) => (plan.statuses.emails = 500)],
    ['more rights than asked', 'scope_exceeded', (plan) => (plan.answer = { scope: 'user:email,repo' })],
  ])('%s: nothing is filled in', async (_, code, spoil) => {
    spoil(github.plan);
    await refused(code);
  });

  test('SECURITY control 8: what was given and is not used is handed back', async () => {
    github.plan.profile = [];
    await refused('bad_answer');
    github.plan.profile = { id: 7 };
    github.plan.answer = { scope: 'user:email repo' };
    await refused('scope_exceeded');
    expect(grantsBack()).toHaveLength(2);
  });

  test('a grant that cannot be handed back is said in the log, without its token; the form is filled in', async () => {
    github.plan.statuses.grant = 500;
    expect((await signIn()).res.status).toBe(303);
    expect(door.logged()).toContain('a sign-in could not be handed back');
    expect(door.logged()).not.toContain(githubToken);
  });
});

test('sec-O21 the same e-mail from two accounts links nobody: no account is kept, and no e-mail stands for one', async () => {
  for (const id of [7, 8]) {
    github.plan.profile = { id, name: 'Mona Octocat' };
    const one = await signIn();
    await choose(one.browser, { answer: 'use', 'use-email': 'yes', email: 'mona@octocat.example' });
    await one.result();
    expect((await start(door, { email: 'mona@octocat.example', login: one.pick })).status).toBe(201);
  }
  expect(count(door, 'subject')).toBe(2);
});

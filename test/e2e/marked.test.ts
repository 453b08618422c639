import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Question } from '#contract/chat.ts';
import { type HubBehind, runHubBehind } from '../support/hub-behind.ts';
import { type Client, peopleAt } from '../support/people-at.ts';
import { json } from '../support/recorder.ts';

const crm = 'CustomerRelationshipManagement';
const panel = { 'x-askfirst': '1' };
/** In every token the partner gives, and in what it says of them. */
const MARK = 'LIVETOKEN4d7e91b2';
/** The ways a value gets into a file or an answer without being seen at once. */
const spellings = [
  MARK,
  encodeURIComponent(MARK),
  Buffer.from(MARK).toString('hex'),
  ...[0, 1, 2].map((shift) =>
    Buffer.from(`${'x'.repeat(shift)}${MARK}`)
      .toString('base64url')
      .slice(shift === 0 ? 0 : 4, -4),
  ),
];

let behind: HubBehind;
let people: ReturnType<typeof peopleAt>;
let maria: Client;
/** Everything the hub answered to anybody. */
const answers: string[] = [];
let n = 0;
beforeEach(async () => {
  behind = await runHubBehind();
  people = peopleAt(behind.hub);
  maria = people.client();
  await maria.submit(behind.hub.signIn, { token: behind.hub.signIn.split('/').at(-1) ?? '' });
});
afterEach(() => behind.close());

/** A partner whose tokens are marked; its other answers, errors included, repeat the token it was shown. */
function marked() {
  behind.recorder.answer(({ path, headers, body }, res) => {
    if (body.includes('grant_type=refresh_token'))
      return json(res, 200, {
        access_token: `${MARK}-access-${++n}`,
        refresh_token: `${MARK}-refresh-${n}`,
        token_type: 'bearer',
        expires_in: 1800,
        scopes: ['oauth', 'crm.objects.contacts.read', 'crm.objects.contacts.write'],
      });
    if (path.includes('/oauth/')) return false;
    return json(res, 400, { message: `${headers.authorization} may not`, category: headers.authorization });
  });
}
/** The pages and calls that show connections, sends and their errors. */
async function ask(conversation: string) {
  const integration = /\/console\/connections\/([\w-]+)/.exec(await (await maria.get('/console')).text())?.[1];
  for (const path of ['/console', `/console/connections/${integration}`, '/console/ledger', '/start', '/healthz'])
    answers.push(await (await maria.get(path)).text());
  for (const path of ['/api/panel/queue', `/api/panel/conversations/${conversation}`])
    answers.push(JSON.stringify(await maria.json('GET', path, undefined, panel)));
}
const filesOf = (data: string) =>
  readdirSync(data)
    .filter((name) => name.startsWith('hub.'))
    .map((name) => ({ name, bytes: readFileSync(join(data, name), 'latin1') }));
const shown = (text: string) => spellings.filter((spelling) => text.includes(spelling));

test('control 1 a marked token is nowhere in clear: refresh, send, error, kill, restart, change of the key, disconnect', async () => {
  await people.connect(maria);
  const ada = await people.visitor({ name: 'Ada Brandt', email: 'ada@brandt.example' }, 'Hello');
  const connection = /\/console\/connections\/([\w-]+)/.exec(await (await maria.get('/console')).text())?.[1] ?? '';
  const asked = await ada.say('/api/chat/question', { integration: connection, purpose: crm });
  await ada.say('/api/chat/answer', { nonce: (asked.body as Question).nonce, answers: { email: 'yes', name: 'yes' } });
  let presses = 0;
  /** Presses Send, and waits until the partner has seen a marked token once more. */
  async function send() {
    const before = behind.recorder.calls.length;
    const path = `/api/panel/conversations/${ada.conversation}/shares`;
    const body = { integration: connection, purpose: crm, clientId: `press-${++presses}` };
    answers.push(JSON.stringify(await maria.json('POST', path, body, panel)));
    await expect.poll(() => behind.recorder.calls.length).toBeGreaterThan(before);
    expect(behind.recorder.calls.at(-1)?.headers.authorization).toMatch(`Bearer ${MARK}-access-`);
    await ask(ada.conversation);
  }
  marked();
  const printed: string[] = [];
  const kept: { name: string; bytes: string }[] = [];
  const again = async (signal?: NodeJS.Signals) => {
    kept.push(...filesOf(behind.hub.data)); // as they are while it runs, the log beside the database included
    await behind.hub.stop(signal);
    kept.push(...filesOf(behind.hub.data));
    printed.push(behind.hub.output());
    await behind.again();
  };
  await again();
  await send();
  await again('SIGKILL');
  await send();
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/server/rotate-key.js'], {
    env: { ASKFIRST_DATA: behind.hub.data },
  });
  expect(stdout).toContain('The hub key was changed');
  await expect.poll(() => behind.hub.output()).toContain('The hub key was changed');
  printed.push(stdout);
  await send();
  await again();
  await send();
  const leave = await maria.submit(`/console/connections/${connection}/disconnect`, {
    csrf: await people.csrfOf(maria),
  });
  answers.push(await leave.text());
  await ask(ada.conversation);
  kept.push(...filesOf(behind.hub.data));
  printed.push(behind.hub.output());

  expect(n).toBeGreaterThan(2);
  const told = behind.recorder.tokenCalls.filter((c) => c.path.endsWith('/revoke')).map((c) => c.body);
  expect(told.join()).toContain(`${MARK}-refresh-${n}`);
  expect(kept.flatMap(({ name, bytes }) => shown(bytes).map((spelling) => `${name}: ${spelling}`))).toEqual([]);
  expect(printed.flatMap(shown)).toEqual([]);
  expect(answers.length).toBeGreaterThan(20);
  expect(answers.flatMap(shown)).toEqual([]);
});

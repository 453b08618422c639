import { afterEach, describe, expect, test } from 'vitest';
import { type DoorOptions, type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { json, openRecorder, type Recorder } from '../../support/recorder.ts';
import { withAuth } from '../../support/with-auth.ts';
import { count, openChat, openStage } from './stage.ts';

type Client = Awaited<ReturnType<FrontDoor['owner']>>;
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function openDoor(options: DoorOptions = {}) {
  const recorder = await openRecorder();
  open.push(recorder.close);
  const door = await frontDoor({ ...options, recorder });
  open.push(door.close);
  return { door, recorder, maria: await door.owner() };
}
type Opened = Awaited<ReturnType<typeof openDoor>>;

/** Somebody starts, and the partner sends the browser back: the callback's address, not yet opened. */
async function begun({ door }: Pick<Opened, 'door'>, who: Client): Promise<URL> {
  const csrf = /name="csrf" value="([^"]+)"/.exec(await (await who.get('/console')).text())?.[1] ?? '';
  const res = await who.submit('/console/add/hubspot', { csrf });
  return new URL(await door.allow(res.headers.get('location') ?? ''));
}
const tokenCalls = (recorder: Recorder) => recorder.tokenCalls.filter((c) => c.path.endsWith('/token'));
/** Refused in words: nothing connected, nothing kept, one audit row more that says why. */
async function refused({ door, maria }: Opened, back: URL, why: string) {
  const before = count(door, 'audit', "act = 'connect-refused'");
  const res = await maria.get(back.href);
  expect(res.status).toBe(400);
  expect(await res.text()).toContain('The connection was not made.');
  expect([count(door, 'integration'), count(door, 'vault')]).toEqual([0, 0]);
  expect(count(door, 'connect_transaction', "stage = 'called_back'")).toBe(0);
  expect(count(door, 'audit', "act = 'connect-refused'")).toBe(before + 1);
  const said = door.store.read.hot("select detail from audit where act = 'connect-refused' order by seq desc").get();
  expect(said?.detail).toBe(`hubspot: ${why}`);
}
/** HubSpot with other facts about its sign-in. */
describe('R1 a callback from, or for, another authorization server', () => {
  test('sec-O01 it names the attacker’s issuer: no token call', async () => {
    const opened = await openDoor();
    for (const iss of ['https://evil.example', `${opened.door.shop}/sandbox/other`, '']) {
      const back = await begun(opened, opened.maria);
      back.searchParams.set('iss', iss);
      await refused(opened, back, 'issuer_mismatch');
    }
    expect(opened.recorder.tokenCalls).toEqual([]);
  });

  test('sec-O03 the partner always names its issuer, and this callback does not: no token call', async () => {
    const opened = await openDoor({ adapters: withAuth({ iss: true }) });
    const back = await begun(opened, opened.maria);
    expect(back.searchParams.has('iss')).toBe(false);
    await refused(opened, back, 'issuer_mismatch');
    expect(opened.recorder.tokenCalls).toEqual([]);
  });

  test('sec-O04 a stolen code put into Maria’s session: the server finds the wrong verifier, and nothing is stored', async () => {
    const opened = await openDoor();
    const thief = await begun(opened, await opened.door.owner());
    const back = await begun(opened, opened.maria);
    back.searchParams.set('code', thief.searchParams.get('code') ?? '');
    await refused(opened, back, 'invalid_grant');
    expect(tokenCalls(opened.recorder)).toHaveLength(1);
  });

  test('sec-O12 S256 goes to the sign-in page and the verifier stays here', async () => {
    const { door, maria, recorder } = await openDoor();
    const res = await maria.submit('/console/add/hubspot', { csrf: maria.csrf });
    const asked = new URL(res.headers.get('location') ?? '').searchParams;
    expect([asked.get('code_challenge_method'), asked.get('code_challenge')?.length]).toEqual(['S256', 43]);
    await maria.get(await door.allow(res.headers.get('location') ?? ''));
    const sent = new URLSearchParams(tokenCalls(recorder)[0]?.body).get('code_verifier') ?? '';
    expect(sent).toMatch(/^[\w-]{43,}$/);
    expect(res.headers.get('location')).not.toContain(sent);
  });
});

describe('R1 a token endpoint that misbehaves', () => {
  test('sec-O31 what it says too much of, or not as JSON, connects nothing', async () => {
    const opened = await openDoor();
    const token = (value: object) => ({ access_token: 'a', token_type: 'bearer', hub_id: 4810000, ...value });
    const answers: [string, Parameters<typeof opened.recorder.answer>[0]][] = [
      ['token_too_large', (_, res) => json(res, 200, token({ access_token: 'a'.repeat(16_385) }))],
      ['bad_answer', (_, res) => json(res, 200, token({ padding: 'a'.repeat(2 << 20) }))],
      ['bad_answer', (_, res) => void res.end('[['.repeat(10_000)) === undefined],
      ['bad_answer', (_, res) => void res.writeHead(200, { 'content-encoding': 'gzip' }).end('\x1f\x8b') === undefined],
    ];
    for (const [why, answer] of answers) {
      const back = await begun(opened, opened.maria);
      opened.recorder.answer(answer);
      await refused(opened, back, why);
      opened.recorder.answer(() => false);
    }
  });

  test('sec-O32 it sends us inside by 302 or 307: nothing is asked there', async () => {
    const opened = await openDoor();
    const inside = await openRecorder();
    open.push(inside.close);
    for (const status of [302, 307]) {
      const back = await begun(opened, opened.maria);
      opened.recorder.answer((_, res) => void res.writeHead(status, { location: inside.origin }).end() === undefined);
      await refused(opened, back, 'bad_answer');
      opened.recorder.answer(() => false);
    }
    expect(inside.connections()).toBe(0);
  });

  test('sec-O30 it says nothing: cut, and another call of the hub is answered meanwhile', async () => {
    const opened = await openDoor({ egress: { totalMs: 1_000 } });
    const back = await begun(opened, opened.maria);
    let silent = () => {};
    const waiting = new Promise<void>((resolve) => {
      silent = resolve;
    });
    opened.recorder.answer((request) => {
      silent();
      return request.path.includes('/oauth/');
    });
    let over = false;
    const stuck = refused(opened, back, 'no_answer').then(() => {
      over = true;
    });
    await waiting;
    expect((await opened.door.client().get('/healthz')).status).toBe(200);
    expect(over).toBe(false);
    await stuck;
  });

  test('sec-O30 the pushed question is never answered: nothing begins, in plain words, with an audit row', async () => {
    const opened = await openDoor({
      egress: { totalMs: 300 },
      adapters: withAuth({ par: 'https://api.hubapi.com/oauth/push' }),
    });
    const { door, maria, recorder } = opened;
    recorder.answer((request) => request.path.endsWith('/push'));
    const res = await maria.submit('/console/add/hubspot', { csrf: maria.csrf });
    expect([res.status, res.headers.get('location')]).toEqual([400, null]);
    expect(await res.text()).toContain('HubSpot does not take a sign-in just now.');
    expect(count(door, 'connect_transaction')).toBe(0);
    expect(door.store.read.hot("select detail from audit where act = 'connect-refused'").all()).toEqual([
      { detail: 'hubspot: no_answer' },
    ]);
  });
});

test('sec-O18 the hub’s clock jumps by minutes: a token is renewed when its life is over, not before', async () => {
  let wall = Date.now();
  let ticks = 0;
  const stage = await openStage({ now: () => new Date(wall), monotonic: () => performance.now() + ticks });
  open.push(stage.close);
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  const renewals = async () => {
    stage.recorder.tokenCalls.length = 0;
    await chat.send();
    expect((await chat.lastShare())?.state).toBe('sent');
    return tokenCalls(stage.recorder).length;
  };
  for (const jump of [5, -10, 5]) {
    wall += jump * 60_000;
    expect(await renewals()).toBe(0);
  }
  ticks += 1_800_000;
  expect(await renewals()).toBe(1);
});

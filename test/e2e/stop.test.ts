import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ConversationView, Entry, Question } from '#contract/chat.ts';
import { runHub } from '../support/hub.ts';
import { peopleAt } from '../support/people-at.ts';
import { openSimulator } from '../support/simulator.ts';

const crm = 'CustomerRelationshipManagement';
const panel = { 'x-askfirst': '1' };
const data = mkdtempSync(join(tmpdir(), 'askfirst-stop-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Code that runs before the hub: what the hub dials on its own port, its sandbox partners, arrives at another one. */
const detour = (from: number, to: number) => `
  import { Socket } from 'node:net';
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function (...args) {
    const first = Array.isArray(args[0]) ? args[0][0] : args[0];
    if (Number(first?.port) === ${from}) first.port = ${to};
    return connect.apply(this, args);
  };`;

const command = (...argv: string[]) =>
  spawnSync(process.execPath, ['dist/server/stop-sending.js', ...argv], {
    encoding: 'utf8',
    env: { ...process.env, ASKFIRST_DATA: data },
  });

test('R8 a hub killed while its partner is down revokes when it is started again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'askfirst-revoke-'));
  const port = await freePort();
  const nobody = await freePort();
  const started = async (preload?: string) => {
    const hub = await runHub({ data: folder, port, ...(preload ? { preload } : {}) });
    const people = peopleAt(hub);
    const maria = people.client();
    await maria.submit(hub.signIn, { token: hub.signIn.split('/').at(-1) ?? '' });
    const list = async () => (await maria.get('/console')).text();
    return { hub, people, maria, list };
  };
  const first = await started();
  await first.people.connect(first.maria);
  const link = /\/console\/connections\/[\w-]+/.exec(await first.list())?.[0] ?? '';
  await first.hub.stop();

  const second = await started(detour(port, nobody));
  const csrf = await second.people.csrfOf(second.maria);
  const done = await second.maria.submit(`${link}/disconnect`, { csrf });
  expect(done.headers.get('location')).toContain('done=pending');
  await second.hub.stop('SIGKILL');

  const third = await started();
  const page = async () => (await third.maria.get(link)).text();
  await expect.poll(page, { timeout: 30_000 }).toContain('Revoked at HubSpot');
  await third.hub.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('P4 sec-R22 a hub paused in the middle of a send, and stopped meanwhile: no further byte when it goes on', async () => {
  const port = await freePort();
  const partner = await openSimulator();
  const hub = await runHub({ data, port, preload: detour(port, Number(new URL(partner.origin).port)) });
  try {
    partner.behind(hub.shop);
    const people = peopleAt(hub);
    const maria = people.client();
    await maria.submit(hub.signIn, { token: hub.signIn.split('/').at(-1) ?? '' });
    await people.connect(maria);
    const about = { name: 'Ada Brandt', email: 'ada@brandt.example' };
    const ada = await people.visitor(about, 'Hello');
    const view = async () =>
      (await maria.json<ConversationView>('GET', `/api/panel/conversations/${ada.conversation}`, undefined, panel))
        .body;
    const integration = (await view()).strip[0]?.integration ?? '';
    const { nonce } = (await ada.say('/api/chat/question', { integration, purpose: crm })).body as Question;
    await ada.say('/api/chat/answer', { nonce, answers: { email: 'yes', name: 'yes' } });
    const send = (clientId: string) => {
      const body = { integration, purpose: crm, clientId };
      return maria.json('POST', `/api/panel/conversations/${ada.conversation}/shares`, body, panel);
    };
    const lastShare = async () => {
      const { entries } = await view();
      return entries.findLast((e): e is Extract<Entry, { kind: 'share' }> => e.kind === 'share');
    };

    // Not the first send, so that pooled connections stand and nothing but the fence is in the way.
    await send('warm');
    await expect.poll(async () => (await lastShare())?.state, { timeout: 30_000 }).toBe('sent');
    const each = partner.calls;
    expect(each).toBeGreaterThan(1);

    partner.faults.push('held');
    await send('paused');
    await expect.poll(() => partner.held, { timeout: 30_000 }).toBe(1);
    hub.signal('SIGSTOP');
    expect(command('--all')).toMatchObject({ status: 0, stderr: '' });
    const before = partner.received;
    partner.letGo(); // the answer lies before the paused hub, whose next call would follow at once
    hub.signal('SIGCONT');

    await expect.poll(async () => (await lastShare())?.state, { timeout: 30_000 }).toBe('failed');
    expect((await lastShare())?.cause).toContain('only a part of it was sent');
    await send('while stopped');
    expect(await lastShare()).toMatchObject({ state: 'waiting', cause: expect.stringContaining('is stopped') });
    // Written down by the hub itself, a turn of its timer later.
    const page = async () => (await maria.get('/console/stop')).text();
    await expect.poll(page, { timeout: 30_000 }).toContain('Stopped by whoever runs the hub.');
    expect(partner.received).toBe(before);
    expect(partner.calls).toBe(each + 1);

    expect(command('--all', '--resume').stdout).toContain('Sending goes on');
    await expect.poll(async () => (await lastShare())?.state, { timeout: 30_000 }).toBe('sent');
    expect(partner.calls).toBe(2 * each + 1);
  } finally {
    hub.signal('SIGCONT');
    await hub.stop();
    await partner.close();
  }
});

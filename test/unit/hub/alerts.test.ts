import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Hub } from '../../../server/hub.ts';
import { json, openRecorder, type Recorder } from '../../support/recorder.ts';
import { type Chat, openChat, openStage, type Stage } from './stage.ts';

let clock: number;
let stage: Stage;
let chat: Chat;
/** Where the brand's webhook goes. */
let status: Recorder;
beforeEach(async () => {
  clock = Date.now();
  status = await openRecorder();
  status.answer((_, res) => json(res, 204, undefined));
  stage = await openStage({
    recorder: await openRecorder(),
    now: () => new Date(clock),
    egress: { totalMs: 400, webhooksOut: { allow: [status.host] } },
  });
  chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
});
afterEach(async () => {
  await stage.close();
  await status.close();
});

const store = () => stage.door.store;
const csrf = async () =>
  /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get('/console/alerts')).text())?.[1] ?? '';
/** Sets the webhook as an admin does; the secret as the page shows it. */
async function setWebhook(): Promise<string> {
  const res = await stage.maria.submit('/console/alerts/webhook', {
    csrf: await csrf(),
    url: `${status.origin}/hook?a=b`,
  });
  return /whsec_[\w+/=]+/.exec(await res.text())?.[0] ?? '';
}
/** Another owner, admin and agent of the brand, as rows. */
async function colleagues() {
  await store().write((tx) => {
    const brand = tx.hot('select id from brand where slug = ?').get('harbor-motors')?.id as string;
    for (const [name, role] of [
      ['jens', 'admin'],
      ['bea', 'agent'],
    ] as const) {
      tx.hot(
        `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") values (?, ?, ?, 1, ?, ?)`,
      ).run(name, name, `${name}@colleague.example`, new Date(clock).toISOString(), new Date(clock).toISOString());
      tx.hot('insert into "member" (id, "organizationId", "userId", role, "createdAt") values (?, ?, ?, ?, ?)').run(
        `m-${name}`,
        brand,
        name,
        role,
        new Date(clock).toISOString(),
      );
    }
  });
}
const turnedDown = () => stage.recorder.answer((r, res) => r.path.includes('/crm/') && json(res, 401, {}));
const well = () => stage.recorder.answer(() => false);
const rest = async (hub: Hub = stage.door.hub) => {
  await hub.deps.runner.idle();
  await hub.deps.alerts.settled();
  await hub.deps.webhooksOut.settled();
};
async function later(ms: number) {
  clock += ms;
  const { runner, alerts, webhooksOut } = stage.door.hub.deps;
  runner.wake();
  await runner.idle();
  alerts.wake();
  await alerts.settled();
  webhooksOut.wake();
  await webhooksOut.settled();
}
async function mails() {
  const all = await stage.door.hub.deps.people.outbox.list();
  return Promise.all(all.toReversed().map(({ id }) => stage.door.hub.deps.people.outbox.open(id)));
}
async function breakAndRecover() {
  turnedDown();
  await chat.send();
  await rest();
  well();
  await stage.door.connect(stage.maria);
  await rest();
}

test('R7 a break and the recovery: one mail to each owner and admin, one webhook, whatever is tried in between', async () => {
  await colleagues();
  await setWebhook();
  turnedDown();
  await chat.send();
  await rest();
  // Tries that find it broken still, a second worker over the same store, and a restart.
  await later(3_600_000);
  const second = await stage.door.startHub();
  second.deps.alerts.wake();
  stage.door.hub.deps.alerts.wake();
  await rest(second);
  await rest();
  await second.close();
  await stage.door.upgrade((list) => list);
  await rest();
  expect((await mails()).map((m) => m.to).sort()).toEqual(['jens@colleague.example', 'maria@harbor.example']);
  expect(status.calls).toHaveLength(1);

  well();
  await stage.door.connect(stage.maria);
  await rest();
  await later(3_600_000);
  const all = await mails();
  expect(all.map((m) => m.subject)).toEqual([
    ...Array(2).fill('HubSpot needs reconnecting (Harbor Motors)'),
    ...Array(2).fill('HubSpot works again (Harbor Motors)'),
  ]);
  expect(status.calls.map((c) => JSON.parse(c.body).type)).toEqual(['connection.broken', 'connection.recovered']);
  expect(all[0]?.body).toContain(`press Reconnect, with the same HubSpot account`);
  expect(all[0]?.body).toContain(`${stage.door.origin}/console/connections/${stage.integration}`);
});

test('R7 two hubs that tell at the same moment tell once', async () => {
  await setWebhook();
  const second = await stage.door.startHub();
  await store().write((tx) =>
    tx
      .hot(
        `insert into alert (integration_id, break, kind, what, brand_id, cause, at)
         select id, 1, 'broken', 'circuit', brand_id, 'HubSpot is busy.', connected_at from integration where 1 = ?`,
      )
      .run(1),
  );
  stage.door.hub.deps.alerts.wake();
  second.deps.alerts.wake();
  await rest(second);
  await rest();
  await second.close();
  expect(await mails()).toHaveLength(1);
  expect(new Set(status.calls.map((c) => c.headers['webhook-id'])).size).toBe(1);
});

test('R7 P3 nothing about a visitor is in mail or webhook', async () => {
  await setWebhook();
  await breakAndRecover();
  const said = JSON.stringify([await mails(), status.calls]);
  expect(said).toContain('HubSpot works again');
  expect(said).not.toMatch(/ada@|Brandt|20 55 04/);
});

test('R7 the page tells what was told, newest first, and to whom', async () => {
  await breakAndRecover();
  const page = (await (await stage.maria.get('/console/alerts')).text()).replace(/<[^>]+>/g, ' ');
  expect(page).toContain('To owners and admins: Maria Lund.');
  expect(page).toMatch(/HubSpot works again[\s\S]*HubSpot needs reconnecting/);
});

test('R7 a break in one transaction with what noticed it: where that fails, nobody is told', async () => {
  turnedDown();
  let writes = 0;
  await chat.press();
  stage.door.failWrites(() => ++writes > 0, 'commit');
  await stage.door.hub.deps.runner.idle();
  stage.door.failWrites();
  expect(store().read.hot('select count(*) as n from alert').get()?.n).toBe(0);
  expect(store().read.hot('select trouble from integration').get()?.trouble).toBeNull();
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { json, openRecorder } from '../../support/recorder.ts';
import { damage } from './damage.ts';
import { about, type Chat, count, crm, openChat, openPreferences, openStage, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
let clock: number;
beforeEach(async () => {
  clock = Date.now();
  stage = await openStage({ recorder: await openRecorder(), now: () => new Date(clock) });
  chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
});
afterEach(() => stage.close());

const sql = (...statements: string[]) =>
  stage.door.store.write((tx) => {
    for (const s of statements) tx.exec(s);
  });
async function due() {
  clock += 6_000;
  stage.door.hub.deps.runner.wake();
  await stage.door.hub.deps.runner.idle();
}

test.each(Object.entries(damage).filter(([what]) => !what.includes('key')))(
  'I6 R25 %s: a no is acknowledged all the same, on the page and by address, and holds once the record is mended',
  async (_, statements) => {
    await chat.send();
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '5' }));
    await chat.send(); // it waits: the partner was busy
    stage.recorder.answer(() => false);
    stage.recorder.calls.length = 0;
    const intact = stage.door.store.read.hot('select manifest_hash from integration').get()?.manifest_hash;
    const bodies = stage.door.store.read.hot('select hash, body_json from manifest').all();
    const page = await openPreferences(stage, chat);
    await sql(...statements);
    const form = { integration: stage.integration, purpose: crm, want: 'no', nonce: '' };
    const said = await page.browser.submit('/privacy/harbor-motors/choose', form);
    expect(said.status).toBe(200);
    const stop = await page.browser.submit('/privacy/harbor-motors/stop', { address: about.email });
    expect(stop.status).toBe(200);
    // What left before is still shown to them, and its recipient is still to be told.
    expect((await stop.text()).replace(/<[^>]+>/g, ' ')).toMatch(/hubspot.{0,80}Sent/is);
    expect(count(stage.door, 'propagation_job')).toBe(1);
    const heads = stage.door.store.read
      .hot('select e.purpose, e.type from consent_head h join consent_event e on e.seq = h.event_seq')
      .all();
    expect(heads).toContainEqual({ purpose: crm, type: 'withdrawn' });
    expect(heads.every((h) => h.type === 'withdrawn' || h.type === 'refused')).toBe(true);
    await sql(
      'drop trigger if exists manifest_no_update',
      `update integration set manifest_hash = '${intact}'`,
      ...bodies.map((b) => `update manifest set body_json = '${b.body_json}' where hash = '${b.hash}'`),
    );
    await due();
    expect(stage.recorder.calls).toEqual([]);
    expect((await chat.press()).status).not.toBe(200);
    await due();
    expect(stage.recorder.calls).toEqual([]);
  },
);

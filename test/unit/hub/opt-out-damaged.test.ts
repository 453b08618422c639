import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Damaged, damage, openDamaged } from './damage.ts';
import { about, type Chat, count, crm, openPreferences, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
let sql: Damaged['sql'];
let queued: Damaged['queued'];
let due: Damaged['due'];
beforeEach(async () => {
  ({ stage, chat, sql, queued, due } = await openDamaged());
});
afterEach(() => stage.close());

/** Damage that the test mends, or that the withdrawal made irrelevant. */
const readable = /manifest|terms/;

test.each(Object.entries(damage).filter(([what]) => !what.includes('key')))(
  'I6 R25 %s: a no is acknowledged all the same, on the page and by address, and holds once the record is mended',
  async (what, statements) => {
    await chat.send();
    await queued();
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
    // What was mended can be decided again, and is withheld; the rest cannot even be read. Neither sends.
    expect([what, (await chat.press()).status]).toEqual([what, readable.test(what) ? 202 : 500]);
    await due();
    expect(stage.recorder.calls).toEqual([]);
  },
);

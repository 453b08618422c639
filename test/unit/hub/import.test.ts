import { afterEach, beforeEach, expect, test } from 'vitest';
import { count, openChat, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const csrf = async () =>
  /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get('/console/import')).text())?.[1] ?? '';
const bring = async (list: string, more: Record<string, string> = { sure: 'yes' }) => {
  const res = await stage.maria.submit('/console/import', { csrf: await csrf(), list, ...more });
  return { status: res.status, html: await res.text() };
};
const rules = async (values: Record<string, string>) =>
  (await (await openChat(stage, values)).preview()).body.rows.map((r) => r.rule);

test('GATE-28 1,000 rows said yes elsewhere, 10 said no: 1,000 stay unknown, 10 are off, no yes is made', async () => {
  const yes = Array.from({ length: 1_000 }, (_, n) => `person${n}@example.com, yes`);
  const no = Array.from({ length: 10 }, (_, n) => `gone${n}@example.com; NO`);
  const { html } = await bring([...yes, ...no].join('\n'));
  expect(html).toContain('Ten addresses turned off. 1000 yeses');
  expect(count(stage.door, 'imported_claim')).toBe(1_000);
  expect(count(stage.door, 'suppression')).toBe(10);
  expect(count(stage.door, 'consent_event')).toBe(0);
  expect(await rules({ name: 'P', email: 'person7@example.com' })).toEqual(['D20', 'D20']);
  expect(await rules({ name: 'G', email: 'Gone7@example.com' })).toEqual(['D09', 'D09']);
  expect(stage.door.logged()).not.toContain('person7');
  const kept = JSON.stringify(stage.door.store.read.hot('select * from imported_claim limit 5').all());
  expect(kept).not.toContain('@');
});

test('GATE-28 nothing is stored before it was looked at; bad lines are named by number, nothing typed is lost', async () => {
  const list = 'ada@example.com, no\n\nhello, yes\nbo@example.com, perhaps\n+45 20 55 04 18, yes';
  const { html } = await bring(list, {});
  expect(html).toContain('Nothing is stored yet');
  expect(html).toContain('Two lines cannot be read and are left out: 3, 4.');
  expect(html).toContain('bo@example.com, perhaps');
  expect(count(stage.door, 'suppression') + count(stage.door, 'imported_claim')).toBe(0);
});

test('GATE-28 an import without the session’s own field, too large, or by an agent is refused', async () => {
  expect((await bring('a@example.com, no', { csrf: 'x', sure: 'yes' })).status).toBe(403);
  expect((await bring('x'.repeat(600_000))).status).toBe(413);
  expect((await bring(Array.from({ length: 5_002 }, () => 'a@example.com, no').join('\n'), {})).html).toContain(
    '5001, 5002',
  );
  expect(count(stage.door, 'suppression')).toBe(0);
});

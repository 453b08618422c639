import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { type ApiKeyAuth, isSharing, type KeyFacts, type SharingAdapter } from '#sdk';
import { runNatively } from '../server/egress/sandbox-native.ts';
import { acmes } from './support/acme.ts';
import { breaches, gaps, type Installed } from './support/adapter-kit.ts';
import { typeCheck, workFolder } from './support/type-check.ts';

vi.setConfig({ testTimeout: 30_000 });

const guide = readFileSync(new URL('../integrations/README.md', import.meta.url), 'utf8');
const blocks = Object.fromEntries(
  [...guide.matchAll(/```ts\n\/\/ ([\w.-]+)\n([\s\S]*?)```/g)].map(([, name = '', text = '']) => [name, text]),
);
const { folder, remove } = workFolder('guide');
afterAll(remove);

test('every code block of the guide has a name, and they compile together', async () => {
  expect(Object.keys(blocks)).toEqual(['facts.ts', 'adapter.ts', 'ways.ts']);
  expect(guide.match(/```ts\n/g)).toHaveLength(Object.keys(blocks).length);
  expect(await typeCheck(folder, blocks)).toEqual([]);
});

test('the adapter of the guide keeps the laws it tells of, and does what it says', async () => {
  for (const [name, text] of Object.entries(blocks)) writeFileSync(join(folder, name), text);
  const { adapter } = (await import(join(folder, 'adapter.ts'))) as Pick<Installed, 'adapter'>;
  expect(gaps({ id: 'acme-crm', folder, adapter, exchanges: [] })).toEqual([]);
  expect(breaches(folder)).toEqual([]);
  const asked: string[] = [];
  const deliver = (purpose: string, visitor: object, status: number, record?: string) =>
    runNatively({
      adapter,
      purpose,
      visitor,
      partner: { ...(record && { record }), chat: { number: 1, at: '2026-11-22T13:05:00Z' }, key: 'k' },
      async call({ method, path }) {
        asked.push(`${method} ${path}`);
        return { status, body: { id: '7', since: '2026-01-02T03:04:05Z' } };
      },
    });
  expect(await deliver('CustomerRelationshipManagement', { email: 'ada@shop.example' }, 200)).toEqual({
    record: '7',
    card: [{ label: 'Known since', value: '2026-01-02' }],
    drafts: [{ label: 'Reference', text: 'You are number 7 with us.' }],
  });
  expect(await deliver('CustomerCare', { transcript: 'Hello' }, 409, '7')).toEqual({ record: '7' });
  await expect(deliver('CustomerCare', { transcript: 'Hello' }, 500, '7')).rejects.toMatchObject({ status: 500 });
  expect(asked).toHaveLength(3);
  await expect(deliver('CustomerCare', { transcript: 'Hello' }, 200)).rejects.toMatchObject({
    reason: 'unknown-person',
  });
  expect(asked).toHaveLength(3);
  const hear = (event: unknown) => (isSharing(adapter) ? adapter.webhook?.(event) : undefined);
  expect(hear({ type: 'person.erased', person: '7' })).toEqual({ kind: 'erased', record: '7' });
  expect(hear({ type: 'person.moved', person: '7' })).toBeUndefined();
});

test('R2 the way in of the guide, and every other, is whole; each gap in one is named', async () => {
  const whole = (of: SharingAdapter) => gaps({ id: of.facts.id, folder, adapter: of, exchanges: [] });
  const handlers = { CustomerRelationshipManagement: async () => ({}) };
  for (const one of acmes) expect(whole({ ...one, on: handlers }), one.facts.id).toEqual([]);
  writeFileSync(join(folder, 'ways.ts'), blocks['ways.ts'] ?? '');
  const { auth } = (await import(join(folder, 'ways.ts'))) as { auth: ApiKeyAuth };
  const [acme] = acmes;
  if (!acme) throw new Error('no adapter');
  const found = (change: Partial<ApiKeyAuth>) =>
    whole({ ...acme, on: handlers, facts: { ...(acme.facts as KeyFacts), auth: { ...auth, ...change } } });
  expect(found({})).toEqual([]);
  expect(found({ check: { call: 'GET /people' } })).toEqual(['check.call is no whole line of calls']);
  expect(found({ key: { label: ' ' } })).toEqual(['key has no label']);
  expect(found({ header: 'Host' })).toEqual(['header is one the hub sends itself']);
  expect(found({ header: 'X-Key\r\nX' })).toEqual(['header is no name of a header']);
});

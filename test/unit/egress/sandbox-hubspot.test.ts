import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { adapter } from '../../../integrations/hubspot/adapter.ts';
import { buildAdapters } from '../../../server/commands/bundle-adapters.ts';
import { createSandbox, type PartnerAnswer, type PartnerRequest } from '../../../server/egress/sandbox.ts';
import { runNatively } from '../../../server/egress/sandbox-native.ts';
import { visitor as hubSide, startSandbox } from '../demo/sandbox-rig.ts';

vi.setConfig({ testTimeout: 30_000 });

const out = mkdtempSync(join(tmpdir(), 'askfirst-hubspot-'));
const sandbox = createSandbox({ workers: 1, memoryPages: 1024, cpuDeadlineMs: 5_000, totalDeadlineMs: 20_000 });
const crm = await startSandbox();
afterAll(async () => {
  await sandbox.close();
  await crm.stop();
  rmSync(out, { recursive: true, force: true });
});
await buildAdapters(out, undefined, ['hubspot']);
const code = readFileSync(join(out, 'hubspot.js'), 'utf8');
const connection = hubSide(crm.base);
const token = (await connection.connect()).access_token;
const chat = { number: 4211, at: '2026-11-22T13:05:00Z' };

const call = async ({ method, path, body }: PartnerRequest): Promise<PartnerAnswer> => {
  const answer = await connection.call(token, method, path, body);
  return { status: answer.status, body: await answer.json() };
};
const deliver = (purpose: string, visitor: object, record?: string) =>
  sandbox.run({ code, purpose, visitor, partner: { ...(record && { record }), chat, key: 'k' }, call });
const get = async (path: string) => (await connection.call(token, 'GET', path)).json();

/** A partner that answers upserts with `upsert`, and all else well; keeps the notes' bodies. */
function scripted(upsert: object, tie: object = { status: 'COMPLETE', results: [] }) {
  const requests: PartnerRequest[] = [];
  const answer = async (request: PartnerRequest): Promise<PartnerAnswer> => {
    requests.push(request);
    if (request.path.endsWith('/upsert')) return { status: 207, body: upsert };
    return request.method === 'PUT' ? { status: 207, body: tie } : { status: 201, body: { id: '9' } };
  };
  return { requests, answer };
}
/** Body of the first request; a test that made none fails here. */
function firstBody<T>([request]: PartnerRequest[]): T {
  if (!request) throw new Error('no request was made');
  return request.body as T;
}
const natively = (purpose: string, visitor: object, answer: ReturnType<typeof scripted>['answer'], record?: string) =>
  runNatively({ adapter, purpose, visitor, partner: { ...(record && { record }), chat, key: 'k' }, call: answer });

test('hubspot: one person, sent twice, is one contact with what was allowed, and a note of fixed text', async () => {
  const purpose = 'CustomerRelationshipManagement';
  const first = await deliver(purpose, { email: 'ada@shop.example', name: ' Ada  Maria Brandt ' });
  expect(first.card?.[0]).toEqual({ label: 'Contact', value: `${first.record}, new` });
  const second = await deliver(purpose, { email: 'ada@shop.example', phone: '+45 20 11 12 13' });
  expect(second.record).toBe(first.record);
  expect(second.card?.[0]?.value).toBe(`${first.record}, updated`);
  const { properties, associations } = await get(`/crm/v3/objects/contacts/${first.record}?associations=notes`);
  expect(properties).toMatchObject({ firstname: 'Ada', lastname: 'Maria Brandt', phone: '+45 20 11 12 13' });
  // two sends, two notes: why `idempotent` is false
  expect(associations.notes.results).toHaveLength(2);
  expect(adapter.facts.idempotent).toBe(false);
  const note = await get(`/crm/v3/objects/notes/${associations.notes.results[0].id}`);
  expect(note.properties.hs_note_body).toBe('Chat 4211 with this person is kept in askfirst.');
});

test('hubspot: the transcript becomes one note on the record, as text and never as HTML', async () => {
  const { record } = await deliver('CustomerRelationshipManagement', { email: 'jens@shop.example' });
  const done = await deliver('CustomerCare', { transcript: '<img src=x onerror=alert(1)>\n"a" & \'b\'' }, record);
  expect(done).toEqual({ record, card: [{ label: 'Transcript', value: 'added as a note' }] });
  const { associations } = await get(`/crm/v3/objects/contacts/${record}?associations=notes`);
  const notes = await Promise.all(
    associations.notes.results.map(({ id }: { id: string }) => get(`/crm/v3/objects/notes/${id}`)),
  );
  expect(notes.map((n) => n.properties.hs_note_body)).toContain(
    "Chat 4211, shared with this person's yes:<br>&lt;img src=x onerror=alert(1)&gt;<br>&quot;a&quot; &amp; &#39;b&#39;",
  );
});

test('hubspot: a transcript that is too long is cut between lines, fits, and both sides are told', async () => {
  const { answer, requests } = scripted({});
  const line = `Ada: ${'"'.repeat(95)}`;
  const done = await natively('CustomerCare', { transcript: Array(900).fill(line).join('\n') }, answer, '512');
  expect(done.card?.[0]?.value).toBe('added as a note, its beginning only');
  const html = firstBody<{ properties: { hs_note_body: string } }>(requests).properties.hs_note_body;
  expect(html.length).toBeLessThanOrEqual(65_536);
  expect(html.length).toBeGreaterThan(60_000);
  expect(html).toMatch(/&quot;<br>\(The rest is kept in askfirst\.\)$/);
});

test('hubspot: without a record the transcript stays: no call is made', async () => {
  const { answer, requests } = scripted({});
  await expect(natively('CustomerCare', { transcript: 'Hello' }, answer)).rejects.toMatchObject({
    reason: 'unknown-person',
  });
  expect(requests).toEqual([]);
});

test('hubspot: a refusal inside a 207 is a failure, and no note follows it', async () => {
  const contact = { id: '512', new: true, createdAt: '2026-11-22T13:05:01.020Z' };
  const error = { status: 'error', category: 'VALIDATION_ERROR', message: 'x', context: {}, links: {}, errors: [] };
  for (const upsert of [{ results: [], errors: [error] }, { results: [contact], errors: [error] }, { results: [] }]) {
    const { answer, requests } = scripted({ status: 'COMPLETE', ...upsert });
    const sent = natively('CustomerRelationshipManagement', { email: 'ada@shop.example' }, answer);
    await expect(sent).rejects.toMatchObject({ kind: 'threw', reason: 'record', status: 207 });
    expect(requests).toHaveLength(1);
  }
  const { answer } = scripted({}, { status: 'COMPLETE', results: [], errors: [error] });
  await expect(natively('CustomerCare', { transcript: 'Hello' }, answer, '512')).rejects.toMatchObject({
    reason: 'record',
  });
});

test('hubspot: a name of one word is a first name, an empty one is nothing', async () => {
  const properties = async (visitor: object) => {
    const { answer, requests } = scripted({ results: [] });
    await natively('CustomerRelationshipManagement', visitor, answer).catch(() => undefined);
    return firstBody<{ inputs: { properties: object }[] }>(requests).inputs[0]?.properties;
  };
  expect(await properties({ email: 'a@shop.example', name: 'Ada' })).toEqual({ firstname: 'Ada' });
  expect(await properties({ email: 'a@shop.example', name: '  ' })).toEqual({});
  expect(await properties({ email: 'a@shop.example' })).toEqual({});
});

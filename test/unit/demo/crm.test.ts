import { once } from 'node:events';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { startSandbox, visitor } from './sandbox-rig.ts';

const sandbox = await startSandbox({ slowMs: 60 });
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());

const hub = visitor(sandbox.base);
const token = (await hub.connect()).access_token;
const call = async (method: string, path: string, body?: unknown) => {
  const answer = await hub.call(token, method, `/crm${path}`, body);
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
};
const upsert = (email: string, properties: Record<string, unknown> = {}) =>
  call('POST', '/v3/objects/contacts/batch/upsert', { inputs: [{ id: email, idProperty: 'email', properties }] });
const find = (value: string) =>
  call('POST', '/v3/objects/contacts/search', {
    filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ', value }] }],
    limit: 10,
    after: '',
    sorts: [],
    properties: ['email'],
  });
const page = async () => (await fetch(`${sandbox.base}/sandbox/hubspot/`)).text();

test('R15 the same e-mail sent twice is one contact, with both values', async () => {
  const first = await upsert('Ada.Brandt@example.com', { firstname: 'Ada' });
  expect(first).toMatchObject({ status: 200, body: { status: 'COMPLETE', results: [{ new: true }] } });
  const second = await upsert('ada.brandt@example.com', { phone: '+45 20 10 48 00' });
  expect(second.body.results[0]).toMatchObject({ new: false, id: first.body.results[0].id });
  const found = await find('ada.brandt@example.com');
  expect(found.body).toMatchObject({
    total: 1,
    results: [{ properties: { firstname: 'Ada', phone: '+45 20 10 48 00' } }],
  });
});

test('R15 a note is made, tied to its contact, and read back with it', async () => {
  const contact = (await upsert('ada.brandt@example.com')).body.results[0].id;
  const properties = { hs_timestamp: '2026-11-22T10:00:00Z', hs_note_body: 'Chat 12' };
  const note = await call('POST', '/v3/objects/notes', { properties, associations: [] });
  expect(note).toMatchObject({ status: 201, body: { properties } });
  const tie = `/v4/objects/notes/${note.body.id}/associations/default/contacts/${contact}`;
  expect(await page()).toContain('Notes without a contact');
  expect(await call('PUT', tie)).toMatchObject({ status: 200, body: { status: 'COMPLETE' } });
  expect(await page()).not.toContain('Notes without a contact');
  expect(await call('PUT', tie)).toMatchObject({ status: 200 });
  const read = await call('GET', `/v3/objects/contacts/${contact}?associations=notes`);
  expect(read.body.associations.notes.results).toEqual([{ id: note.body.id, type: 'contacts_to_notes' }]);
  expect((await call('PUT', `/v4/objects/notes/${note.body.id}/associations/default/contacts/999999`)).status).toBe(
    404,
  );
});

test('R15 partial failure inside success: a wrong e-mail among good ones is a 207', async () => {
  const inputs = ['ada.brandt@example.com', 'no e-mail'].map((id) => ({ id, idProperty: 'email', properties: {} }));
  const answer = await call('POST', '/v3/objects/contacts/batch/upsert', { inputs });
  expect(answer).toMatchObject({ status: 207, body: { numErrors: 1, results: [{ new: true }] } });
  expect(JSON.stringify(answer.body.errors)).not.toContain('no e-mail');
});

test('R15 wrong bodies get HubSpot-shaped errors and store nothing', async () => {
  const wrong: [string, string, unknown][] = [
    [
      'POST',
      '/v3/objects/contacts/batch/upsert',
      { inputs: [{ id: 'ada.brandt@example.com', properties: { age: 4 } }] },
    ],
    ['POST', '/v3/objects/contacts/batch/upsert', []],
    ['POST', '/v3/objects/notes', { properties: { hs_note_body: 'no time' }, associations: [] }],
    ['POST', '/v3/objects/notes', { properties: { hs_timestamp: '2026-11-22T10:00:00Z' } }],
    ['POST', '/v3/objects/contacts/search', { filterGroups: [] }],
  ];
  for (const [method, path, body] of wrong)
    expect(await call(method, path, body)).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  const broken = await fetch(`${hub.mount}/crm/v3/objects/notes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: '{"properties":',
  });
  expect(broken.status).toBe(400);
  expect(await call('GET', '/v3/objects/deals/1')).toMatchObject({
    status: 404,
    body: { category: 'OBJECT_NOT_FOUND' },
  });
  expect(await page()).not.toContain('<h3>Contact');
});

test('R40 archive hides, gdpr-delete removes, and an unknown address lands on the blocklist', async () => {
  const id = (await upsert('ada.brandt@example.com')).body.results[0].id;
  expect((await call('DELETE', `/v3/objects/contacts/${id}`)).status).toBe(204);
  expect((await find('ada.brandt@example.com')).body.total).toBe(0);
  const again = (await upsert('ada.brandt@example.com')).body.results[0];
  expect(again).toMatchObject({ new: true });
  const purge = (objectId: string) =>
    call('POST', '/v3/objects/contacts/gdpr-delete', { objectId, idProperty: 'email' });
  expect((await purge('ada.brandt@example.com')).status).toBe(204);
  expect((await call('GET', `/v3/objects/contacts/${again.id}`)).status).toBe(404);
  expect((await upsert('ada.brandt@example.com')).status).toBe(200);
  await purge('stranger@example.com');
  expect((await upsert('stranger@example.com')).status).toBe(207);
});

test('R6 another account and another partner see nothing of it', async () => {
  await upsert('ada.brandt@example.com');
  const other = (await visitor(sandbox.base).connect('4820000')).access_token;
  const body = { filterGroups: [], limit: 10, after: '', sorts: [], properties: [] };
  expect(await (await hub.call(other, 'POST', '/crm/v3/objects/contacts/search', body)).json()).toMatchObject({
    total: 0,
  });
  const acme = visitor(sandbox.base, 'acme-crm');
  const acmeToken = (await acme.connect()).access_token;
  expect(await (await acme.call(acmeToken, 'POST', '/crm/v3/objects/contacts/search', body)).json()).toMatchObject({
    total: 0,
  });
  expect((await acme.call(token, 'POST', '/crm/v3/objects/contacts/search', body)).status).toBe(401);
});

test('R15 the page shows what is held as text, how it answers, and the calls without their query', async () => {
  await upsert('ada.brandt@example.com', { company: '<img src=x onerror=alert(1)>' });
  await call('GET', '/v3/objects/contacts/1?idProperty=email&secret=query');
  const text = await page();
  expect(text).toContain('ada.brandt@example.com');
  expect(text).toContain('&lt;img src=x');
  expect(text).not.toContain('<img');
  expect(text).toContain('POST /crm/v3/objects/contacts/batch/upsert');
  expect(text).not.toContain('secret=query');
  sandbox.reset();
  expect(await page()).not.toContain('ada.brandt@example.com');
});

test('R15 people can make it slow, take it down, or turn the key, and back', async () => {
  const choose = (mode: string, origin = sandbox.base) =>
    fetch(`${hub.mount}/mode`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({ mode }),
      redirect: 'manual',
    });
  expect((await choose('down')).status).toBe(303);
  expect(await upsert('ada.brandt@example.com')).toMatchObject({
    status: 503,
    body: { category: 'SERVICE_UNAVAILABLE' },
  });
  await choose('refuse');
  expect(await upsert('ada.brandt@example.com')).toMatchObject({ status: 401 });
  await choose('slow');
  const began = performance.now();
  expect((await upsert('ada.brandt@example.com')).status).toBe(200);
  expect(performance.now() - began).toBeGreaterThanOrEqual(55);
  expect(await page()).toContain('Now: <strong>Be slow (20 s)</strong>');
  await choose('normal');
  expect((await upsert('ada.brandt@example.com')).status).toBe(200);
  expect((await choose('nonsense')).status).toBe(400);
  expect((await choose('down', 'https://elsewhere.example')).status).toBe(403);
  expect((await upsert('ada.brandt@example.com')).status).toBe(200);
});

test('R15 a caller that stops waiting for a slow partner leaves no trace there', async () => {
  const slow = await startSandbox({ slowMs: 600_000 });
  try {
    const person = visitor(slow.base);
    const bearer = (await person.connect()).access_token;
    slow.setMode('hubspot', 'slow');
    const stop = new AbortController();
    const sent = fetch(`${person.mount}/crm/v3/objects/contacts/batch/upsert`, {
      method: 'POST',
      signal: stop.signal,
      headers: { authorization: `Bearer ${bearer}` },
      body: JSON.stringify({ inputs: [{ id: 'ada.brandt@example.com', idProperty: 'email', properties: {} }] }),
    });
    const left = expect(sent).rejects.toThrow();
    await once(slow.server, 'request');
    stop.abort();
    await left;
    const shown = () => fetch(`${person.mount}/`).then((answer) => answer.text());
    await vi.waitFor(async () => expect(await shown()).toContain('<td>408</td>'));
    expect(await shown()).not.toContain('ada.brandt@example.com');
  } finally {
    await slow.stop();
  }
});

test('R78 each contact has a page at the vendor’s own path; another account’s, and an erased one, is not there', async () => {
  const { id } = (await upsert('ada.brandt@example.com', { firstname: 'Ada' })).body.results[0];
  const at = (account: number) => fetch(`${sandbox.base}/sandbox/hubspot/contacts/${account}/record/0-1/${id}`);
  expect(await page()).toContain(`contacts/4810000/record/0-1/${id}`);
  expect(await (await at(4810000)).text()).toContain('ada.brandt@example.com');
  expect((await at(4820000)).status).toBe(404);
  await call('POST', '/v3/objects/contacts/gdpr-delete', { objectId: id });
  expect((await at(4810000)).status).toBe(404);
});

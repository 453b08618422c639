import { expect } from 'vitest';
import { operationOf } from '../description.ts';
import { contractTest } from '../specs-folder.ts';
import { answered, answerSchemas, openSandbox } from './rig.ts';

const contract = contractTest('hubspot');

contract('R15 every answer of the sandbox has the form the description gives it', async (folder) => {
  const schemaOf = answerSchemas(folder);
  const { hub, tokens, stop } = await openSandbox();
  const seen = new Set<string>();
  const check = async (operation: string, answer: Response) => {
    const text = await answer.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    seen.add(`${operation} ${answer.status}`);
    const schema = schemaOf(operation, answer.status);
    if (answer.status === 204 || text === '') expect(body).toBeUndefined();
    else {
      if (!schema) throw new Error(`${operation} describes no answer with a body for ${answer.status}.`);
      expect(schema(body) ? [] : schema.errors, `${operation} ${answer.status}`).toEqual([]);
    }
    return body as { id: string; results: { id: string }[] };
  };
  const call = (operation: string, params: string[] = [], body?: unknown, token = tokens.access_token) => {
    const { method, path } = operationOf(operation);
    const filled = params.reduce((at, value) => at.replace(/\{[^}]+\}/, value), path);
    return hub
      .call(token, method.toUpperCase(), `/crm${filled.slice('/crm'.length)}`, body)
      .then((a) => check(operation, a));
  };
  const form = (operation: string, fields: Record<string, string>) =>
    fetch(hub.mount + operationOf(operation).path, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'askfirst-demo', client_secret: 'a-secret-of-the-demo', ...fields }),
    }).then((answer) => check(operation, answer));

  try {
    const upsert = 'POST /crm/v3/objects/contacts/batch/upsert';
    const inputs = ['ada.brandt@example.com', 'no e-mail'].map((id) => ({ id, idProperty: 'email', properties: {} }));
    await call(upsert, [], { inputs });
    const contact = (await call(upsert, [], { inputs: inputs.slice(0, 1) })).results[0]?.id ?? '';
    await call(upsert, [], { inputs: 5 });
    await call(upsert, [], { inputs }, 'no-such-token');
    const note = (
      await call('POST /crm/v3/objects/notes', [], {
        properties: { hs_timestamp: '2026-11-22T10:00:00Z', hs_note_body: 'Chat 12' },
        associations: [],
      })
    ).id;
    await call('POST /crm/v3/objects/notes', [], {});
    const tie = 'PUT /crm/v4/objects/{fromObjectType}/{fromObjectId}/associations/default/{toObjectType}/{toObjectId}';
    await call(tie, ['notes', note, 'contacts', contact]);
    await call(tie, ['notes', note, 'contacts', '999999']);
    await call('GET /crm/v3/objects/contacts/{contactId}', [`${contact}?associations=notes`]);
    await call('GET /crm/v3/objects/contacts/{contactId}', ['999999']);
    await call('PATCH /crm/v3/objects/contacts/{contactId}', [contact], { properties: { firstname: 'Ada' } });
    await call('POST /crm/v3/objects/contacts/search', [], {
      filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ', value: 'ada.brandt@example.com' }] }],
      limit: 5,
      after: '',
      sorts: [],
      properties: [],
    });
    await call('GET /crm/v3/objects/notes/{noteId}', [note]);
    await call('DELETE /crm/v3/objects/notes/{noteId}', [note]);
    await call('DELETE /crm/v3/objects/contacts/{contactId}', [contact]);
    await call('POST /crm/v3/objects/contacts/gdpr-delete', [], { objectId: contact });
    const refresh = tokens.refresh_token ?? '';
    await form('POST /oauth/2026-03/token/introspect', { token: tokens.access_token });
    await form('POST /oauth/2026-03/token/introspect', { token: refresh });
    await form('POST /oauth/2026-03/token/introspect', { token: 'no-such-token' });
    await form('POST /oauth/2026-03/token', { grant_type: 'refresh_token', refresh_token: 'no-such-token' });
    await form('POST /oauth/2026-03/token', { grant_type: 'refresh_token', refresh_token: refresh });
    await form('POST /oauth/2026-03/token/revoke', { token: refresh });
  } finally {
    await stop();
  }
  // every operation the sandbox plays was tried, and the ones with an error to show showed it
  for (const operation of answered)
    expect(
      [...seen].some((one) => one.startsWith(`${operation} `)),
      operation,
    ).toBe(true);
  const statuses = (operation: string) =>
    [...seen].filter((one) => one.startsWith(`${operation} `)).map((one) => one.split(' ').at(-1));
  expect(statuses('POST /crm/v3/objects/contacts/batch/upsert').sort()).toEqual(['200', '207', '400', '401']);
  expect(statuses('POST /oauth/2026-03/token').sort()).toEqual(['200', '400']);
});

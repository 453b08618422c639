import { expect } from 'vitest';
import { adapter } from '../../../integrations/hubspot/adapter.ts';
import { undeclared } from '../carried.ts';
import type { WireRequest } from '../prism.ts';
import { recordingPartner } from '../recorder.ts';
import { contractTest } from '../specs-folder.ts';
import { wrongVersions } from '../wrong-versions.ts';
import { carries } from './carries.ts';
import { openJudge, openSandbox, used } from './rig.ts';

const contract = contractTest('hubspot');
// every field there is, so that an adapter that reads an undeclared one is seen with it
const person = {
  name: 'Ada Brandt',
  email: 'ada.brandt@example.com',
  phone: '+4520104800',
  company: 'Nordlys',
  transcript: 'visitor: Is the boat still for sale?\nagent: It is.',
};
const chat = { number: 12, at: '2026-11-22T10:00Z' };
const relation = 'CustomerRelationshipManagement';
const declaredFor = (purpose: string) =>
  (Object.entries(adapter.shares) as [keyof typeof adapter.shares, { purpose: string }][])
    .filter(([, share]) => share.purpose === purpose)
    .map(([field]) => field);

async function opened<T>(
  folder: string,
  use: (rig: Awaited<ReturnType<typeof openSandbox>> & { judge: Awaited<ReturnType<typeof openJudge>> }) => Promise<T>,
) {
  const judge = await openJudge(folder);
  const sandbox = await openSandbox();
  try {
    return await use({ ...sandbox, judge });
  } finally {
    await sandbox.stop();
    await judge.stop();
  }
}
type Rig = Parameters<Parameters<typeof opened>[1]>[0];

const partnerOf = ({ judge, hub, tokens }: Rig, record?: string) =>
  recordingPartner({
    judge,
    base: hub.mount,
    token: tokens.access_token,
    chat,
    ...(record === undefined ? {} : { record }),
  });

/** Runs both handlers as the hub would, one after the other. */
async function deliver(rig: Rig) {
  const first = partnerOf(rig);
  const contact = await adapter.on.CustomerRelationshipManagement?.(person, first.partner);
  const second = partnerOf(rig, contact?.record);
  await adapter.on.CustomerCare?.(person, second.partner);
  return { contact, relation: first.requests, care: second.requests };
}

/** The hub's own calls to the authorization server, as forms (PARTNERS.md HubSpot: all parameters in the body). */
const forms = (): WireRequest[] => {
  const client = { client_id: 'a', client_secret: 'b' };
  const form = (path: string, fields: Record<string, string>): WireRequest => ({
    method: 'POST',
    path: `/oauth/2026-03/token${path}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...client, ...fields }).toString(),
  });
  const code = { grant_type: 'authorization_code', code: 'c', code_verifier: 'v', redirect_uri: 'http://localhost/x' };
  return [
    form('', code),
    form('', { grant_type: 'refresh_token', refresh_token: 'r' }),
    form('/revoke', { token: 'r', token_type_hint: 'refresh_token' }),
    form('/introspect', { token: 't' }),
  ];
};

const named = (operation: string) => new RegExp(`^${operation.replace(/\{[^}]+\}/g, '[^/]+')}$`);
const operationFor = (request: WireRequest) =>
  used.find((operation) => named(operation).test(`${request.method} ${request.path}`)) ?? 'unknown';

contract('every request of the adapter passes the description, and the contact comes out right', async (folder) => {
  await opened(folder, async (rig) => {
    const { contact, relation: sent, care } = await deliver(rig);
    expect([...sent, ...care].map(operationFor)).toEqual([
      'POST /crm/v3/objects/contacts/batch/upsert',
      'POST /crm/v3/objects/notes',
      'PUT /crm/v4/objects/{fromObjectType}/{fromObjectId}/associations/default/{toObjectType}/{toObjectId}',
      'POST /crm/v3/objects/notes',
      'PUT /crm/v4/objects/{fromObjectType}/{fromObjectId}/associations/default/{toObjectType}/{toObjectId}',
    ]);
    const held = await rig.hub.call(
      rig.tokens.access_token,
      'GET',
      `/crm/v3/objects/contacts/${contact?.record}?associations=notes`,
    );
    expect(await held.json()).toMatchObject({
      properties: { email: person.email, firstname: 'Ada', lastname: 'Brandt', phone: person.phone },
      associations: { notes: { results: [{}, {}] } },
    });
  });
});

contract('R13 nothing leaves that the adapter does not declare for that purpose', async (folder) => {
  await opened(folder, async (rig) => {
    const { relation: sent, care } = await deliver(rig);
    expect(undeclared(sent, { visitor: person, declared: declaredFor(relation), carries })).toEqual([]);
    // the transcript note escapes its lines and carries them whole
    const note = { ...carries, 'properties.hs_note_body': 'transcript' as const };
    const bodies = care.map(({ body, ...rest }) => ({
      ...rest,
      ...(body === undefined ? {} : { body: body.replace(/Chat 12, shared with this person's yes:<br>|<br>/g, ' ') }),
    }));
    expect(undeclared(bodies, { visitor: person, declared: declaredFor('CustomerCare'), carries: note })).toEqual([]);
  });
});

contract('a refused optional field leaves no property behind', async (folder) => {
  await opened(folder, async (rig) => {
    const { partner, requests } = partnerOf(rig);
    await adapter.on.CustomerRelationshipManagement?.({ email: person.email }, partner);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      inputs: [{ id: person.email, idProperty: 'email', properties: {} }],
    });
  });
});

contract('the calls stay within the adapter’s own call list', async (folder) => {
  await opened(folder, async (rig) => {
    const { relation: sent, care } = await deliver(rig);
    for (const { method, path } of [...sent, ...care])
      expect(
        adapter.facts.calls.some((call) => named(call).test(`${method} ${path}`)),
        `${method} ${path}`,
      ).toBe(true);
  });
});

contract('wrong versions of each request are refused, or the operation is named as not checked', async (folder) => {
  await opened(folder, async (rig) => {
    const { relation: sent } = await deliver(rig);
    const found: Record<string, string[]> = {};
    for (const request of [...sent, ...forms()]) {
      const verdict = await rig.judge.judge(request);
      expect(verdict.reasons, `${request.method} ${request.path}`).toEqual([]);
      const hows = new Set(found[operationFor(request)]);
      for (const wrong of wrongVersions(request))
        if ((await rig.judge.judge(wrong.request)).refused) hows.add(wrong.how);
      found[operationFor(request)] = [...hows].sort();
    }
    expect(Object.keys(found).sort()).toEqual([...used].sort());
    for (const [operation, hows] of Object.entries(found))
      if (hows.length === 0) console.log(`NOT CHECKED by the description: ${operation}`);
    expect(found).toEqual({
      'POST /crm/v3/objects/contacts/batch/upsert': ['credentials taken away', 'property dropped', 'type changed'],
      'POST /crm/v3/objects/notes': ['credentials taken away', 'property dropped', 'type changed'],
      'PUT /crm/v4/objects/{fromObjectType}/{fromObjectId}/associations/default/{toObjectType}/{toObjectId}': [
        'credentials taken away',
      ],
      'POST /oauth/2026-03/token': ['type changed'],
      // every parameter is optional text in HubSpot's own file
      'POST /oauth/2026-03/token/revoke': [],
      'POST /oauth/2026-03/token/introspect': [],
    });
  });
});

contract('an adapter that sends a wrong body is stopped before the partner sees it', async (folder) => {
  await opened(folder, async (rig) => {
    const { partner } = partnerOf(rig);
    const { CustomerRelationshipManagement: send } = adapter.on;
    const wrong = {
      ...partner,
      post: ((path, options) =>
        partner.post(path, { ...options, body: { inputs: [{ properties: {} }] } })) as typeof partner.post,
    };
    await expect(send?.(person, wrong)).rejects.toThrow('is refused by the description');
    expect(await (await fetch(`${rig.hub.mount}/`)).text()).toContain('Nothing. No contact has been sent here.');
  });
});

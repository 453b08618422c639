import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client } from '@hubspot/api-client';
import { expect, test } from 'vitest';
import { adapter } from '../../../integrations/hubspot/adapter.ts';
import { recordingPartner } from '../recorder.ts';
import { openSandbox } from './rig.ts';

/** One request as it arrived: what the SDK and the adapter must agree on. */
const arrived = async (req: IncomingMessage) => {
  const body = await text(req);
  return {
    call: `${req.method} ${req.url}`,
    authorization: req.headers.authorization,
    type: req.headers['content-type']?.split(';')[0],
    body: body === '' ? undefined : (JSON.parse(body) as unknown),
  };
};

/** Passes every request on to `base` and keeps what arrived. */
async function startListener(base: string) {
  const requests: Awaited<ReturnType<typeof arrived>>[] = [];
  const server = createServer(async (req, res) => {
    const one = await arrived(req);
    requests.push(one);
    const answer = await fetch(base + req.url, {
      method: req.method ?? 'GET',
      headers: { authorization: one.authorization ?? '', 'content-type': 'application/json' },
      ...(one.body === undefined ? {} : { body: JSON.stringify(one.body) }),
    });
    res.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    requests,
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

test('hubspot contract: the vendor’s SDK sends what the adapter sends and reads what the sandbox answers', async () => {
  const sandbox = await openSandbox();
  const listener = await startListener(sandbox.hub.mount);
  try {
    const token = sandbox.tokens.access_token;
    const chat = { number: 12, at: '2026-11-22T10:00:00Z' };
    const { partner } = recordingPartner({ base: listener.base, token, chat });
    await adapter.on.CustomerRelationshipManagement?.(
      { email: 'ada.brandt@example.com', name: 'Ada Brandt', phone: '+4520104800' },
      partner,
    );
    const ours = listener.requests.splice(0);

    const { crm } = new Client({ accessToken: token, basePath: listener.base });
    const properties = { firstname: 'Ada', lastname: 'Brandt', phone: '+4520104800' };
    const upserted = await crm.contacts.batchApi.upsert({
      inputs: [{ id: 'ada.brandt@example.com', idProperty: 'email', properties }],
    });
    const contact = upserted.results[0];
    expect(contact).toMatchObject({ _new: false, properties: { ...properties, email: 'ada.brandt@example.com' } });
    const sent = ours[1]?.body as { properties: { hs_note_body: string } } | undefined;
    const note = await crm.objects.notes.basicApi.create({
      properties: { hs_timestamp: chat.at, hs_note_body: sent?.properties.hs_note_body ?? '' },
      associations: [],
    });
    const tied = await crm.associations.v4.basicApi.createDefault('notes', note.id, 'contacts', contact?.id ?? '');
    expect(tied.status).toBe('COMPLETE');

    // the two notes have numbers of their own
    const plain = (one: (typeof ours)[number]) => ({ ...one, call: one.call.replace(/notes\/\d+/, 'notes/{note}') });
    const theirs = listener.requests.map(plain);
    // the SDK names a type even where no body is sent
    expect(ours.map(plain)).toEqual(theirs.map((one) => (one.body === undefined ? { ...one, type: undefined } : one)));
  } finally {
    await listener.stop();
    await sandbox.stop();
  }
});

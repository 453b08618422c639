import { randomBytes, randomUUID } from 'node:crypto';
import type { Queue } from '#contract/calls-agent.ts';
import type { ConversationView, Entry } from '#contract/chat.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { demoPeople } from '../../../server/people/seed.ts';
import { openStream } from '../../support/open-stream.ts';
import { openStepStage } from './step-stage.ts';

/** The demo's brand, and a second one beside it. */
export const motors = 'harbor-motors';
export const boats = 'harbor-boats';
/** Who answers for the boats alone. */
const alva = { name: 'Alva', email: 'alva@harbor.example' };

/** A hub with two brands: Maria owns Motors, Alva manages Boats, Jens answers for both; each with a paired panel. */
export async function openTwoBrands() {
  const door = await openStepStage({ after: () => () => {} }); // no checkpoint is written meanwhile
  const { store } = door;
  const at = new Date(Date.now() + 1000).toISOString(); // later than the demo's people joined: Motors is what Jens signs in to
  const maria = (await door.link()).client;
  await door.connect(maria);
  const userOf = (email: string) => String(store.read.hot('select id from "user" where email = ?').get(email)?.id);
  const jensId = userOf(demoPeople.jens.email);
  const join = (brandId: string, userId: string, role: string) =>
    store.write((tx) =>
      tx
        .hot('insert into "member" (id, "organizationId", "userId", role, "createdAt") values (?, ?, ?, ?, ?)')
        .run(randomUUID(), brandId, userId, role, at),
    );
  await store.write((tx) => {
    tx.hot(
      `insert into brand select 'harbor-boats', 'harbor-boats', legal_name, 'Harbor Boats', address, contact, country,
       settings_json, wrapped_key, created_at from brand`,
    ).run();
    tx.hot(`insert into "organization" (id, name, slug, "createdAt") values (?, 'Harbor Boats', ?, ?)`).run(
      boats,
      boats,
      at,
    );
    tx.hot(
      `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") values ('alva', ?, ?, 1, ?, ?)`,
    ).run(alva.name, alva.email, at, at);
    tx.hot(
      `insert into integration (id, brand_id, provider, sandbox, account_id, account_name, connection, conn_epoch,
       revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble)
       select 'crm-of-boats', 'harbor-boats', provider, sandbox, account_id, account_name, connection, conn_epoch,
       revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble from integration`,
    ).run();
    tx.hot(`insert into manifest select hash, 'harbor-boats', provider, body_json, published_at from manifest`).run();
  });
  await join(boats, 'alva', 'admin');
  await join(boats, jensId, 'agent');

  /** A paired panel of somebody, and what it sends. */
  async function panelOf(who: { email: string }) {
    const { client } = await door.link(who);
    const bearer = await door.pairBy(client);
    const call = <T>(method: string, path: string, body?: unknown) =>
      door.client().json<T & ProblemBody>(method, `/api/panel/${path}`, body, bearer);
    return {
      client,
      bearer,
      call,
      queue: () => call<Queue>('GET', 'queue'),
      view: (id: string) => call<ConversationView>('GET', `conversations/${id}`),
      reply: (id: string, text: string) =>
        call<{ entry: Entry }>('POST', `conversations/${id}/messages`, { clientId: randomUUID(), text }),
      /** The stream, from after the line with this number. */
      watch: (lastId = 0) =>
        openStream(`${door.origin}/api/panel/stream`, { ...bearer, 'last-event-id': String(lastId) }),
    };
  }
  /** A visitor of a brand, and what they write. */
  async function visitorOf(brand: string, name: string, text: string) {
    const token = randomBytes(32).toString('base64url');
    const client = door.client();
    const first = { brand, token, clientId: randomUUID(), text, name };
    const { status, body } = await client.json<{ conversation: string }>('POST', '/api/chat/start', first);
    if (status !== 201) throw new Error(`start ended with ${status}`);
    const auth = { authorization: `Bearer ${token}` };
    return {
      id: body.conversation,
      say: (words: string) =>
        client.json<{ entry: Entry }>('POST', '/api/chat/messages', { clientId: randomUUID(), text: words }, auth),
      entries: async () =>
        (await client.json<{ entries: Entry[] }>('GET', '/api/chat/entries', undefined, auth)).body.entries,
    };
  }
  const manager = async () => {
    const headers = new Headers({ cookie: door.cookieOf(maria) });
    return { headers, agent: (await door.hub.deps.people.whoIs(headers)) as NonNullable<unknown> as never };
  };
  const memberOf = (brandId: string, userId: string) =>
    String(
      store.read.hot('select id from "member" where "organizationId" = ? and "userId" = ?').get(brandId, userId)?.id,
    );
  return {
    ...door,
    maria,
    jensId,
    join,
    panels: { maria: await panelOf(demoPeople.maria), alva: await panelOf(alva), jens: await panelOf(demoPeople.jens) },
    panelOf,
    visitorOf,
    /** Maria changes what Jens is in Motors. */
    async setRole(role: 'admin' | 'agent') {
      const { agent, headers } = await manager();
      await door.hub.deps.people.agents.changeRole(agent, headers, memberOf(motors, jensId), role);
    },
    /** Maria removes Jens from Motors. */
    async removeJens() {
      const { agent, headers } = await manager();
      await door.hub.deps.people.agents.remove(agent, headers, memberOf(motors, jensId));
    },
    /** Takes Jens out of Boats, as its own console would. */
    leaveBoats: () =>
      store.write((tx) =>
        tx.hot('delete from "member" where "organizationId" = ? and "userId" = ?').run(boats, jensId),
      ),
  };
}
/** What openTwoBrands returns. */
export type TwoBrands = Awaited<ReturnType<typeof openTwoBrands>>;

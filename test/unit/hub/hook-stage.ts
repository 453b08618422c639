import { createHmac, randomUUID } from 'node:crypto';
import type { SharingAdapter, WebhookFacts } from '#sdk';
import type { DoorOptions, FrontDoor } from '../../support/front-door.ts';
import { openStage, type Setting } from './stage.ts';

/** The account the sandbox partner's people are in, as HubSpot's events name it. */
export const account = 4_810_000;

/** One event in the form of the vendor's SDK test. */
export const hubspotEvent = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  eventId: Math.floor(Math.random() * 2 ** 31),
  subscriptionId: 12_345,
  portalId: account,
  occurredAt: 1_564_113_600_000,
  subscriptionType: 'contact.privacyDeletion',
  attemptNumber: 0,
  objectId: 51_204,
  appId: 54_321,
  ...change,
});

/** Facts of a partner whose every connection has an address of its own, signed with a secret of ours and a time. */
export const ownFacts: WebhookFacts = {
  signature: {
    kind: 'hmac',
    hash: 'sha256',
    encoding: 'hex',
    header: 'x-acme-signature',
    over: ['timestamp', { text: '.' }, 'body'],
    timestamp: { header: 'x-acme-time', unit: 'milliseconds' },
  },
  secret: 'ours',
  address: 'connection',
  body: 'json',
  id: ['id'],
};

/** A handler that makes one call, so that a share of such an adapter can wait. */
const sends = `CustomerRelationshipManagement: async (visitor, partner) => {
  await partner.post('/crm/v3/objects/contacts/batch/upsert', { body: { id: visitor.email } });
  return { record: '1' };
}`;

/** A hub whose one partner has other ways to call us: its facts, and a handler as text (`event` is the event). */
export async function openHookStage({
  facts,
  handler,
  ...options
}: Omit<DoorOptions, 'recorder'> & { facts?: WebhookFacts; handler?: string } = {}) {
  const script = `globalThis.adapter = { on: { ${sends} }, webhook: (event) => { ${handler ?? 'return event.said;'} } };`;
  const stage = await openStage({
    ...options,
    ...(facts && {
      adapters: (list) => list.map((a): SharingAdapter => ({ ...a, facts: { ...a.facts, webhook: facts } })),
    }),
    ...(handler !== undefined || facts ? { code: { hubspot: script } } : {}),
  });
  const { door } = stage;
  for (const limit of [door.hub.deps.limits.webhook, door.hub.deps.limits.webhookEvent]) limit.points = 1_000_000;
  const address = addressOf(stage);
  return {
    ...stage,
    address,
    /** A call as it comes in; the answer with its parsed body. */
    async call(body: string | Buffer, headers: Record<string, string>, to = address) {
      const res = await fetch(to, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: body as string,
      });
      return { status: res.status, headers: res.headers, body: (await res.json()) as Record<string, unknown> };
    },
    /** Presses the button that makes a secret; what the page shows of it. */
    makeSecret: () => makeSecret(stage),
  };
}
/** What openHookStage returns. */
export type HookStage = Awaited<ReturnType<typeof openHookStage>>;

/** Where the partner of the connected account sends to, as the operator reads it. */
const addressOf = ({ door, integration }: Setting): string =>
  door.hub.deps.hooks.address({ provider: 'hubspot', integrationId: integration })?.url ?? '';

async function makeSecret({ maria, integration }: Setting) {
  const res = await maria.submit(`/console/connections/${integration}/webhook-secret`, {
    csrf: await csrfAt(maria),
  });
  const html = await res.text();
  const [secret = ''] = [...html.matchAll(/<dt>(?:Secret|Password)<\/dt><dd class="code">([^<]+)</g)].map((m) => m[1]);
  return { status: res.status, html, secret };
}
const csrfAt = async (maria: Setting['maria']) =>
  /name="csrf" value="([^"]+)"/.exec(await (await maria.get('/console')).text())?.[1] ?? '';

/** Headers of HubSpot's v3 signature, computed here. */
export const signedV3 = (secret: string, url: string, body: string, ms: number): Record<string, string> => ({
  'x-hubspot-signature-v3': createHmac('sha256', secret).update(`POST${url}${body}${ms}`).digest('base64'),
  'x-hubspot-request-timestamp': String(ms),
});

/** Headers of `ownFacts`. */
export const signedOwn = (secret: string, body: string, ms: number): Record<string, string> => ({
  'x-acme-signature': createHmac('sha256', secret).update(`${ms}.${body}`).digest('hex'),
  'x-acme-time': String(ms),
});

/** An event of `ownFacts` whose handler says `said`. */
export const ownEvent = (said?: unknown, id: string = randomUUID()): string => JSON.stringify({ id, said });

/** Everything that a call could have stored, but for the counter and the alarm's row. */
export const kept = (door: FrontDoor) => ({
  seen: door.store.read.hot('select count(*) as n from hook_seen').get()?.n,
  events: door.store.read.hot('select kind, integration_id from hook_event order by seq').all(),
  received: door.store.read.hot('select coalesce(sum(received), 0) as n from hook').get()?.n,
  connection: door.store.read.hot('select connection, conn_epoch from integration order by id').all(),
  tokens: door.store.read.hot('select count(*) as n from vault').get()?.n,
  audit: door.store.read.hot("select count(*) as n from audit where act <> 'alarm'").get()?.n,
});

/** Calls counted as refused, at all addresses. */
export const refusedCalls = (door: FrontDoor): number =>
  door.store.read.hot('select coalesce(sum(refused), 0) as n from hook').get()?.n as number;

import { type BlockList, isIP } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler, Next } from 'hono';
import type { Logger } from 'pino';
import type { Agent as Colleague } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import { type ChatDeps, type Visitor, visitorOf } from '../chat/conversations.ts';
import { type ContactsOfChat, contactsFor, veil } from '../chat/veil.ts';
import type { Csrf } from '../people/csrf.ts';
import { type Act, may } from '../people/may.ts';
import type { Agent, Inbox, Who } from '../people/who.ts';
import { type BrandThing, brandOf } from '../store/chats.ts';
import { shown } from '../store/members.ts';
import type { Store } from '../store/open.ts';

/** What a request carries through the routes. */
export interface Env {
  Bindings: HttpBindings;
  Variables: {
    log: Logger;
    client: string;
    agent: Agent;
    inbox: Inbox;
    visitor: Visitor;
    /** What is hidden from this caller of each chat (R51). */
    hidden: ContactsOfChat;
    /** The answer holds a contact that was asked for with a reason, which is written down. */
    revealed: true;
  };
}

/** IPv6 counts per /64, one household or phone (SECURITY.md HO4); an IPv4 address in IPv6 clothes is an IPv4 one. */
function group(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = (plain.split('%')[0] ?? '').split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail?.split(':').filter(Boolean) ?? [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((g) => Number.parseInt(g, 16).toString(16))
    .join(':')}::/64`;
}

/**
 * The client's address, resolved once: the socket's peer, or the first hop from the right of X-Forwarded-For that is
 * not one of our proxies. What a stranger writes left of it counts for nothing (SECURITY.md HO4).
 */
export function clientAddress(peer: string | undefined, forwarded: string | undefined, proxies: BlockList): string {
  const known = (address: string) => {
    const kind = isIP(address);
    return kind !== 0 && proxies.check(address, kind === 6 ? 'ipv6' : 'ipv4');
  };
  const direct = (peer ?? '').replace(/^::ffff:/, '');
  if (!known(direct)) return group(direct);
  const hops = (forwarded ?? '').split(',').map((h) => h.trim().replace(/^::ffff:(?=\d+\.)/i, ''));
  const client = hops.findLast((h) => !known(h));
  return client && isIP(client) ? group(client) : 'unknown';
}

/** The request's headers with the client's address as the hub resolved it, whatever the request said (BA6). */
export function withClient(c: Context<Env>): Headers {
  const headers = new Headers(c.req.raw.headers);
  headers.set('x-askfirst-client', c.get('client'));
  return headers;
}

/** Refuses a request that no agent sent: no right at all, or a cookie that a form could have sent along. */
async function known<T extends Pick<Agent, 'kind'>>(people: Who, c: Context<Env>, agent: T | undefined): Promise<T> {
  if (!agent && (await people.waiting(c.req.raw.headers))) problem('second-step');
  if (!agent) problem(c.req.header('authorization') ? 'token-ended' : 'not-signed-in');
  // A cookie alone proves nothing about who sent the request: JSON calls carry a header no form can set (HO2).
  if (agent.kind === 'console' && c.req.path.startsWith('/api/') && c.req.header('x-askfirst') !== '1')
    problem('wrong-origin');
  return agent;
}

/** Lets in who may do `act`, in their own brand. Raises `not-signed-in`, `second-step`, `token-ended` or `not-allowed`. */
export const agentMay =
  (people: Who, act: Act): MiddlewareHandler<Env> =>
  async (c, next) => {
    const agent = await known(people, c, await people.whoIs(c.req.raw.headers));
    if (!may(agent, act)) problem('not-allowed');
    c.set('agent', agent);
    await next();
  };

type Reads = Pick<ChatDeps, 'store' | 'keys'> & { people: Who };

/**
 * Takes out of the JSON a caller gets what their role does not read (R51): here, so that no route can forget it. `at`: the
 * chat the answer is about where it names none.
 */
async function veiled(d: Reads, c: Context<Env>, next: Next, agents: readonly Agent[], at?: string): Promise<void> {
  const open = new Set(agents.filter((agent) => may(agent, 'read-contacts')).map((agent) => agent.brandId));
  const hidden = contactsFor(d, d.store.read, (brandId) => open.has(brandId));
  c.set('hidden', hidden);
  await next();
  const isJson = c.res.headers.get('content-type')?.startsWith('application/json') && !c.get('revealed');
  if (open.size === agents.length || !isJson || !c.res.ok) return;
  c.res = new Response(JSON.stringify(veil(await c.res.json(), hidden, at)), c.res);
}

/** Lets in who may do `act` in some brand: `inbox` holds those brands, `agent` is the caller in the first. Raises as agentMay. */
export const inboxMay =
  (d: Reads, act: Act): MiddlewareHandler<Env> =>
  async (c, next) => {
    const inbox = await d.people.inbox(c.req.raw.headers);
    await known(d.people, c, inbox?.agents[0]);
    const agents = inbox?.agents.filter((agent) => may(agent, act)) ?? [];
    const [agent] = agents;
    if (!inbox || !agent) return problem('not-allowed');
    c.set('inbox', { ...inbox, agents });
    c.set('agent', agent);
    await veiled(d, c, next, inbox.agents);
  };

/**
 * Who is asking, in the brand of the thing with this id, where they may do `act`. Raises `not-found` for what is in no brand
 * they may see now, as for what is not there (DB4, R64), and `not-allowed`.
 */
export function agentAt(
  d: { store: Store; people: Who },
  who: Agent,
  act: Act,
  { what, id }: { what: BrandThing; id: string },
): Agent {
  const brandId = brandOf(d.store.read, what, id);
  const agent = brandId === who.brandId ? who : brandId && d.people.agentIn(who, brandId);
  if (!agent) return problem('not-found');
  return may(agent, act) ? agent : problem('not-allowed');
}

/** Lets in who may do `act` in the brand of the chat that the path names: `agent` is the caller there. Raises as agentMay, agentAt. */
export const chatMay =
  (d: Reads, act: Act): MiddlewareHandler<Env> =>
  async (c, next) => {
    const who = await known(d.people, c, await d.people.whoIs(c.req.raw.headers));
    const id = c.req.param('id') ?? '';
    const agent = agentAt(d, who, act, { what: 'conversation', id });
    c.set('agent', agent);
    await veiled(d, c, next, [agent], id);
  };

/** The visitor whose token a request carries, if it is still good for something. */
export function visitorFrom(chat: Pick<ChatDeps, 'store' | 'now'>, headers: Headers): Visitor | undefined {
  const token = /^Bearer ([\w-]{1,200})$/.exec(headers.get('authorization') ?? '')?.[1];
  return token === undefined ? undefined : visitorOf(chat, token);
}

/** Lets in a visitor by the token of their one conversation. Raises `not-signed-in`. */
export const visitorOnly =
  (chat: Pick<ChatDeps, 'store' | 'now'>): MiddlewareHandler<Env> =>
  async (c, next) => {
    const visitor = visitorFrom(chat, c.req.raw.headers);
    if (!visitor) problem('not-signed-in');
    c.set('visitor', visitor);
    await next();
  };

/** A form of the console: the hidden field of this very session, sent by our own page (HO2). Raises `wrong-origin`. */
export function checkForm(
  c: Context<Env>,
  csrf: Csrf,
  form: Record<string, string>,
  { sessionId }: { sessionId: string } = c.get('agent'),
): void {
  if (!csrf.checkOrigin(c.req.raw.headers) || !csrf.checkCsrf(sessionId, form.csrf)) problem('wrong-origin');
}

/** Whoever is asking, as colleagues meet them. */
export const asAgent = ({ userId, name }: Agent): Colleague => ({ id: userId, name: shown(name) });

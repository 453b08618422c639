import { readFile } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { type HttpBindings, type ServerType, serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Entry, EntryBody, Question } from '#contract/chat.ts';
import { type EndpointName, endpoints, type InputOf, type OutputOf } from '#contract/endpoints.ts';
import { Problem, type ProblemSlug, problem } from '#contract/problem.ts';
import type { OnPage } from '#contract/showing.ts';
import { beat, formatEvent } from '#contract/sse.ts';
import type { Marks } from '#contract/visit.ts';
import type { Field } from '#contract/visitor.ts';
import type { Page } from '../../server/web/widget/page.ts';
import { fakeFrame } from './fake-frame.tsx';
import { adding, question } from './fake-questions.ts';
import { fakeShop } from './fake-shop.tsx';

/** Files are the real hub's alone: their bodies are no JSON. */
type Chat = Exclude<Extract<EndpointName, `chat${string}`>, `chatFile${string}`>;
interface Talk {
  token: string;
  id: string;
  input: InputOf<'chatStart'>;
  entries: Entry[];
  marks: Marks;
  /** Pages the visitor was on, as they were told. */
  pages: InputOf<'chatPage'>[];
  /** Signals that the visitor types. */
  typed: number;
}

/** The chat part of the hub in memory, over real sockets, with the shop on another site; `assets` holds the built widget. */
export async function startFakeChatHub(assets: string, brand = { slug: 'harbor-motors', name: 'Harbor Motors' }) {
  const talks: Talk[] = [];
  const logins: { integration: string; name: string; sandbox: boolean }[] = [];
  const streams = new Set<{ talk: Talk; write: (text: string) => void; end: () => void }>();
  const nonces = new Map<string, Question['purpose']>();
  const codes = new Set<string>();
  const requests: string[] = [];
  const refusals: { name: Chat; slug: ProblemSlug }[] = [];
  const swallowed = new Set<Chat>();
  const sockets = new Set<Socket>();
  let cut = false;
  let seq = 0;
  let shopOrigin = '';
  /** What the hub puts before the script. */
  let head = '';
  let colours: OnPage['colours'];
  /** What else the frame's page says. */
  const extras: Partial<Page> = {};

  function put(talk: Talk, body: EntryBody): Entry {
    seq++;
    const entry = {
      seq,
      n: talk.entries.length + 1,
      conversation: talk.id,
      at: new Date().toISOString(),
      ...body,
    } as Entry;
    talk.entries.push(entry);
    for (const stream of streams) if (stream.talk === talk) stream.write(formatEvent({ id: seq, data: entry }));
    return entry;
  }
  const hear = (talk: Talk, event: string, data: object): void => {
    for (const stream of streams) if (stream.talk === talk) stream.write(formatEvent({ event, data }));
  };
  const message = (talk: Talk, clientId: string, text: string): Entry =>
    talk.entries.find((e) => e.kind === 'message' && e.clientId === clientId) ??
    put(talk, { kind: 'message', author: 'visitor', by: 'You', text, clientId });
  const talkOf = (c: Context): Talk =>
    talks.find((talk) => c.req.header('authorization') === `Bearer ${talk.token}`) ?? problem('token-ended');

  const handlers: { [N in Chat]: (input: InputOf<N>, c: Context) => OutputOf<N> } = {
    chatStart: (input) => {
      let talk = talks.find((t) => t.token === input.token);
      if (talk && talk.input.text !== input.text) problem('conflict');
      if (!talk) {
        talk = {
          token: input.token,
          id: `talk-${talks.length + 1}`,
          input,
          entries: [],
          marks: { seen: { n: 0 }, read: { n: 0 } },
          pages: [],
          typed: 0,
        };
        talks.push(talk);
      }
      return { conversation: talk.id, entry: message(talk, input.clientId, input.text) };
    },
    chatEntries: (_, c) => {
      const { entries } = talkOf(c);
      const agent = entries.findLast((e) => e.kind === 'message' && e.author === 'agent');
      return {
        brand,
        entries,
        lastSeq: entries.at(-1)?.seq ?? 0,
        marks: talkOf(c).marks,
        ...(agent?.kind === 'message' && { agent: agent.by }),
      };
    },
    chatSend: (input, c) => ({ entry: message(talkOf(c), input.clientId, input.text) }),
    chatTyping: (_, c) => {
      talkOf(c).typed++;
      return { told: true };
    },
    chatSeen: ({ n }, c) => {
      talkOf(c).marks.read = { n, at: new Date().toISOString() };
      return { marks: talkOf(c).marks };
    },
    chatPage: (page, c) => {
      talkOf(c).pages.push(page);
      return { kept: true };
    },
    chatQuestion: ({ purpose }, c) => {
      const nonce = `nonce-${++seq}`;
      nonces.set(nonce, purpose);
      return purpose === 'Personalisation' ? adding(nonce) : question(talkOf(c).input, nonce);
    },
    chatAnswer: (input, c) => {
      const talk = talkOf(c);
      const purpose = nonces.get(input.nonce);
      if (!purpose || !nonces.delete(input.nonce)) problem('nonce-dead');
      const of = (word: string) => (Object.keys(input.answers) as Field[]).filter((f) => input.answers[f] === word);
      const [yes, no] = [of('yes'), of('no')];
      const receives = purpose === 'Personalisation' ? { receives: true as const } : {};
      const topic = { integration: 'int-1', partner: 'HubSpot', purpose, ...receives };
      const entry = put(talk, { kind: 'answered', ...topic, yes, no, later: input.later ?? false });
      return { entry, ...(yes.length > 0 && { receipt: `/receipts/${entry.seq}` }) };
    },
    chatEnd: (_, c) => {
      put(talkOf(c), { kind: 'ended', by: 'visitor' });
      return { ended: true };
    },
    chatRate: (said, c) => ({ entry: put(talkOf(c), { kind: 'rated', ...said }) }),
    chatTranscript: (_, c) => {
      const talk = talkOf(c);
      const said = talk.entries.map((e) => (e.kind === 'message' ? `${e.by}\n  ${e.text}\n` : ''));
      const text = `Your chat with ${brand.name}\n\n${said.join('\n')}`;
      return { text, ...(talk.input.email && { to: talk.input.email }), left: 3 };
    },
    chatMail: (input, c) => ({ entry: put(talkOf(c), { kind: 'mailed', ...input }) }),
    chatLogin: () => problem('not-found'),
    chatLoginResult: () => ({ state: 'over' }),
    chatMyData: (_, c) => {
      const code = `code-for-${talkOf(c).id}`;
      codes.add(code);
      return { code, action: `/privacy/${brand.slug}` };
    },
    chatIdentify: (input) => (input.identity === 'somebody-else' ? problem('signed-in-as-other') : { signedIn: true }),
    chatSignOut: () => ({ signedOut: true }),
  };

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(async (c, next) => {
    requests.push(`${c.req.method} ${c.req.path}`);
    await next();
  });
  app.onError((error, c) => {
    const known = error instanceof Problem ? error : new Problem('internal', undefined, { cause: error });
    return c.json(known.body(), known.status as 400, { 'content-type': 'application/problem+json' });
  });
  for (const name of Object.keys(handlers) as Chat[]) {
    const { method, path, input } = endpoints[name];
    app.on(method, path, async (c) => {
      const at = refusals.findIndex((refusal) => refusal.name === name);
      if (at >= 0) problem(refusals.splice(at, 1)[0]?.slug ?? 'internal');
      const body = input.safeParse(method === 'POST' ? await c.req.json() : {});
      if (!body.success) return problem('bad-input');
      const answer = (handlers[name] as (input: unknown, c: Context) => object)(body.data, c);
      if (swallowed.has(name)) c.env.outgoing.destroy(); // stored, but the acknowledgement is lost on the way
      return c.json(answer);
    });
  }
  app.get('/api/chat/stream', (c) => {
    const talk = talkOf(c);
    const after = Number(c.req.header('last-event-id'));
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const stream = {
          talk,
          write: (text: string) => controller.enqueue(encoder.encode(text)),
          end: () => {
            streams.delete(stream);
            controller.close();
          },
        };
        streams.add(stream);
        stream.write(beat);
        for (const entry of talk.entries)
          if (entry.seq > after) stream.write(formatEvent({ id: entry.seq, data: entry }));
        c.req.raw.signal.addEventListener('abort', () => streams.delete(stream));
      },
    });
    return c.body(body, 200, { 'content-type': 'text/event-stream' });
  });
  app.get('/widget.js', async (c) => {
    c.header('cross-origin-resource-policy', 'cross-origin');
    const script = await readFile(join(assets, 'widget.js'), 'utf8');
    return c.body(head + script, 200, { 'content-type': 'text/javascript' });
  });
  app.route(
    '/',
    fakeFrame(assets, () => ({ brand, shop: shopOrigin, logins, ...(colours && { colours }), ...extras })),
  );
  app.on(['GET', 'POST'], '/privacy/:slug', async (c) => {
    const { code } = c.req.method === 'POST' ? await c.req.parseBody() : {};
    return c.html(`<title>My data</title><h1>${codes.delete(String(code)) ? 'Known' : 'Unknown'}</h1>`);
  });

  const listen = async (fetch: Hono['fetch']): Promise<[ServerType, number]> => {
    const server = await new Promise<ServerType>((done) => {
      const s: ServerType = serve({ fetch, port: 0, hostname: '127.0.0.1' }, () => done(s));
    });
    server.on('connection', (socket: Socket) => {
      if (cut) return socket.destroy();
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    return [server, (server.address() as AddressInfo).port];
  };
  const [hubServer, hubPort] = await listen(app.fetch as Hono['fetch']);
  const origin = `http://localhost:${hubPort}`;

  const [shopServer, shopPort] = await listen(fakeShop(origin, brand.slug).fetch);
  shopOrigin = `http://127.0.0.1:${shopPort}`;

  const last = () => talks.at(-1) ?? problem('not-found');
  return {
    origin,
    shop: shopOrigin,
    /** `METHOD /path` of everything the hub was asked, in order. */
    requests,
    talks,
    /** What the brand decided about its script from the next load on, or what a broken hub would send. */
    sets(onPage: unknown) {
      head = `(document.currentScript||{}).askfirst=${JSON.stringify(onPage)};\n`;
      colours = (onPage as Partial<OnPage> | null)?.colours;
    },
    extras,
    /** Sign-ins the form offers. */
    logins,
    /** Puts a line into the newest conversation. */
    put: (body: EntryBody) => put(last(), body),
    says: (text: string) =>
      put(last(), { kind: 'message', author: 'agent', by: 'Maria', text, clientId: crypto.randomUUID() }),
    asks: () =>
      put(last(), {
        kind: 'asked',
        integration: 'int-1',
        partner: 'HubSpot',
        purpose: 'CustomerRelationshipManagement',
        by: 'Maria',
      }),
    /** Tells the newest conversation that an agent writes, or that one had it on screen up to now. */
    typing: (by = 'Maria') => hear(last(), 'typing', { by }),
    seen(at = new Date().toISOString()) {
      const talk = last();
      talk.marks.seen = { n: talk.entries.length, at };
      hear(talk, 'marks', talk.marks);
    },
    /** The next call of that name is refused. */
    refuse: (name: Chat, slug: ProblemSlug) => void refusals.push({ name, slug }),
    /** From now on calls of that name are done, but their answers never arrive; or they do again. */
    swallow: (name: Chat, on: boolean) => void (on ? swallowed.add(name) : swallowed.delete(name)),
    killNonces: () => nonces.clear(),
    endStreams: () => {
      for (const stream of streams) stream.end();
    },
    /** Number of live streams. */
    listening: () => streams.size,
    /** Pulls the plug, or puts it back. */
    cut(on: boolean): void {
      cut = on;
      if (!on) return;
      streams.clear();
      for (const socket of sockets) socket.destroy();
    },
    close(): void {
      for (const server of [hubServer, shopServer]) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
/** What startFakeChatHub returns. */
export type FakeChatHub = Awaited<ReturnType<typeof startFakeChatHub>>;

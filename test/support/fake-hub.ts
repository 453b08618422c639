import { randomBytes } from 'node:crypto';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { Agent, Entry } from '#contract/chat.ts';
import type { InputOf } from '#contract/endpoints.ts';
import type { ProblemSlug } from '#contract/problem.ts';
import { beat, formatEvent } from '#contract/sse.ts';
import { type FakeState, fakeState, refusal } from './fake-hub-state.ts';
import { fakePairings } from './fake-pairings.ts';

const random = (): string => randomBytes(32).toString('base64url');

/** Options of a fake hub. */
export interface FakeHubOptions {
  /** 0 takes any free port. */
  port?: number;
  /** Seconds a token lives. */
  tokenSeconds?: number;
  pollSeconds?: number;
  /** Milliseconds between beats. */
  beatMs?: number;
  /** Told of each call, "POST /api/panel/…", before it acts and after it, ahead of its answer. */
  onCall?: (path: string, at: 'before' | 'after') => Promise<void>;
}

/** A small real server that speaks the panel's part of the contract, with faults on demand; state is `hub.state`. */
export async function fakeHub(options: FakeHubOptions = {}) {
  const { tokenSeconds = 900, pollSeconds = 0.05, beatMs = 200 } = options;
  const state: FakeState = fakeState();
  const open = new Set<ServerResponse>();
  const faults = new Map<string, { status?: ProblemSlug; lose?: boolean }[]>();
  const calls: string[] = [];
  const lastIds: number[] = [];
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.use(
    cors({
      origin: (origin) => (/^(moz|chrome)-extension:/.test(origin) ? origin : null),
      allowHeaders: ['authorization', 'content-type', 'last-event-id', 'x-askfirst'],
    }),
  );

  const no = (slug: ProblemSlug, detail?: string): Response => {
    const { body, status } = refusal(slug, detail);
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } });
  };
  const { routes, pairings, holder, bearer } = fakePairings({ tokenSeconds, pollSeconds, no });

  app.use('/api/panel/*', async (c, next) => {
    const pairing = holder(bearer(c));
    const page = c.req.header('x-askfirst') === '1' && c.req.header('cookie')?.includes('fake=agent');
    if (!page && (!pairing || pairing.expiresAt < Date.now())) return no('token-ended');
    if (pairing) pairing.used = true;
    await next();
  });
  // After the act, before its answer: a refusal, or an answer that never arrives.
  app.use('/api/*', async (c, next) => {
    const path = `${c.req.method} ${new URL(c.req.url).pathname}`;
    calls.push(path);
    const name = [...faults.keys()].find((key) => path.endsWith(key));
    const fault = name === undefined ? undefined : faults.get(name)?.shift();
    await options.onCall?.(path, 'before');
    if (fault?.status) return no(fault.status);
    await next();
    await options.onCall?.(path, 'after');
    if (fault?.lose) (c.env as HttpBindings).incoming.socket.destroy();
  });
  app.route('/', routes);

  const colleagues = [
    { id: 'jens', name: 'Jens', available: true, open: 1 },
    { id: 'maria', name: 'Maria', available: true, open: 2 },
    { id: 'alva', name: 'Alva', available: false, open: 0 },
  ];
  /** The same of each brand: the fake one has no more to tell apart. */
  const ofBrands = <T>(list: readonly T[]) =>
    state.brands.flatMap(({ id: brand }) => list.map((one) => ({ ...one, brand })));
  const colleague = (id: string): Agent | undefined => {
    const found = colleagues.find((one) => one.id === id);
    return found && { id, name: found.name };
  };
  app.get('/api/panel/queue', (c) =>
    c.json({
      brands: state.brands,
      ...(state.stepAsked && { stepAsked: state.stepAsked }),
      me: { id: 'jens', name: 'Jens' },
      rows: state.rows(),
      lastSeq: state.log.length,
    }),
  );
  app.get('/api/panel/colleagues', (c) => c.json({ colleagues: ofBrands(colleagues) }));
  app.post('/api/panel/availability', async (c) => {
    const { available } = await c.req.json<{ available: boolean }>();
    state.brands = state.brands.map((b) => ({ ...b, available }));
    return c.json({ available });
  });
  app.get('/api/panel/replies', (c) => c.json({ replies: ofBrands(state.replies) }));
  app.get('/api/panel/layout', (c) => c.json({ layouts: { [state.brands[0]?.id ?? '']: state.layout } }));
  app.post('/api/panel/conversations/:id/layout', async (c) => {
    state.layout = { ...(await c.req.json<InputOf<'panelArrange'>>()), version: state.layout.version + 1 };
    state.tell({ arranged: true });
    return c.json(state.layout);
  });
  app.post('/api/panel/search', async (c) => c.json(state.search(await c.req.json<InputOf<'panelSearch'>>())));
  app.get('/api/panel/conversations/:id', (c) => {
    const chat = state.find(c.req.param('id'));
    return chat ? c.json(state.view(chat)) : no('not-found');
  });
  app.post('/api/panel/conversations/:id/:act', async (c) => {
    const chat = state.find(c.req.param('id'));
    if (!chat) return no('not-found');
    const body = await c.req.json<InputOf<'panelShare'> & InputOf<'panelSend'> & InputOf<'panelTag'>>();
    const { clientId, text, integration, purpose } = body;
    const act = c.req.param('act');
    if (act === 'preview') return c.json(state.preview(chat, integration, purpose));
    if (act === 'ask') {
      if (!chat.strip.some((s) => s.purposes.some((p) => p.purpose === purpose && p.mayAsk)))
        return no('asked-already');
      const partner = 'HubSpot';
      const entry = state.add(chat, { kind: 'asked', integration, partner, purpose, by: 'Jens' });
      state.setState(chat, integration, purpose, 'asked');
      return c.json({ entry });
    }
    if (act === 'typing') return c.json({ told: true });
    if (act === 'seen') {
      state.reads(chat, 'seen', (body as unknown as InputOf<'panelSeen'>).n);
      return c.json({ marks: chat.marks });
    }
    const known = state.seen.get(clientId);
    if (act === 'messages') {
      if (known) return c.json({ entry: known });
      const entry = state.add(chat, { kind: 'message', author: 'agent', by: 'Jens', text, clientId });
      state.seen.set(clientId, entry);
      return c.json({ entry });
    }
    if (act === 'assign') {
      const { to, from, note } = body as unknown as InputOf<'panelAssign'>;
      const [by, agent] = [colleague('jens'), colleague(to)];
      const holder = state.rows().find((r) => r.conversation === chat.id)?.assignee;
      if (!by || !agent) return no('not-found');
      if ((holder?.id ?? null) !== from)
        return no('changed-meanwhile', `${holder?.name ?? 'Nobody'} holds this chat by now.`);
      const reason = to === by.id ? 'taken' : 'transferred';
      state.add(chat, { kind: 'assigned', by, to: agent, ...(holder && { from: holder }), reason });
      if (note) state.add(chat, { kind: 'note', by: 'Jens', text: note, clientId: random().slice(0, 16) });
      return c.json({ assignee: agent });
    }
    if (act === 'tags') {
      const { tag, on } = body;
      const before = state.rows().find((r) => r.conversation === chat.id)?.tags ?? [];
      const tags = on ? [...before, tag] : before.filter((t) => t !== tag);
      state.add(chat, { kind: 'tagged', by: 'Jens', tag, on, tags });
      return c.json({ tags });
    }
    if (act === 'end') {
      state.add(chat, { kind: 'ended', by: 'agent', name: 'Jens' });
      return c.json({ ended: true });
    }
    if (act === 'notes') {
      if (known) return c.json({ entry: known });
      const entry = state.add(chat, { kind: 'note', by: 'Jens', text, clientId });
      state.seen.set(clientId, entry);
      return c.json({ entry });
    }
    if (act !== 'shares') return no('not-found');
    if (known?.kind === 'share') return c.json({ share: known.share, entry: known });
    const { partner, rows } = state.preview(chat, integration, purpose);
    const fields = rows.flatMap((r) => (r.leaves ? [r.field] : []));
    if (fields.length === 0) return no('nothing-may-leave');
    const withheld = rows.flatMap((r) => (r.leaves ? [] : [{ field: r.field, rule: r.rule, reason: r.reason }]));
    const share = random().slice(0, 16);
    const made = { kind: 'share' as const, share, integration, partner, purpose, state: 'waiting' as const };
    const entry = state.add(chat, { ...made, fields, withheld });
    state.seen.set(clientId, entry);
    return c.json({ share, entry });
  });

  app.get('/api/panel/stream', (c) => {
    const last = Number(c.req.header('last-event-id') ?? 0);
    if (!Number.isInteger(last) || last > state.log.length) return no('not-found');
    lastIds.push(last);
    const encoder = new TextEncoder();
    let stop = (): void => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const write = (text: string): void => controller.enqueue(encoder.encode(text));
        const say = (e: Entry): void => write(formatEvent({ id: e.seq, data: e }));
        write(beat); // at once, so that the reader knows that it is connected
        for (const entry of state.log.slice(last)) say(entry);
        const timer = setInterval(() => write(beat), beatMs);
        const listen: Parameters<typeof state.listeners.add>[0] = ({ entry, strip, arranged, typing, marks, gone }) => {
          if (entry) say(entry);
          if (strip) write(formatEvent({ event: 'strip', data: { conversation: strip } }));
          if (arranged) write(formatEvent({ event: 'layout', data: {} }));
          if (typing) write(formatEvent({ event: 'typing', data: { conversation: typing } }));
          if (marks) write(formatEvent({ event: 'marks', data: marks }));
          if (!gone) return;
          write(formatEvent({ event: 'gone', data: {} }));
          stop();
          controller.close();
        };
        state.listeners.add(listen);
        stop = () => {
          clearInterval(timer);
          state.listeners.delete(listen);
        };
      },
      cancel: () => stop(),
    });
    open.add(c.env.outgoing as ServerResponse);
    c.env.outgoing.on('close', () => open.delete(c.env.outgoing as ServerResponse));
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
  });

  let server: Server;
  const listen = (port: number): Promise<number> =>
    new Promise((resolve) => {
      server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info: AddressInfo) =>
        resolve(info.port),
      ) as Server;
    });
  const port = await listen(options.port ?? 0);

  return {
    state,
    app,
    origin: `http://localhost:${port}`,
    pairings,
    /** "POST /api/panel/…" of every call, in order. */
    calls,
    /** Last-Event-ID of every stream that was opened, in order. */
    lastIds,
    /** Cuts every open stream, as a proxy or a lost network would. */
    cut: (): void => {
      for (const res of open) res.destroy();
    },
    /** How many streams are open. */
    streams: (): number => open.size,
    /** The next call whose path ends with `path` is refused with this problem, before it acts. */
    refuse: (path: string, status: ProblemSlug): void =>
      void faults.set(path, [...(faults.get(path) ?? []), { status }]),
    /** The next call whose path ends with `path` acts, and its answer never arrives. */
    loseAnswer: (path: string): void => void faults.set(path, [...(faults.get(path) ?? []), { lose: true }]),
    /** What the console does: confirms the code that is waiting. */
    confirm: (code: string): void => {
      for (const p of pairings) if (p.code === code) p.state = 'approved';
    },
    /** What the console does: ends every pairing; open streams hear "gone". */
    endPairings: (): void => {
      for (const p of pairings) p.state = 'ended';
      state.tell({ gone: true });
    },
    /** Stops answering, keeps its state. */
    down: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    /** Answers again at the same address. */
    up: (): Promise<number> => listen(port),
  };
}
/** What fakeHub returns. */
export type FakeHub = Awaited<ReturnType<typeof fakeHub>>;

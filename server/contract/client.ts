import type { EndpointName, InputOf, OutputOf } from './endpoints.ts';
import type { ProblemBody } from './problem.ts';
import { readEvents, type StreamEvent } from './sse.ts';

/** A refusal of the hub, or a network that did not answer (`status` 0). */
export class HubError extends Error {
  constructor(
    readonly status: number,
    readonly problem?: ProblemBody,
  ) {
    super(problem?.detail ?? problem?.title ?? 'The hub does not answer.');
  }
  /** The hub itself said nothing: no network, one that is starting, a proxy before one that is away. It may pass later. */
  get unheard(): boolean {
    return this.status === 0 || (!this.problem && this.status >= 502 && this.status <= 504);
  }
}

/** Method and path only, so that no schema is bundled into a page (DESIGN.md 4: types only in the widget). */
type Route = readonly ['GET' | 'POST' | 'DELETE', string];

/** What a client needs from its surroundings; the panel gets these from extension or page, the widget from its frame. */
export interface ClientOptions {
  /** The calls this client may make: `chatRoutes` or `panelRoutes`. */
  routes: Readonly<Partial<Record<EndpointName, Route>>>;
  /** Origin of the hub, without a slash at the end; '' for the page's own. */
  base: string;
  fetch: (input: string, init?: RequestInit) => Promise<Response>;
  /** Bearer, read again at each call; undefined means the page's cookie with `x-askfirst: 1`. */
  token: () => Promise<string | undefined>;
  /** Milliseconds a call may take to its last byte; 15,000 unless a test is in a hurry. A stream has its beats instead. */
  patienceMs?: number;
}

type ChatEndpoint = Extract<EndpointName, `chat${string}`>;

/** The calls of the visitor's frame; the panel's are apart, so that neither page carries the other's. */
export const chatRoutes: Readonly<Record<ChatEndpoint, Route>> = {
  chatStart: ['POST', '/api/chat/start'],
  chatEntries: ['GET', '/api/chat/entries'],
  chatSend: ['POST', '/api/chat/messages'],
  chatTyping: ['POST', '/api/chat/typing'],
  chatSeen: ['POST', '/api/chat/seen'],
  chatPage: ['POST', '/api/chat/page'],
  chatFile: ['POST', '/api/chat/files'],
  chatFileLink: ['POST', '/api/chat/files/:id/link'],
  chatFilePicture: ['GET', '/api/chat/files/:id/picture'],
  chatQuestion: ['POST', '/api/chat/question'],
  chatAnswer: ['POST', '/api/chat/answer'],
  chatLogin: ['POST', '/api/chat/login'],
  chatLoginResult: ['POST', '/api/chat/login/result'],
  chatMyData: ['POST', '/api/chat/my-data'],
  chatIdentify: ['POST', '/api/chat/identify'],
  chatSignOut: ['POST', '/api/chat/sign-out'],
  chatEnd: ['POST', '/api/chat/end'],
  chatRate: ['POST', '/api/chat/rating'],
  chatTranscript: ['GET', '/api/chat/transcript'],
  chatMail: ['POST', '/api/chat/transcript'],
};

/** The calls of the agent's panel, and of pairing it. */
export const panelRoutes: Readonly<Record<Exclude<EndpointName, ChatEndpoint>, Route>> = {
  panelQueue: ['GET', '/api/panel/queue'],
  panelConversation: ['GET', '/api/panel/conversations/:id'],
  panelSend: ['POST', '/api/panel/conversations/:id/messages'],
  panelTyping: ['POST', '/api/panel/conversations/:id/typing'],
  panelSeen: ['POST', '/api/panel/conversations/:id/seen'],
  panelFile: ['POST', '/api/panel/conversations/:id/files'],
  panelFileLink: ['POST', '/api/panel/files/:id/link'],
  panelFilePicture: ['GET', '/api/panel/files/:id/picture'],
  panelNote: ['POST', '/api/panel/conversations/:id/notes'],
  panelTag: ['POST', '/api/panel/conversations/:id/tags'],
  panelAssign: ['POST', '/api/panel/conversations/:id/assign'],
  panelColleagues: ['GET', '/api/panel/colleagues'],
  panelAvailability: ['POST', '/api/panel/availability'],
  panelEnd: ['POST', '/api/panel/conversations/:id/end'],
  panelReplies: ['GET', '/api/panel/replies'],
  panelSearch: ['POST', '/api/panel/search'],
  panelLayout: ['GET', '/api/panel/layout'],
  panelArrange: ['POST', '/api/panel/conversations/:id/layout'],
  panelAsk: ['POST', '/api/panel/conversations/:id/ask'],
  panelRecord: ['POST', '/api/panel/conversations/:id/recorded'],
  panelUnmerge: ['POST', '/api/panel/conversations/:id/unmerge'],
  panelReveal: ['POST', '/api/panel/conversations/:id/reveal'],
  panelUnderAge: ['POST', '/api/panel/conversations/:id/under-age'],
  panelClearUnderAge: ['POST', '/api/panel/conversations/:id/under-age/clear'],
  panelPreview: ['POST', '/api/panel/conversations/:id/preview'],
  panelShare: ['POST', '/api/panel/conversations/:id/shares'],
  panelSites: ['GET', '/api/panel/sites'],
  panelFind: ['POST', '/api/panel/find'],
  pairStart: ['POST', '/api/pair/start'],
  pairPoll: ['POST', '/api/pair/poll'],
  pairRotate: ['POST', '/api/pair/rotate'],
  pairEnd: ['POST', '/api/pair/end'],
};
function impossible(name: string): never {
  throw new TypeError(`this client has no ${name}`);
}

/**
 * A typed client of the hub. Rejects with HubError only; throws for a call its `routes` do not have. A call that is not
 * answered in time counts as unheard: a connection that died without a word would hold it for minutes (R62).
 */
export function hubClient(options: ClientOptions) {
  async function speaksFor(): Promise<Record<string, string>> {
    const token = await options.token();
    return token ? { authorization: `Bearer ${token}` } : { 'x-askfirst': '1' };
  }
  async function send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const auth = await speaksFor();
    let res: Response;
    try {
      res = await options.fetch(options.base + path, {
        ...init,
        method,
        // Firefox lets a request wait for another of the same address that it may still keep: a second window had no stream.
        cache: 'no-store',
        credentials: auth.authorization ? 'omit' : 'same-origin',
        headers: { ...auth, ...(init.headers as Record<string, string>) },
      });
    } catch {
      throw new HubError(0);
    }
    if (res.ok) return res;
    throw new HubError(res.status, (await res.json().catch(() => undefined)) as ProblemBody | undefined);
  }

  return {
    /** One call; `id` fills `:id` in the path. */
    async call<N extends EndpointName>(name: N, input: InputOf<N>, id = ''): Promise<OutputOf<N>> {
      const [method, path] = options.routes[name] ?? impossible(name);
      const body =
        method === 'POST' ? { body: JSON.stringify(input), headers: { 'content-type': 'application/json' } } : {};
      const query = method === 'GET' ? new URLSearchParams(input as Record<string, string>).toString() : '';
      const signal = AbortSignal.timeout(options.patienceMs ?? 15_000);
      const at = path.replace(':id', encodeURIComponent(id)) + (query && `?${query}`);
      const res = await send(method, at, { ...body, signal });
      return (await res.json().catch(() => {
        throw new HubError(0); // cut off in the middle of the answer
      })) as OutputOf<N>;
    },
    /** Where a call goes and what speaks for its caller, for a body that is no JSON. */
    async to(name: EndpointName, id = ''): Promise<{ address: string; headers: Record<string, string> }> {
      const [, path] = options.routes[name] ?? impossible(name);
      return { address: options.base + path.replace(':id', encodeURIComponent(id)), headers: await speaksFor() };
    },
    /** One connection of a live stream, from after `lastSeq`; ends when the connection does. */
    async *stream(path: string, lastSeq: number, signal: AbortSignal): AsyncGenerator<StreamEvent> {
      const res = await send('GET', path, { signal, headers: { 'last-event-id': String(lastSeq) } });
      if (res.body) yield* readEvents(res.body);
    },
  };
}
/** What hubClient returns. */
export type HubClient = ReturnType<typeof hubClient>;

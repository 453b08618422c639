import * as z from 'zod/mini';
import type { CannedReply, ConversationView, Entry, Preview, Question, QueueRow } from './chat.ts';
import { purposes } from './consent.ts';
import { type Field, fieldNames } from './visitor.ts';

/** Who may call: a visitor's token, an agent (extension bearer, or console cookie with `x-askfirst: 1`), or anyone. */
type Caller = 'anyone' | 'visitor' | 'agent';

interface Call<I extends z.ZodMiniType, O> {
  method: 'GET' | 'POST' | 'DELETE';
  /** Hono path; parameters are random ids. */
  path: `/api/${string}`;
  caller: Caller;
  /** Body of a POST; unknown keys are refused (SECURITY.md HO6). GET and DELETE have none. */
  input: I;
  /** Type only: what a 2xx answer holds. */
  output?: O;
}
const call =
  <O>() =>
  <const I extends z.ZodMiniType>(c: Call<I, O>): Call<I, O> =>
    c;

const none = z.strictObject({});
const id = z.string().check(z.minLength(1), z.maxLength(64));
const text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000));
/** A few words in one line. */
const word = z.string().check(z.trim(), z.minLength(1), z.maxLength(40), z.regex(/^\P{Cc}+$/u));
const optionalLine = (max: number) => z.optional(z.string().check(z.trim(), z.maxLength(max)));
const purpose = z.enum(purposes);
/** 256 random bits, base64url, made by the visitor's own frame; the hub keeps the SHA-256. */
const secret = z.string().check(z.regex(/^[\w-]{43}$/));

/** An error of the pairing poll is a state, not a problem: the panel waits. */
export type PairPoll =
  | { state: 'waiting' }
  | { state: 'refused' }
  | { state: 'paired'; token: string; expiresInSeconds: number; agent: string; brand: string };

/** What the panel shows first. `lastSeq` is where its stream goes on. */
export interface Queue {
  brand: { id: string; name: string; slug: string };
  /** `name` is what visitors read, as in an entry's `by`. */
  me: { name: string; role: string };
  rows: QueueRow[];
  lastSeq: number;
}

/** Every JSON call of the hub, once: routes, clients and the OpenAPI description derive from here. */
export const endpoints = {
  /**
   * First message: makes subject, values, conversation and entry in one commit. Optional fields may be left out.
   * `token` is made by the visitor's own frame (256 random bits, base64url) and opens this one conversation from then
   * on; the hub keeps its SHA-256. The same call again finds the same chat, since nobody else knows the token. `login`
   * is the `pick` of a sign-in: values that came by it and were not changed keep the provider as their source.
   */
  chatStart: call<{ conversation: string; entry: Entry }>()({
    method: 'POST',
    path: '/api/chat/start',
    caller: 'anyone',
    input: z.strictObject({
      brand: id,
      token: secret,
      clientId: id,
      text,
      name: optionalLine(120),
      email: optionalLine(254),
      phone: optionalLine(40),
      login: z.optional(secret),
    }),
  }),
  /** Starts a sign-in that fills in the form (R21): the code opens it in a new tab, as a form's body; once, ten minutes. */
  chatLogin: call<{ code: string; action: string }>()({
    method: 'POST',
    path: '/api/chat/login',
    caller: 'anyone',
    input: z.strictObject({ brand: id, integration: id, pick: secret }),
  }),
  /** Whether the visitor has picked yet; the values are given once. `own` names those the visitor changed. */
  chatLoginResult: call<
    | { state: 'waiting' }
    | { state: 'over' }
    | { state: 'here'; partner: string; sandbox: boolean; values: Partial<Record<Field, string>>; own: Field[] }
  >()({
    method: 'POST',
    path: '/api/chat/login/result',
    caller: 'anyone',
    input: z.strictObject({ pick: secret }),
  }),
  /** `signal`: the browser asks not to share, and that is honored (R23). */
  chatEntries: call<{
    brand: { name: string; slug: string };
    entries: Entry[];
    lastSeq: number;
    agent?: string;
    signal?: true;
  }>()({
    method: 'GET',
    path: '/api/chat/entries',
    caller: 'visitor',
    input: none,
  }),
  chatSend: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/chat/messages',
    caller: 'visitor',
    input: z.strictObject({ clientId: id, text }),
  }),
  /** Serves a question: records that its notice was shown and issues the nonce. `lang` is the page's (BCP 47). */
  chatQuestion: call<Question>()({
    method: 'POST',
    path: '/api/chat/question',
    caller: 'visitor',
    input: z.strictObject({ integration: id, purpose, lang: optionalLine(35) }),
  }),
  /**
   * One event for the whole screen. Fields left out count as Not now for that field; `later` answers nothing. With
   * `confirm` nothing is granted yet: it is the nonce of the second step, for the fields that were said yes to.
   */
  chatAnswer: call<{ entry: Entry; receipt?: string } | { confirm: string }>()({
    method: 'POST',
    path: '/api/chat/answer',
    caller: 'visitor',
    input: z.strictObject({
      nonce: z.string().check(z.maxLength(512)),
      answers: z.record(z.string().check(z.maxLength(40)), z.enum(['yes', 'no'])),
      later: z.optional(z.boolean()),
    }),
  }),
  /** A code for "My data": the widget POSTs it to the preference page in a new tab; once, two minutes. */
  chatMyData: call<{ code: string; action: string }>()({
    method: 'POST',
    path: '/api/chat/my-data',
    caller: 'visitor',
    input: none,
  }),
  /** The brand's signed claim for who is in this chat (R28); the same one again changes nothing. */
  chatIdentify: call<{ signedIn: true }>()({
    method: 'POST',
    path: '/api/chat/identify',
    caller: 'visitor',
    input: z.strictObject({ identity: z.string().check(z.minLength(1), z.maxLength(4096)) }),
  }),
  /** Ends this browser's part in the chat; what was said stays with who said it (GATE.md k.11). */
  chatSignOut: call<{ signedOut: true }>()({
    method: 'POST',
    path: '/api/chat/sign-out',
    caller: 'visitor',
    input: none,
  }),
  panelQueue: call<Queue>()({ method: 'GET', path: '/api/panel/queue', caller: 'agent', input: none }),
  panelConversation: call<ConversationView>()({
    method: 'GET',
    path: '/api/panel/conversations/:id',
    caller: 'agent',
    input: none,
  }),
  panelSend: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/messages',
    caller: 'agent',
    input: z.strictObject({ clientId: id, text }),
  }),
  /** A note on this chat, for agents only: no visitor and no partner ever gets it (R66). */
  panelNote: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/notes',
    caller: 'agent',
    input: z.strictObject({ clientId: id, text }),
  }),
  /** Adds a tag to this chat, or takes it away; `tags` is what it has then. Twice is as once, whatever the case (R66). */
  panelTag: call<{ tags: readonly string[] }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/tags',
    caller: 'agent',
    input: z.strictObject({ tag: word, on: z.boolean() }),
  }),
  /** The brand's canned replies, by name; they fill the composer and never send (R66, R72). */
  panelReplies: call<{ replies: CannedReply[] }>()({
    method: 'GET',
    path: '/api/panel/replies',
    caller: 'agent',
    input: none,
  }),
  panelAsk: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/ask',
    caller: 'agent',
    input: z.strictObject({ integration: id, purpose }),
  }),
  /** This person seems under age: all sharing stops at once (R27). Twice is as once. */
  panelUnderAge: call<{ flagged: true }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/under-age',
    caller: 'agent',
    input: none,
  }),
  /** An owner takes the flag away and says why; only in the console. */
  panelClearUnderAge: call<{ flagged: false }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/under-age/clear',
    caller: 'agent',
    input: z.strictObject({ reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(500)) }),
  }),
  /** Reads only: the decision the claim would make now. POST because ids and purpose travel in a body. */
  /** Writes down an answer given on the visitor's behalf (GATE.md k.17, k.18); owners and admins only (R68). */
  panelRecord: call<{ stopped: number; validUntil: string | null }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/recorded',
    caller: 'agent',
    input: z.strictObject({
      integration: id,
      purpose,
      by: z.enum(['guardian', 'authorised_agent', 'agent_attested']),
      answer: z.enum(['yes', 'no']),
      fields: z.array(z.enum(fieldNames as [Field, ...Field[]])).check(z.maxLength(40)),
      evidence: z.string().check(z.maxLength(500)),
    }),
  }),
  /** Takes back a merge of who is in this chat with somebody signed in (GATE.md k.10). */
  panelUnmerge: call<{ unmerged: true }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/unmerge',
    caller: 'agent',
    input: none,
  }),
  panelPreview: call<Preview>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/preview',
    caller: 'agent',
    input: z.strictObject({ integration: id, purpose }),
  }),
  /** Queues one share and answers at once; its outcome arrives in the stream as a `share` entry. */
  panelShare: call<{ share: string; entry: Entry }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/shares',
    caller: 'agent',
    input: z.strictObject({ clientId: id, integration: id, purpose }),
  }),
  /** Pairing, RFC 8628 in shape: codes live five minutes, work once, are stored hashed (SECURITY.md BA8). */
  pairStart: call<{ code: string; secret: string; address: string; expiresInSeconds: number; pollSeconds: number }>()({
    method: 'POST',
    path: '/api/pair/start',
    caller: 'anyone',
    input: z.strictObject({ browser: z.string().check(z.trim(), z.minLength(1), z.maxLength(60)) }),
  }),
  pairPoll: call<PairPoll>()({
    method: 'POST',
    path: '/api/pair/poll',
    caller: 'anyone',
    input: z.strictObject({ secret: z.string().check(z.maxLength(200)) }),
  }),
  /** Trades the token for a new one; an old token that was traded before ends the pairing. */
  pairRotate: call<{ token: string; expiresInSeconds: number }>()({
    method: 'POST',
    path: '/api/pair/rotate',
    caller: 'anyone',
    input: z.strictObject({ token: z.string().check(z.maxLength(200)) }),
  }),
  pairEnd: call<{ ended: true }>()({ method: 'POST', path: '/api/pair/end', caller: 'agent', input: none }),
} as const;

/** The name of a call. */
export type EndpointName = keyof typeof endpoints;
/** Body that a call takes. */
export type InputOf<N extends EndpointName> = z.infer<(typeof endpoints)[N]['input']>;
/** What a call answers with. */
export type OutputOf<N extends EndpointName> = NonNullable<(typeof endpoints)[N]['output']>;

/** The two live streams: SSE, `id:` is Entry.seq, `data:` one Entry as JSON; a `: beat` comment every 15 s. */
export const streams = { visitor: '/api/chat/stream', agent: '/api/panel/stream' } as const;
/** The stream also carries `event: gone` when the caller's right ended (role change, unpair), and then closes. */
export const goneEvent = 'gone';
/** `event: strip` tells that a consent strip or card changed; data `{ conversation }`, '' for all of the brand. It has no id and is not replayed. */
export const stripEvent = 'strip';
/** `event: notice` tells visitors that the notice changed: a question on the screen is drawn anew. It has no id and is not replayed. */
export const noticeEvent = 'notice';

import * as z from 'zod/mini';
import { call, fileHead, id, none, purpose, text, word } from './call.ts';
import type { CannedReply, ConversationView, Entry, Preview, QueueRow } from './chat.ts';
import type { FileLink } from './file.ts';
import { type Field, fieldNames } from './visitor.ts';

/** What the panel shows first. `lastSeq` is where its stream goes on. */
export interface Queue {
  brand: { id: string; name: string; slug: string };
  /** `name` is what visitors read, as in an entry's `by`. */
  me: { name: string; role: string };
  rows: QueueRow[];
  /** Files may be sent: the hub has a host of their own for them. */
  files?: true;
  lastSeq: number;
}

/** The calls of the agent's panel. */
export const agentCalls = {
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
  /** One file: `input` is the first line of the body, its bytes follow (contract/file.ts). */
  panelFile: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/files',
    caller: 'agent',
    input: fileHead,
  }),
  /** What opens a file of the brand's chats for a minute, on the files' own host. */
  panelFileLink: call<FileLink>()({
    method: 'POST',
    path: '/api/panel/files/:id/link',
    caller: 'agent',
    input: none,
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
  /** Reads only: the decision the claim would make now. POST because ids and purpose travel in a body. */
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
} as const;

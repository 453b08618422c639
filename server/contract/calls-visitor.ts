import * as z from 'zod/mini';
import { call, fileHead, id, lang, none, optionalLine, purpose, secret, text, upTo } from './call.ts';
import type { Entry, Question } from './chat.ts';
import type { FileLink, ShownFile } from './file.ts';
import type { Marks } from './visit.ts';
import { type Field, longestValue } from './visitor.ts';

/** A chat as its visitor may keep it. */
export interface Transcript {
  text: string;
  /** The address the visitor gave themselves. */
  to?: string;
  /** How many mailings of this chat are left (R60). */
  left: number;
  /** The person wrote a stop word: nothing is mailed to them before START (R45). */
  stopped?: boolean;
}

/** The calls of the visitor's frame. */
export const visitorCalls = {
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
      name: optionalLine(longestValue.name),
      email: optionalLine(longestValue.email),
      phone: optionalLine(longestValue.phone),
      login: z.optional(secret),
      /** The answer to the notice before recording; left out is a no (R63). */
      recorded: z.optional(z.boolean()),
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
    marks: Marks;
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
  /** The visitor writes just now: told on, never stored, and nothing of what is written (R62). */
  chatTyping: call<{ told: true }>()({ method: 'POST', path: '/api/chat/typing', caller: 'visitor', input: none }),
  /** Lines up to `n` stood on the visitor's screen; only ever raised (R62). */
  chatSeen: call<{ marks: Marks }>()({ method: 'POST', path: '/api/chat/seen', caller: 'visitor', input: upTo }),
  /** The page of the brand's site the visitor is on now: an `http` address without query and fragment (R67). */
  chatPage: call<{ kept: true }>()({
    method: 'POST',
    path: '/api/chat/page',
    caller: 'visitor',
    input: z.strictObject({
      address: z.string().check(z.minLength(1), z.maxLength(2048)),
      title: z.string().check(z.maxLength(300)),
    }),
  }),
  /** One file: `input` is the first line of the body, its bytes follow (contract/file.ts). */
  chatFile: call<{ entry: Entry }>()({ method: 'POST', path: '/api/chat/files', caller: 'visitor', input: fileHead }),
  /** What opens a file of this chat for a minute, on the files' own host. */
  chatFileLink: call<FileLink>()({
    method: 'POST',
    path: '/api/chat/files/:id/link',
    caller: 'visitor',
    input: none,
  }),
  /** A picture of this chat, small enough to be shown beside its name (R62); `not-found` for every other file. */
  chatFilePicture: call<ShownFile>()({
    method: 'GET',
    path: '/api/chat/files/:id/picture',
    caller: 'visitor',
    input: none,
  }),
  /** Serves a question: records that its notice was shown and issues the nonce. `lang` is the page's (BCP 47). */
  chatQuestion: call<Question>()({
    method: 'POST',
    path: '/api/chat/question',
    caller: 'visitor',
    input: z.strictObject({ integration: id, purpose, lang }),
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
  /** The visitor ends the chat; twice is as once. */
  chatEnd: call<{ ended: true }>()({ method: 'POST', path: '/api/chat/end', caller: 'visitor', input: none }),
  /** An answer to the question after the chat, once; numbers that must not be kept are taken out (R59, R52). */
  chatRate: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/chat/rating',
    caller: 'visitor',
    input: z.strictObject({
      score: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
      comment: z.string().check(z.trim(), z.maxLength(1000)),
    }),
  }),
  /** The transcript as it would be mailed (R60). */
  chatTranscript: call<Transcript>()({
    method: 'GET',
    path: '/api/chat/transcript',
    caller: 'visitor',
    input: z.strictObject({ lang }),
  }),
  /** Mails it to an address of the visitor's; the line says so. The same `clientId` again mails nothing more. */
  chatMail: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/chat/transcript',
    caller: 'visitor',
    input: z.strictObject({ clientId: id, to: z.string().check(z.trim(), z.minLength(1), z.maxLength(254)), lang }),
  }),
  /** Ends this browser's part in the chat; what was said stays with who said it (GATE.md k.11). */
  chatSignOut: call<{ signedOut: true }>()({
    method: 'POST',
    path: '/api/chat/sign-out',
    caller: 'visitor',
    input: none,
  }),
} as const;

import type * as z from 'zod/mini';
import { agentCalls } from './calls-agent.ts';
import { findCalls } from './calls-find.ts';
import { pairingCalls } from './calls-pairing.ts';
import { visitorCalls } from './calls-visitor.ts';

/** Every JSON call of the hub, once: routes, clients and the OpenAPI description derive from here. */
export const endpoints = { ...visitorCalls, ...agentCalls, ...findCalls, ...pairingCalls } as const;

/** The name of a call. */
export type EndpointName = keyof typeof endpoints;
/** Body that a call takes. */
export type InputOf<N extends EndpointName> = z.infer<(typeof endpoints)[N]['input']>;
/** What a call answers with. */
export type OutputOf<N extends EndpointName> = NonNullable<(typeof endpoints)[N]['output']>;

/** The two live streams: SSE, `id:` is Entry.seq, `data:` one Entry as JSON; a `: beat` comment every 15 s. */
export const streams = { visitor: '/api/chat/stream', agent: '/api/panel/stream' } as const;
/**
 * The stream also carries `event: gone` when the caller's right ended (role change, unpair), and then closes. It closes
 * without it where one brand of several came, went or changed: the reader comes again for what is theirs now (R64).
 */
export const goneEvent = 'gone';
/** `event: strip` tells that a consent strip or card changed; data `{ conversation }`, '' for all of the brand. It has no id and is not replayed. */
export const stripEvent = 'strip';
/** `event: notice` tells visitors that the notice changed: a question on the screen is drawn anew. It has no id and is not replayed. */
export const noticeEvent = 'notice';
/** `event: layout` tells an agent's own windows that they arranged their cards in one of them. It has no id and is not replayed. */
export const layoutEvent = 'layout';
/** `event: typing` tells the other side that somebody writes (contract/visit.ts). It has no id and is not replayed. */
export const typingEvent = 'typing';
/** `event: marks` tells how far a chat is read (contract/visit.ts). It has no id; what was missed is in the next answer. */
export const marksEvent = 'marks';

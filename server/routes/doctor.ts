import { timingSafeEqual } from 'node:crypto';
import { BlockList } from 'node:net';
import { Hono } from 'hono';
import { problem } from '#contract/problem.ts';
import { mac } from '../store/seal.ts';
import { clientAddress, type Env } from './callers.ts';
import type { HubDeps } from './deps.ts';

/** How a request reached the hub, for the operator's own command alone: it names machines inside (SECURITY.md HO4). */
export interface Arrival {
  /** Address of whoever opened the connection: the client, or a proxy. */
  peer: string;
  /** The hub takes this peer's word for who the client is. */
  trusted: boolean;
  /** An X-Forwarded-For came along. */
  forwarded: boolean;
  /** The client as the hub resolved it; `unknown` where no hop can be told. */
  client: string;
}

/** Where the command asks. */
export const doctorPath = '/api/doctor';
/** The header of its proof. */
export const doctorHeader = 'x-askfirst-doctor';
/** How far the times of the two may be apart, milliseconds: our guess, wide enough for a clock that is to be found wrong. */
const apartMs = 60 * 60_000;

/** Proves that whoever asks holds the hub's key, without sending it: good for an hour. `now` is milliseconds since 1970. */
export const doctorProof = (key: Buffer, now: number): string => `${now}.${mac(key, `doctor|${now}`)}`;

function isProof(key: Buffer, text: string, now: number): boolean {
  const at = Number(text.split('.')[0]);
  if (!Number.isSafeInteger(at) || Math.abs(now - at) > apartMs) return false;
  const [given, right] = [Buffer.from(text), Buffer.from(doctorProof(key, at))];
  return given.length === right.length && timingSafeEqual(given, right);
}

/** Answers `npm run doctor` how its own request arrived; whoever has no proof gets what is nowhere. */
export function doctorRoutes(d: Pick<HubDeps, 'doctorKey' | 'now'>): Hono<Env> {
  const app = new Hono<Env>();
  app.get(doctorPath, (c) => {
    if (!isProof(d.doctorKey, c.req.header(doctorHeader) ?? '', d.now().getTime())) problem('not-found');
    const peer = c.env?.incoming?.socket?.remoteAddress ?? '';
    const client = c.get('client');
    return c.json({
      peer: peer.replace(/^::ffff:/, ''),
      trusted: client !== clientAddress(peer, undefined, new BlockList()),
      forwarded: c.req.header('x-forwarded-for') !== undefined,
      client,
    } satisfies Arrival);
  });
  return app;
}

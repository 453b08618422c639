import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { SignedPart, WebhookFacts, WebhookSignature } from '#sdk';

/** A call as it arrived: the body is its raw bytes, the address is our own one and not what the caller says it is. */
export interface HookRequest {
  method: string;
  url: string;
  headers: { get(name: string): string | null };
  body: Buffer;
}

/** `stale`: signed by who knows the secret, too long ago or ahead. `unsigned`: everything else that is not right. */
export type Checked = 'ok' | 'unsigned' | 'stale';

/** How far the time of sending may lie before or after now, milliseconds; HubSpot's SDK lets any future pass, we do not. */
const windowMs = 5 * 60_000;
/** Longest header that is read, bytes, and most signatures in it (SECURITY.md WH2). */
const most = { header: 4_096, signatures: 5 } as const;

/** The user name of credentials that we chose. */
export const basicUser = 'askfirst';

/** A TypeError for a declaration that would prove nothing: an unsigned body or time, or an address nobody owns. */
export function assertSound({ signature: s, address, account, id, list }: WebhookFacts): void {
  const no = (why: string): never => {
    throw new TypeError(`a webhook that proves nothing: ${why}`);
  };
  if (s.kind === 'hmac') {
    if (!s.over.includes('body') && !s.over.includes('form')) no('its body is not signed');
    if (s.over.includes('timestamp') !== (s.timestamp !== undefined)) no('its time is not signed, or not told');
  }
  if (address === 'app' && account === undefined) no('nobody can tell whose event it is');
  if ((s.kind === 'standard') !== (id.length === 0)) no('its events have no id');
  if (s.kind === 'standard' && list) no('one id stands for many events');
}

/** True when a signed time bounds how long a call can be repeated; without one its id is all there is (WH1). */
export const isTimed = (s: WebhookSignature): boolean => s.kind === 'standard' || (s.kind === 'hmac' && !!s.timestamp);

/** Equal in constant time; a length says nothing that the way of signing does not. */
function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
/** The same for secrets themselves, whose length is nobody's business. */
const sameSecret = (a: string, b: string) => same(hashOf(a), hashOf(b));
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

const header = (request: HookRequest, name: string): string | undefined => {
  const value = request.headers.get(name) ?? undefined;
  return value !== undefined && Buffer.byteLength(value) <= most.header ? value : undefined;
};

/** Every field of a form by name, name and value joined without anything between. */
const sortedForm = (body: Buffer) =>
  [...new URLSearchParams(body.toString())]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => name + value)
    .join('');

function bytesOf(part: SignedPart, request: HookRequest, stamp: string): string | Buffer {
  if (part === 'body') return request.body;
  if (part === 'form') return sortedForm(request.body);
  if (part === 'timestamp') return stamp;
  return typeof part === 'object' ? part.text : request[part];
}

/** Milliseconds of a header that holds a whole number and nothing else. */
function timeIn(text: string | undefined, unit: 'seconds' | 'milliseconds'): number | undefined {
  if (!text || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text) * (unit === 'seconds' ? 1_000 : 1);
}
const inTime = (sentMs: number, nowMs: number): Checked => (Math.abs(nowMs - sentMs) > windowMs ? 'stale' : 'ok');
/** Every secret is tried, so that the time says nothing about which one fits. */
const anyOf = (secrets: readonly string[], fits: (secret: string) => boolean) => secrets.filter(fits).length > 0;

function checkHmac(
  s: Extract<WebhookSignature, { kind: 'hmac' }>,
  request: HookRequest,
  secrets: readonly string[],
  nowMs: number,
): Checked {
  const given = header(request, s.header);
  const stamp = s.timestamp && header(request, s.timestamp.header);
  const sent = s.timestamp && timeIn(stamp, s.timestamp.unit);
  if (!given || (s.timestamp && sent === undefined)) return 'unsigned';
  const fits = anyOf(secrets, (secret) => {
    const mac = createHmac(s.hash, secret);
    for (const part of s.over) mac.update(bytesOf(part, request, stamp ?? ''));
    return same(given, (s.prefix ?? '') + mac.digest(s.encoding));
  });
  if (!fits) return 'unsigned';
  return sent === undefined ? 'ok' : inTime(sent, nowMs);
}

/** Standard Webhooks: the package makes the signature, we compare; its own check reads the machine's clock (WH1, WH2). */
function checkStandard(request: HookRequest, secrets: readonly string[], nowMs: number): Checked {
  const id = header(request, 'webhook-id');
  const sent = timeIn(header(request, 'webhook-timestamp'), 'seconds');
  const given = header(request, 'webhook-signature')?.split(' ') ?? [];
  if (!id || sent === undefined || given.length > most.signatures) return 'unsigned';
  const fits = anyOf(secrets, (secret) => {
    const expected = new Webhook(secret).sign(id, new Date(sent), request.body);
    return anyOf(given, (one) => same(one, expected));
  });
  return fits ? inTime(sent, nowMs) : 'unsigned';
}

/**
 * Whether a call is the partner's own: over the raw bytes, in constant time, header at most 4 kB with at most 5
 * signatures, sent within 5 minutes of `nowMs` (R11, SECURITY.md WH1-WH3). Any of `secrets` fits, so that two count
 * during a rotation. `member` reads one member of the parsed body, for a secret that stands in it.
 */
export function checkSignature(
  s: WebhookSignature,
  request: HookRequest,
  { secrets, nowMs, member }: { secrets: readonly string[]; nowMs: number; member: (name: string) => unknown },
): Checked {
  if (s.kind === 'hmac') return checkHmac(s, request, secrets, nowMs);
  if (s.kind === 'standard') return checkStandard(request, secrets, nowMs);
  const given = s.kind === 'token' ? member(s.member) : header(request, 'authorization');
  if (typeof given !== 'string') return 'unsigned';
  const basic = (secret: string) => `Basic ${Buffer.from(`${basicUser}:${secret}`).toString('base64')}`;
  return anyOf(secrets, (secret) => sameSecret(given, s.kind === 'token' ? secret : basic(secret))) ? 'ok' : 'unsigned';
}

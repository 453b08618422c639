import { createHmac, randomBytes } from 'node:crypto';
import { Signature } from '@hubspot/api-client';
import { sign as signOctokit, verify as verifyOctokit } from '@octokit/webhooks-methods';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import type { WebhookFacts, WebhookSignature } from '#sdk';
import { facts as hubspot } from '../../../integrations/hubspot/facts.ts';
import { assertSound, checkSignature } from '../../../server/egress/signature.ts';

const now = Date.parse('2026-11-22T14:00:00Z');
const secret = 'a-secret-of-this-test';
const url = 'https://hub.example.org/hooks/x';
const text = '[{"eventId":1,"note":"Grüße, 日本 🚗","n":1.0}]';
const v3 = hubspot.webhook?.signature as WebhookSignature;

type Headers = Record<string, string>;
const check = (
  s: WebhookSignature,
  headers: Headers,
  {
    body = text,
    secrets = [secret],
    nowMs = now,
    at = url,
  }: { body?: string | Buffer; secrets?: string[]; nowMs?: number; at?: string } = {},
) =>
  checkSignature(
    s,
    { method: 'POST', url: at, headers: new Headers(headers), body: Buffer.from(body as string) },
    { secrets, nowMs, member: (name) => (JSON.parse(String(body)) as Record<string, unknown>)[name] },
  );

/** HMAC as the partner's documents construct it, computed here and not by the code under test. */
const hmac = (hash: string, encoding: 'hex' | 'base64', over: string, key = secret) =>
  createHmac(hash, key).update(Buffer.from(over)).digest(encoding);

interface Kind {
  s: WebhookSignature;
  /** The headers an honest partner sends at `ms`. */
  honest(body: string, ms: number, key?: string): Headers;
  body?: string;
}
const kinds: Record<string, Kind> = {
  'HubSpot v3: base64 over method, address, body and time': {
    s: v3,
    honest: (body, ms, key) => ({
      'x-hubspot-signature-v3': hmac('sha256', 'base64', `POST${url}${body}${ms}`, key),
      'x-hubspot-request-timestamp': String(ms),
    }),
  },
  'GitHub: prefixed hex over the body': {
    s: {
      kind: 'hmac',
      hash: 'sha256',
      encoding: 'hex',
      header: 'x-hub-signature-256',
      prefix: 'sha256=',
      over: ['body'],
    },
    honest: (body, _, key) => ({ 'x-hub-signature-256': `sha256=${hmac('sha256', 'hex', body, key)}` }),
  },
  'Intercom: prefixed hex over the body, SHA-1': {
    s: { kind: 'hmac', hash: 'sha1', encoding: 'hex', header: 'x-hub-signature', prefix: 'sha1=', over: ['body'] },
    honest: (body, _, key) => ({ 'x-hub-signature': `sha1=${hmac('sha1', 'hex', body, key)}` }),
  },
  'Shopify: base64 over the body': {
    s: { kind: 'hmac', hash: 'sha256', encoding: 'base64', header: 'x-shopify-hmac-sha256', over: ['body'] },
    honest: (body, _, key) => ({ 'x-shopify-hmac-sha256': hmac('sha256', 'base64', body, key) }),
  },
  'Slack: v0, time and body': {
    s: {
      kind: 'hmac',
      hash: 'sha256',
      encoding: 'hex',
      header: 'x-slack-signature',
      prefix: 'v0=',
      over: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
      timestamp: { header: 'x-slack-request-timestamp', unit: 'seconds' },
    },
    honest: (body, ms, key) => ({
      'x-slack-signature': `v0=${hmac('sha256', 'hex', `v0:${ms / 1000}:${body}`, key)}`,
      'x-slack-request-timestamp': String(ms / 1000),
    }),
  },
  'Zendesk: base64 over time and body': {
    s: {
      kind: 'hmac',
      hash: 'sha256',
      encoding: 'base64',
      header: 'x-zendesk-webhook-signature',
      over: ['timestamp', 'body'],
      timestamp: { header: 'x-zendesk-webhook-signature-timestamp', unit: 'seconds' },
    },
    honest: (body, ms, key) => ({
      'x-zendesk-webhook-signature': hmac('sha256', 'base64', `${ms / 1000}${body}`, key),
      'x-zendesk-webhook-signature-timestamp': String(ms / 1000),
    }),
  },
  'Twilio: base64 SHA-1 over address and sorted fields': {
    s: { kind: 'hmac', hash: 'sha1', encoding: 'base64', header: 'x-twilio-signature', over: ['url', 'form'] },
    body: 'To=%2B4512345678&Body=Hej+du&AccountSid=AC1',
    honest: (body, _, key) => {
      const fields = new URLSearchParams(body);
      const sorted = [...fields.keys()].sort().map((name) => name + fields.get(name));
      return { 'x-twilio-signature': hmac('sha1', 'base64', url + sorted.join(''), key) };
    },
  },
  'credentials that we chose': {
    s: { kind: 'basic' },
    honest: (_, __, key = secret) => ({ authorization: `Basic ${btoa(`askfirst:${key}`)}` }),
  },
};
const signing = Object.entries(kinds).filter(([, { s }]) => s.kind === 'hmac');
const timed = signing.filter(([, { s }]) => 'timestamp' in s);

describe.each(Object.entries(kinds))('R11 %s', (_, { s, honest, body = text }) => {
  test('sec-H13 what the partner signed is taken, with either of two secrets', () => {
    expect(check(s, honest(body, now), { body })).toBe('ok');
    for (const secrets of [
      [secret, 'new'],
      ['new', secret],
    ])
      expect(check(s, honest(body, now), { body, secrets })).toBe('ok');
  });

  test('sec-H13 none, another secret, no secret at all, a cut or longer signature: refused', () => {
    const right = honest(body, now);
    const [name = '', value = ''] = Object.entries(right)[0] ?? [];
    expect(check(s, {}, { body })).toBe('unsigned');
    expect(check(s, honest(body, now, 'another'), { body })).toBe('unsigned');
    expect(check(s, right, { body, secrets: [] })).toBe('unsigned');
    for (const spoilt of ['', value.slice(0, -1), `${value}=`, `${value}, ${value}`, value.toUpperCase(), ` x${value}`])
      if (spoilt !== value) expect(check(s, { ...right, [name]: spoilt }, { body })).toBe('unsigned');
    expect(check(s, { ...right, [name]: value + 'x'.repeat(5_000) }, { body })).toBe('unsigned');
  });
});

test.each(signing)('R11 sec-H13 WH3 %s: one other byte in the body is refused', (_, { s, honest, body = text }) => {
  const right = honest(body, now);
  fc.assert(
    fc.property(fc.nat(Buffer.byteLength(body) - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ by;
      // a form reads two spellings of one field alike, and that is what was signed
      if (s.kind === 'hmac' && s.over.includes('form')) {
        const fields = (b: string) => JSON.stringify([...new URLSearchParams(b)].sort());
        if (fields(changed.toString()) === fields(body)) return;
      }
      expect(check(s, right, { body: changed })).toBe('unsigned');
    }),
    { numRuns: 60 },
  );
});

describe('R11 the time of sending', () => {
  test.each(timed)('sec-H13 %s: five minutes either way, and not a moment more', (_, { s, honest }) => {
    for (const off of [0, -300_000, 300_000]) expect(check(s, honest(text, now + off))).toBe('ok');
    for (const off of [-301_000, 301_000, -86_400_000, 86_400_000])
      expect(check(s, honest(text, now + off))).toBe('stale');
  });

  test.each(timed)(
    'sec-H13 %s: another time than the signed one, or no plain number, is unsigned',
    (_, { s, honest }) => {
      if (s.kind !== 'hmac' || !s.timestamp) return;
      const { header } = s.timestamp;
      const right = honest(text, now);
      const { [header]: stamp = '', ...without } = right;
      expect(check(s, without)).toBe('unsigned');
      for (const other of ['', `${Number(stamp) + 1}`, `${stamp}.0`, ` ${stamp}x`, `0x${stamp}`, '-1', 'NaN', '1e15'])
        expect(check(s, { ...right, [header]: other })).toBe('unsigned');
    },
  );

  test('HubSpot’s own SDK takes a future time; we do not', () => {
    const timestamp = Date.now() + 86_400_000;
    const options = { clientSecret: secret, requestBody: text, url, timestamp, signature: '' };
    const signature = Signature.getSignature('POST', 'v3', options);
    expect(Signature.isValid({ ...options, signature, signatureVersion: 'v3', method: 'POST' })).toBe(true);
    const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(timestamp) };
    expect(check(v3, headers, { nowMs: Date.now() })).toBe('stale');
  });
});

describe('R11 the vendors’ own SDKs agree', () => {
  test('HubSpot signs, we accept; we would sign what HubSpot accepts; re-serialised JSON is refused', () => {
    const timestamp = Date.now();
    const options = { clientSecret: secret, requestBody: text, url, timestamp, signature: '' };
    const theirs = Signature.getSignature('POST', 'v3', options);
    const headers = { 'x-hubspot-signature-v3': theirs, 'x-hubspot-request-timestamp': String(timestamp) };
    expect(check(v3, headers, { nowMs: timestamp })).toBe('ok');
    expect(check(v3, headers, { nowMs: timestamp, at: `${url}?x` })).toBe('unsigned');
    expect(check(v3, headers, { nowMs: timestamp, body: JSON.stringify(JSON.parse(text)) })).toBe('unsigned');
    const ours = hmac('sha256', 'base64', `POST${url}${text}${timestamp}`);
    expect(Signature.isValid({ ...options, signature: ours, signatureVersion: 'v3', method: 'POST' })).toBe(true);
    expect(Signature.isValid({ ...options, requestBody: '[]', signature: ours, signatureVersion: 'v3' })).toBe(false);
  });

  test('GitHub’s: both ways', async () => {
    const { s } = kinds['GitHub: prefixed hex over the body'] as Kind;
    expect(check(s, { 'x-hub-signature-256': await signOctokit(secret, text) })).toBe('ok');
    expect(check(s, { 'x-hub-signature-256': await signOctokit(secret, `${text} `) })).toBe('unsigned');
    expect(await verifyOctokit(secret, text, `sha256=${hmac('sha256', 'hex', text)}`)).toBe(true);
  });

  test('Standard Webhooks: their signature at our clock, two secrets, at most five signatures, none of another id', () => {
    const s = { kind: 'standard' } as const;
    const key = `whsec_${randomBytes(32).toString('base64')}`;
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    const signed = (id: string, ms: number) => new Webhook(key).sign(id, new Date(ms), text);
    const headers = (signature: string, ms = now, id = 'msg_1') => ({
      'webhook-id': id,
      'webhook-timestamp': String(ms / 1000),
      'webhook-signature': signature,
    });
    const right = signed('msg_1', now);
    expect(check(s, headers(right), { secrets: [other, key] })).toBe('ok');
    expect(check(s, headers(`v1,AAAA v2,x ${right}`), { secrets: [key] })).toBe('ok');
    expect(check(s, headers(`${'v1,AAAA '.repeat(4)}${right}`), { secrets: [key] })).toBe('ok');
    expect(check(s, headers(`${'v1,AAAA '.repeat(5)}${right}`), { secrets: [key] })).toBe('unsigned');
    expect(check(s, headers(`${'v1,AAAA '.repeat(9_999)}${right}`), { secrets: [key] })).toBe('unsigned');
    expect(check(s, headers(`${right} v2,${'A'.repeat(4_096)}`), { secrets: [key] })).toBe('unsigned'); // over 4 kB
    expect(check(s, headers(right), { secrets: [other] })).toBe('unsigned');
    expect(check(s, headers(right, now, 'msg_2'), { secrets: [key] })).toBe('unsigned');
    expect(check(s, headers(right, now + 1_000), { secrets: [key] })).toBe('unsigned');
    expect(check(s, headers(right), { secrets: [key], body: `${text} ` })).toBe('unsigned');
    for (const off of [-301_000, 301_000])
      expect(check(s, headers(signed('msg_1', now + off), now + off), { secrets: [key] })).toBe('stale');
    const fresh = Math.floor(Date.now() / 1000) * 1000;
    expect(new Webhook(key).verify(text, headers(signed('msg_1', fresh), fresh))).toEqual(JSON.parse(text));
  });
});

test('R11 a secret in the body: its member, as text, and nothing that only looks like it', () => {
  const s = { kind: 'token', member: 'token' } as const;
  const sent = (token: unknown) => check(s, {}, { body: JSON.stringify({ token }) });
  expect(sent(secret)).toBe('ok');
  for (const wrong of ['', `${secret}x`, [secret], { $ne: '' }, null, undefined, 7, true])
    expect(sent(wrong)).toBe('unsigned');
});

describe('R11 facts that would prove nothing are refused at start', () => {
  const sound: WebhookFacts = { ...(hubspot.webhook as WebhookFacts) };
  const over = (parts: Extract<WebhookSignature, { kind: 'hmac' }>['over']) =>
    ({ ...v3, over: parts }) as WebhookSignature;
  test.each<[string, Partial<WebhookFacts>]>([
    ['an unsigned body', { signature: over(['method', 'url', 'timestamp']) }],
    ['a time that is not signed', { signature: over(['body']) }],
    ['an address of all accounts and no account', { account: undefined as never }],
    ['events without an id', { id: [] }],
    ['one id for a list', { signature: { kind: 'standard' }, id: [], list: true }],
  ])('%s', (_, change) => {
    expect(() => assertSound(sound)).not.toThrow();
    expect(() => assertSound({ ...sound, ...change })).toThrow(TypeError);
  });
});

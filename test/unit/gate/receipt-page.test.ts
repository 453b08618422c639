import { webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkReceipt } from '../../../server/commands/receipt.ts';
import { privateKeyOf, rawPublicKey } from '../../../server/gate/keys.ts';
import { issueReceipt } from '../../../server/gate/receipt.ts';
import { checkText } from '../../../server/web/verify/check.ts';
import { body, signingKey, tlogOf } from './receipt-fixture.ts';

const here = webcrypto as unknown as Crypto;
const jws = issueReceipt(body, signingKey);
const key = rawPublicKey(signingKey).toString('base64url');
const other = rawPublicKey(privateKeyOf(Buffer.alloc(32, 2))).toString('base64url');

/** What `npm run receipt` says first of the same bytes. */
function command(file: string, pinned = key): string {
  const lines: string[] = [];
  checkReceipt(['r.jws', '--key', pinned], { read: () => file, print: (line) => lines.push(line), keyFile: '' });
  return lines[0] ?? '';
}

describe('the page that checks receipts, R29', () => {
  it('R29 says who may get what, what for and where it stands', async () => {
    const { ok, words, facts } = await checkText(`${jws}\n`, key, here);
    expect([ok, words]).toEqual([true, 'This receipt is genuine.']);
    expect(Object.fromEntries(facts.map(([name, line]) => [name, line]))).toMatchObject({
      Answer: 'Yes, at 2026-11-22T10:00:30.000Z (UTC)',
      'May get it': 'Acme CRM, Inc., 1 Example Street, Springfield',
      What: 'e-mail and name',
      'What for': 'keeping your customer record',
      Ledger: 'row 3 of the 6 rows signed as hub.example/ledger',
    });
  });

  it('R29 GATE-37 says of any changed receipt what the command says, by WebCrypto as by Node', async () => {
    const change = fc.tuple(fc.nat(jws.length - 1), fc.nat(6));
    const forged = { ...body, tlog: body.tlog.replace('index 3', 'index 2') };
    const other = { ...body.row, minute: '2026-11-22T10:00:00Z' };
    const files = [
      jws,
      issueReceipt(forged, signingKey),
      issueReceipt({ ...body, row: other }, signingKey),
      issueReceipt({ ...body, tlog: tlogOf().replace('hub.example', 'bub.example') }, signingKey),
      issueReceipt({ ...body, tlog: { pending: { index: 3, seconds: 1 } } }, signingKey),
    ];
    const said = await Promise.all(files.map(async (file) => (await checkText(file, key, here)).words));
    expect(said).toEqual(files.map((file) => command(file)));
    expect(new Set(said).size).toBe(4); // one genuine, and three reasons why not
    await fc.assert(
      fc.asyncProperty(change, async ([at, bit]) => {
        const file = jws.slice(0, at) + String.fromCharCode(jws.charCodeAt(at) ^ (1 << bit)) + jws.slice(at + 1);
        const page = await checkText(file, key, here);
        expect(page).toEqual({ ok: false, words: command(file), facts: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('R29 refuses what is no receipt or no key in whole sentences', async () => {
    for (const file of ['', 'a.b', `${jws} `, `${jws}\n\n`, 'A'.repeat(10_000_000)])
      expect(await checkText(file, key, here)).toEqual({ ok: false, words: command(file), facts: [] });
    expect((await checkText(jws, other, here)).words).toBe(command(jws, other));
    expect((await checkText(jws, ' ', here)).words).toMatch(/^The hub’s public key is missing/);
    for (const bad of [
      'AAAA',
      `${key}A`,
      `${key.slice(0, -1)}!`,
      '{',
      '{"keys":[]}',
      '{"keys":[{"x":5}]}',
      '{"keys":5}',
    ])
      expect((await checkText(jws, bad, here)).words).toMatch(/^This (is not a public key|file does not hold).*\.$/);
  });

  it('R29 takes the key file and the hub’s key list', async () => {
    const keys = JSON.stringify({ origin: 'hub.example/ledger', keys: [{ kty: 'OKP', crv: 'Ed25519', x: key }] });
    for (const text of [`${key}\n`, keys, `${other}\n${key}`]) expect((await checkText(jws, text, here)).ok).toBe(true);
  });

  it('R29 never says genuine, nor false, where the browser lacks Ed25519', async () => {
    const lacking = { subtle: { importKey: () => Promise.reject(new DOMException('no', 'NotSupportedError')) } };
    for (const from of [undefined, {} as Crypto, lacking as unknown as Crypto])
      expect(await checkText(jws, key, from)).toMatchObject({
        ok: false,
        words: expect.stringContaining('Nothing is known of the receipt'),
      });
  });
});

import { describe, expect, it } from 'vitest';
import { checkReceipt } from '../../../server/commands/receipt.ts';
import { privateKeyOf, rawPublicKey } from '../../../server/gate/keys.ts';
import { issueReceipt } from '../../../server/gate/receipt.ts';
import { receiptRecord } from '../../../server/gate/record.ts';
import { body, input, origin, row, signingKey, tlogOf } from './receipt-fixture.ts';

const jws = issueReceipt(body, signingKey);
const key = rawPublicKey(signingKey).toString('base64url');

/** Runs the command over files in memory; the pinned key is in `data/receipt-key.pub` unless a test takes it away. */
function run(
  argv: string[],
  files: Record<string, string> = { 'ada.jws': `${jws}\n`, 'data/receipt-key.pub': `${key}\n` },
) {
  const lines: string[] = [];
  const code = checkReceipt(argv, {
    read: (path) =>
      files[path] ??
      (() => {
        throw new Error('no such file');
      })(),
    print: (line) => lines.push(line),
    keyFile: 'data/receipt-key.pub',
  });
  return { code, text: lines.join('\n') };
}

describe('npm run receipt, R29', () => {
  it('R29 says in plain words who may get what, when, and where it stands', () => {
    expect(run(['ada.jws'])).toEqual({
      code: 0,
      text: [
        'This receipt is genuine.',
        'Answer:     Yes, at 2026-11-22T10:00:30.000Z (UTC)',
        'May get it: Acme CRM, Inc., 1 Example Street, Springfield',
        'What:       e-mail and name',
        'What for:   CustomerRelationshipManagement',
        '            email: to find or create your contact record',
        '            name: to greet you by name',
        'Asked by:   Harbor Motors ApS, Nordre Kaj 4, 8000 Aarhus',
        'Valid:      Until it is taken back.',
        'Take back:  https://hub.example/privacy/harbor',
        'Ledger:     row 3 of the 6 rows signed as hub.example/ledger',
      ].join('\n'),
    });
  });

  it('R29 takes the key and the ledger by hand', () => {
    const files = { 'ada.jws': jws };
    expect(run(['ada.jws', '--key', key, '--origin', origin], files).code).toBe(0);
    expect(run(['--key', key, 'ada.jws'], files).code).toBe(0);
    expect(run(['ada.jws', '--key', key, '--origin', 'other.example'], files)).toEqual({
      code: 1,
      text: 'This receipt is not valid: the checkpoint is of another ledger.',
    });
  });

  it('R29 R33 takes the hub’s list of keys, and a key file with several lines', () => {
    const newer = rawPublicKey(privateKeyOf(Buffer.alloc(32, 2))).toString('base64url');
    const list = JSON.stringify({ origin, keys: [newer, key].map((x) => ({ kty: 'OKP', crv: 'Ed25519', x })) });
    expect(run(['ada.jws', '--keys', 'list'], { 'ada.jws': jws, list }).code).toBe(0);
    expect(run(['ada.jws'], { 'ada.jws': jws, 'data/receipt-key.pub': `${newer}\n${key}\n` }).code).toBe(0);
    for (const bad of ['{"keys":[]}', '{', '{"keys":[null]}', ''])
      expect(run(['ada.jws', '--keys', 'list'], { 'ada.jws': jws, list: bad }).text).toMatch(
        /^This is not a public key/,
      );
  });

  it('R29 tells a no from a yes', () => {
    const no = { ...row, event: 'refused' as const };
    const record = receiptRecord({ ...input, answer: { ...input.answer, type: 'refused' } });
    const refusal = issueReceipt({ record, row: no, tlog: tlogOf(no) }, signingKey);
    const { code, text } = run(['no.jws', '--key', key], { 'no.jws': refusal });
    expect(code).toBe(0);
    expect(text).toContain('Answer:     No,');
    expect(text).toContain('May not:    Acme CRM, Inc.');
    expect(text).not.toContain('May get it');
  });

  it('GATE-37 one character changed fails with the reason and exit code 1', () => {
    const at = Math.floor(jws.length / 2);
    const changed = jws.slice(0, at) + (jws[at] === 'A' ? 'B' : 'A') + jws.slice(at + 1);
    expect(run(['ada.jws', '--key', key], { 'ada.jws': changed })).toEqual({
      code: 1,
      text: 'This receipt is not valid: the signature does not fit.',
    });
  });

  it('fails in plain words for another key, a bad key, no key, no file, another file and wrong arguments', () => {
    const other = rawPublicKey(privateKeyOf(Buffer.alloc(32, 2))).toString('base64url');
    const cases: [string[], Record<string, string>, string][] = [
      [
        ['ada.jws', '--key', other],
        { 'ada.jws': jws },
        'This receipt is not valid: the receipt was signed with another key.',
      ],
      [['ada.jws', '--key', 'AAAA'], { 'ada.jws': jws }, 'This is not a public key: a public key has 32 bytes.'],
      [
        ['ada.jws'],
        { 'ada.jws': jws },
        'The hub’s public key (or give one with --key) cannot be read: data/receipt-key.pub',
      ],
      [['gone.jws', '--key', key], {}, 'The receipt cannot be read: gone.jws'],
    ];
    for (const [argv, files, text] of cases) expect(run(argv, files)).toEqual({ code: 1, text });
    for (const text of ['{"receipt":"x"}', '', `${jws}\n\n`, ` ${jws}`, `${jws} `, 'a.b', '\u00ff'])
      expect(run(['ada.jws', '--key', key], { 'ada.jws': text }).text).toContain('This file is not a receipt.');
    for (const argv of [[], ['a', 'b'], ['--key'], ['a', '--key', 'x', '--key', 'y'], ['--help']])
      expect(run(argv)).toMatchObject({ code: 1, text: expect.stringContaining('npm run receipt -- <file>') });
  });
});

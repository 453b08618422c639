import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Problem } from '#contract/problem.ts';
import { toBase64 } from '../../../server/gate/encoding.ts';
import { privateKeyOf, publicKeyOf, rawPublicKey, thumbprint } from '../../../server/gate/keys.ts';
import { inclusionProof, leafHash, root } from '../../../server/gate/merkle.ts';
import { openCheckpoint, signCheckpoint, tlogProof, verifyTlogProof } from '../../../server/gate/note.ts';
import { parseTlogProof } from '../../../server/gate/proving.ts';
import { growTree } from './tree.ts';

const origin = 'hub.example/ledger';
const key = privateKeyOf(Buffer.alloc(32, 1));
const publicKey = publicKeyOf(rawPublicKey(key));
const other = privateKeyOf(Buffer.alloc(32, 2));
const rows = ['a', 'b', 'c', 'd', 'e'].map((row) => Buffer.from(row));
const tree = growTree(rows);
const checkpoint = signCheckpoint({ origin, size: 5, root: root(5, tree) }, key);
const text = tlogProof({ index: 2, proof: inclusionProof(2, 5, tree), checkpoint });
const leaf = leafHash('c');

describe('signed checkpoints, c2sp.org/signed-note and tlog-checkpoint', () => {
  it('gives back what was signed', () => {
    expect(openCheckpoint(checkpoint, publicKey, origin)).toEqual({
      origin,
      size: 5,
      root: new Uint8Array(root(5, tree)),
    });
  });

  it('signs the body with its newline, so that any other reader of the format can check it', () => {
    const [body, line] = checkpoint.split('\n\n') as [string, string];
    const seal = Buffer.from(line.trim().split(' ')[2] as string, 'base64').subarray(4);
    expect(verify(null, Buffer.from(`${body}\n`), publicKey, seal)).toBe(true);
  });

  it('refuses another key, another origin, a changed size or root, and a text of another form', () => {
    const bad = [
      checkpoint.replace('\n5\n', '\n6\n'),
      checkpoint.replace('\n5\n', '\n05\n'),
      checkpoint.replace(toBase64(root(5, tree)), toBase64(root(4, tree))),
      checkpoint.replace('— ', '- '),
      checkpoint.slice(0, -1),
      `${checkpoint}\n`,
      checkpoint.replace('\n\n', '\n'),
      checkpoint.split('\n\n')[0] as string,
      `${checkpoint.split('\n\n')[0]}\n\n`,
      signCheckpoint({ origin, size: 5, root: root(5, tree) }, other),
      '',
    ];
    for (const note of bad) expect(() => openCheckpoint(note, publicKey, origin), note).toThrow(Problem);
    expect(() => openCheckpoint(checkpoint, publicKey, 'other.example/ledger')).toThrow('another ledger');
    expect(() => openCheckpoint(checkpoint, publicKeyOf(rawPublicKey(other)), origin)).toThrow(
      'not signed by this key',
    );
  });

  it('steps over the cosignature of a witness, but not over a broken line', () => {
    const witness = `— witness.example ${toBase64(Buffer.alloc(76, 7))}\n`;
    expect(openCheckpoint(checkpoint + witness, publicKey, origin).size).toBe(5);
    expect(() => openCheckpoint(`${checkpoint}— witness.example AB==\n`, publicKey, origin)).toThrow(Problem);
    expect(() => openCheckpoint(`${checkpoint}witness\n`, publicKey, origin)).toThrow(Problem);
  });

  it('signs nothing with a name that could break the lines', () => {
    for (const name of ['', 'a b', 'a\nb', 'a+b'])
      expect(() => signCheckpoint({ origin: name, size: 5, root: root(5, tree) }, key)).toThrow(Problem);
    expect(() => signCheckpoint({ origin, size: -1, root: root(5, tree) }, key)).toThrow(Problem);
    expect(() => signCheckpoint({ origin, size: 5, root: Buffer.alloc(31) }, key)).toThrow(Problem);
  });
});

describe('tlog-proof', () => {
  it('reads what it writes, and verifies', () => {
    expect(tlogProof(parseTlogProof(text))).toBe(text);
    expect(verifyTlogProof(text, leaf, publicKey, origin)).toMatchObject({ index: 2, size: 5 });
  });

  it('refuses another leaf, index or path, and a text of another form', () => {
    expect(() => verifyTlogProof(text, leafHash('x'), publicKey, origin)).toThrow('the row is not in the tree');
    const bad = [
      text.replace('index 2', 'index 3'),
      text.replace('index 2', 'index 02'),
      text.replace('index 2', 'index 7'),
      text.replace('index 2\n', 'index 2\n\n'),
      text.replace('@v1', '@v2'),
      text.replace('@v1\n', '@v1\nextra AA==\n'),
      text.replace(/index 2\n.*\n/, 'index 2\n'),
      '',
      'c2sp.org/tlog-proof@v1',
    ];
    for (const proof of bad) expect(() => verifyTlogProof(proof, leaf, publicKey, origin), proof).toThrow(Problem);
  });

  it('one bit flipped anywhere in a proof fails', () => {
    const bytes = Buffer.from(text);
    const passed: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
      try {
        verifyTlogProof(copy.toString(), leaf, publicKey, origin);
        passed.push(bit);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
      }
    }
    expect(passed).toEqual([]);
  });
});

describe('keys', () => {
  it('are those of RFC 8037 appendix A', () => {
    const seed = Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url');
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    expect(rawPublicKey(privateKeyOf(seed)).toString('base64url')).toBe(x);
    expect(thumbprint(privateKeyOf(seed))).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    const jwk = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(publicKeyOf(x).equals(jwk)).toBe(true);
  });

  it('refuse another length and another kind', () => {
    expect(() => privateKeyOf(Buffer.alloc(31))).toThrow(Problem);
    expect(() => publicKeyOf('AAAA')).toThrow(Problem);
    expect(() => publicKeyOf('not a key!')).toThrow(Problem);
  });
});

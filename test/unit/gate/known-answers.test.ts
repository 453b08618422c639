import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../../server/gate/encoding.ts';
import { jcs } from '../../../server/gate/jcs.ts';
import { consentLink, epochLink, fieldCommitment, openingKey, rowTag } from '../../../server/gate/keyed.ts';
import { privateKeyOf, publicKeyOf, rawPublicKey } from '../../../server/gate/keys.ts';
import { inclusionProof, leafHash, root } from '../../../server/gate/merkle.ts';
import { keyId, signCheckpoint, tlogProof, verifyTlogProof } from '../../../server/gate/note.ts';
import { growTree } from './tree.ts';

// GATE.md f, "Known answers to pin": each line here is copied from there, byte for byte.
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const path = [
  'vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=',
  'yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=',
  '037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=',
];
const origin = 'hub.example/ledger';
const signer = privateKeyOf(Buffer.alloc(32, 1));
const bytes = (from: number, to: number) => Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i);
const tree = growTree(leaves.map((hex) => Buffer.from(hex, 'hex')));

describe('GATE-39 known answers of GATE.md f', () => {
  it('GATE-39 gives the published roots for 0 to 8 leaves', () => {
    expect(roots.map((_, size) => root(size, tree).toString('hex'))).toEqual(roots);
  });

  it('GATE-39 gives the keyed values', () => {
    const key = bytes(0x00, 0x1f);
    expect(rowTag(key, bytes(0x20, 0x2f))).toBe('yYYoBXtD4L_NL5i9fUdg1-EiNZz-PUAbRURX0p-ZMsU');
    expect(fieldCommitment(key, 'email', 'd-0001', 'ada@example.com')).toBe(
      'TtKa4Pz-Mx6g-Pbpy8L2Bcci5yoGBKoPzwl-I3fyNdE',
    );
    expect(fieldCommitment(key, 'name', 'd-0001', 'Ada')).toBe('lZWBEeg3djAXPwi3DybK4oQF6cgv6ltLINrhdtmHZqA');
    expect(openingKey(key, 'email', 'd-0001').toString('base64url')).toBe(
      '9R1mZFLrZ7oLUR2W-iRzCLk7-yn-PcycFk_CsIvWbUU',
    );
    expect(consentLink(key, 'd-0001', 7)).toBe('ioL7CNNF8hurk9lq_f5BU9pjl-BGx4AsDJWCCnJQPZY');
    expect(epochLink(key, 'd-0001', 3)).toBe('xNx6VyC0fWsi_VQ7_rYCpJXeOaVXiGIrhmYYB01HzXw');
  });

  it('GATE-39 gives the row and its leaf', () => {
    const named = (text: string) => createHash('sha256').update(text).digest('base64url');
    const row = jcs({
      v: 1,
      t: 'disclosure',
      tag: 'yYYoBXtD4L_NL5i9fUdg1-EiNZz-PUAbRURX0p-ZMsU',
      nonce: Buffer.from(bytes(0x20, 0x2f)).toString('base64url'),
      integration: 'int-crm',
      manifest: named('manifest-1'),
      notice: named('notice-1'),
      purpose: 'dpv:CustomerCare',
      fields: ['email', 'name'],
      c: {
        email: 'TtKa4Pz-Mx6g-Pbpy8L2Bcci5yoGBKoPzwl-I3fyNdE',
        name: 'lZWBEeg3djAXPwi3DybK4oQF6cgv6ltLINrhdtmHZqA',
      },
      rule: { email: 'D18', name: 'D18' },
      consent: 'ioL7CNNF8hurk9lq_f5BU9pjl-BGx4AsDJWCCnJQPZY',
      epoch: 'xNx6VyC0fWsi_VQ7_rYCpJXeOaVXiGIrhmYYB01HzXw',
      regime: 'opt_in',
      minute: '2026-11-22T10:00Z',
    });
    expect(Buffer.byteLength(row)).toBe(606);
    expect(leafHash(row).toString('hex')).toBe('597c5fc5ab3bd3af59177983dbfa1ffe6a0b18766d3b5e8ca128acc233b8dcd2');
  });

  it('GATE-39 gives the path, the key id, the note and the proof of index 5 in the tree of 8', () => {
    const proof = inclusionProof(5, 8, tree);
    expect(proof.map(toBase64)).toEqual(path);
    expect(toBase64(rawPublicKey(signer))).toBe('iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=');
    expect(keyId(origin, signer).toString('hex')).toBe('0b2a77d7');
    const checkpoint = signCheckpoint({ origin, size: 8, root: root(8, tree) }, signer);
    expect(checkpoint).toContain(
      `\n\n— ${origin} Cyp31xo16FhwtFWjGYHt1bx0jx5miUVhEirn21rtmfieddep1piTQq/M1K06Vb/ItMH9bcrtccxOS8Opy9fWK4+2kgA=\n`,
    );
    const text = tlogProof({ index: 5, proof, checkpoint });
    expect(Buffer.byteLength(text)).toBe(350);
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      '51af4466c2e3d603c67b7de4965d617a5a9656725328bab2da3aa52d77c85ed2',
    );
    const leaf = leafHash(Buffer.from('40414243', 'hex'));
    expect(verifyTlogProof(text, leaf, publicKeyOf(rawPublicKey(signer)), origin).index).toBe(5);
  });
});

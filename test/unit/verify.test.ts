import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Question } from '#contract/chat.ts';
import { verifyLedger } from '../../server/commands/verify.ts';
import { privateKeyOf, rawPublicKey } from '../../server/gate/keys.ts';
import { append, leafHash, root } from '../../server/gate/merkle.ts';
import { signCheckpoint } from '../../server/gate/note.ts';
import { openStore } from '../../server/store/open.ts';
import { writePublicKeys } from '../../server/store/public-key.ts';
import { type FrontDoor, frontDoor } from '../support/front-door.ts';
import { cases, edited, leavesOf, rewrite } from './verify-hands.ts';

const crm = 'CustomerRelationshipManagement';
const panel = { 'x-askfirst': '1' };
const whole = mkdtempSync(join(tmpdir(), 'verify-'));
const folders = [whole];
let whileRunning: ReturnType<typeof run>;

/** Runs the command over a folder, with files beside it in memory. */
function run(folder: string, argv: string[] = [], files: Record<string, string> = {}) {
  const lines: string[] = [];
  const written: Record<string, string> = {};
  const code = verifyLedger(argv, {
    folder,
    read: (path) => files[path] ?? readFileSync(path, 'utf8'),
    write: (path, text) => {
      written[path] = text;
    },
    print: (line) => lines.push(line),
  });
  return { code, text: lines.join('\n'), written };
}

/** One visitor's whole story: asked, answered, sent; 3 rows, after row 0 which names the key. */
async function story(door: FrontDoor, maria: Awaited<ReturnType<FrontDoor['owner']>>, n: number): Promise<void> {
  const ada = await door.visitor({
    name: `Ada Brandt ${n}`,
    email: `ada${n}@brandt.example`,
    phone: '+45 20 55 04 18',
  });
  const integration = door.integration();
  const call = (what: string, body: unknown) =>
    maria.json('POST', `/api/panel/conversations/${ada.conversation}/${what}`, body, panel);
  await call('ask', { integration, purpose: crm });
  const { body: question } = (await ada.say('/api/chat/question', { integration, purpose: crm })) as { body: Question };
  await ada.say('/api/chat/answer', { nonce: question.nonce, answers: { email: 'yes', phone: 'no' } });
  await call('shares', { integration, purpose: crm, clientId: 'c1' });
  await door.hub.deps.runner.idle();
}

beforeAll(async () => {
  const door = await frontDoor({ store: openStore(join(whole, 'hub.db')), after: () => () => {} });
  writePublicKeys(whole, [rawPublicKey(door.hub.deps.signer.publicKey).toString('base64url')]);
  const maria = await door.owner();
  await door.connect(maria);
  for (const n of [1, 2, 3, 4, 5]) {
    await story(door, maria, n);
    if (n === 2 || n === 4) await door.hub.checkpoints.sign();
  }
  whileRunning = run(whole, ['--export', 'out.txt']);
  await door.close();
  // A stop signs what is left; here the last three rows are to be those of a hub that was killed.
  const db = new DatabaseSync(join(whole, 'hub.db'));
  db.exec('drop trigger checkpoint_no_delete; delete from checkpoint where size > 13');
  db.close();
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the real ledger with somebody's hand in it: the triggers are taken off first, as an administrator can. */
function tampered(hand: (db: DatabaseSync) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  folders.push(folder);
  for (const file of ['hub.db', 'receipt-key.pub']) copyFileSync(join(whole, file), join(folder, file));
  const db = new DatabaseSync(join(folder, 'hub.db'));
  for (const { name } of db.prepare("select name from sqlite_master where type = 'trigger'").all())
    db.exec(`drop trigger ${name}`);
  hand(db);
  db.close();
  return folder;
}
test('R33 a ledger made by real answers and sends is whole, also while the hub runs', () => {
  expect(whileRunning).toMatchObject({
    code: 0,
    text: expect.stringMatching(
      /^The ledger is whole: 16 rows, the first 13 are signed as localhost:\d+\/ledger\.\nIts newest checkpoint is now in out\.txt; keep it away from this machine\.$/,
    ),
  });
  expect(run(whole).code).toBe(0);
  expect(run(whole, ['--checkpoint', 'kept'], { kept: whileRunning.written['out.txt'] ?? '' }).code).toBe(0);
});

test.each(cases)('GATE-38 R33 %s is found, and named by its index', (_, hand, index, kind) => {
  const { code, text } = run(tampered(hand));
  expect(text).toMatch(/^The ledger is broken at row -?\d+ \(\w+\): .+\.$/);
  const [, at, what] = /at row (-?\d+) \((\w+)\)/.exec(text) ?? [];
  expect({ code, at: Number(at), what, text }).toEqual({ code: 1, at: index, what: kind, text });
});

/** Every trace of the rows from `size` on is gone: rows, nodes, checkpoints and records. */
const cut = (size: number) =>
  tampered((db) => {
    rewrite(db, leavesOf(db).slice(0, size), true);
    db.exec(`delete from checkpoint where size > ${size}; delete from consent_event where leaf_index >= ${size};
      delete from disclosure where leaf_index >= ${size}`);
  });

test('GATE-38 R33 a tail cut with every trace of it shows against the exported checkpoint', () => {
  const kept = { kept: whileRunning.written['out.txt'] ?? '' };
  const folder = cut(9);
  expect(run(folder).code).toBe(0); // nothing here can know
  const { code, text } = run(folder, ['--checkpoint', 'kept'], kept);
  expect({ code, text }).toEqual({
    code: 1,
    text: 'The ledger is broken at row 9 (missing): Row 9 is missing: the exported checkpoint signed 13 rows, and 9 rows are left.',
  });
  expect(run(cut(13), ['--checkpoint', 'kept'], kept).code).toBe(0);
});

test('GATE-38 R33 a whole ledger made anew, checkpoints and all, does not fit the exported one nor the key', () => {
  const other = privateKeyOf(Buffer.alloc(32, 7));
  const key = rawPublicKey(other).toString('base64url');
  const origin = (whileRunning.written['out.txt'] ?? '').split('\n')[0] ?? '';
  const folder = tampered((db) => {
    rewrite(db, leavesOf(db).map(edited), true);
    db.exec(
      'delete from checkpoint; delete from consent_event; delete from disclosure; update subject set erased_at = 1',
    );
    const leaves = leavesOf(db).map((l) => leafHash(l.row));
    const all = new Map<string, Uint8Array>();
    for (const [i, leaf] of leaves.entries()) {
      all.set(`0/${i}`, leaf);
      for (const n of append(i, leaf, (l, x) => all.get(`${l}/${x}`) as Uint8Array))
        all.set(`${n.level}/${n.idx}`, n.hash);
    }
    const note = signCheckpoint(
      { origin, size: 12, root: root(12, (l, x) => all.get(`${l}/${x}`) as Uint8Array) },
      other,
    );
    db.prepare('insert into checkpoint (size, note, at) values (12, ?, ?)').run(note, 'now');
  });
  expect(run(folder, ['--key', key]).code).toBe(0); // its own key believes it
  expect(run(folder).text).toBe(
    'The ledger is broken at row 12 (checkpoint): The checkpoint over 12 rows does not hold: the checkpoint is not signed by this key.',
  );
  const kept = { kept: whileRunning.written['out.txt'] ?? '' };
  expect(run(folder, ['--key', key, '--checkpoint', 'kept'], kept).code).toBe(1);
});

test('R33 it ends in plain words without ledger, key, checkpoint file, or with wrong arguments', () => {
  const empty = mkdtempSync(join(tmpdir(), 'verify-'));
  folders.push(empty);
  const key = readFileSync(join(whole, 'receipt-key.pub'), 'utf8').trim();
  expect(run(empty, ['--key', key])).toMatchObject({
    code: 1,
    text: `There is no ledger to read in ${join(empty, 'hub.db')}.`,
  });
  writeFileSync(join(empty, 'hub.db'), 'not a database');
  expect(run(empty, ['--key', key]).text).toContain('There is no ledger to read');
  expect(run(empty).text).toContain('public key');
  expect(run(whole, ['--key', 'AAAA']).text).toBe('This is not a public key: a public key has 32 bytes.');
  expect(run(whole, ['--checkpoint', join(empty, 'gone')]).text).toContain('The checkpoint cannot be read');
  expect(run(whole, ['--checkpoint', 'x'], { x: 'words\n' }).code).toBe(1);
  expect(run(whole, ['--origin', 'other.example/ledger']).code).toBe(1);
  for (const argv of [['x'], ['--key'], ['--key', key, '--key', key], ['--help', '1']])
    expect(run(whole, argv)).toMatchObject({ code: 1, text: expect.stringContaining('npm run verify -- ') });
});

test('R33 after an erasure a row may stand without its record', () => {
  const folder = tampered((db) =>
    db.exec(
      'delete from consent_event where leaf_index = 4; update subject set erased_at = 1 where created_seq = (select min(created_seq) from subject)',
    ),
  );
  expect(run(folder).code).toBe(0);
});

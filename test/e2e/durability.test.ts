import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import type { Entry, Question } from '#contract/chat.ts';
import { type RunningHub, runHub } from '../support/hub.ts';
import { type Client, peopleAt } from '../support/people-at.ts';

const kills = 10;
const crm = 'CustomerRelationshipManagement';
const data = mkdtempSync(join(tmpdir(), 'askfirst-kill-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** Rows of the file as the kill left it, WAL and all; read from a copy, so that the hub recovers it by itself. */
function left<T>(look: (db: DatabaseSync) => T): T {
  const folder = mkdtempSync(join(data, 'copy-'));
  for (const end of ['', '-wal'])
    if (existsSync(join(data, `hub.db${end}`))) copyFileSync(join(data, `hub.db${end}`), join(folder, `hub.db${end}`));
  const db = new DatabaseSync(join(folder, 'hub.db'));
  try {
    return look(db);
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}
const ids = (db: DatabaseSync, sql: string) =>
  db
    .prepare(sql)
    .all()
    .map((r) => String(r.id));
const withoutOutcome = 'select id from disclosure where id not in (select disclosure_id from outcome)';

const waiting = "select id from share where state in ('queued', 'sending')";
const polling = { interval: 20, timeout: 30_000 };

/** The tree head of RFC 9162 2.1.1, straight from its definition: not the code under test. */
const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
function treeHead(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0] as Buffer;
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha(Buffer.from([1]), treeHead(leaves.slice(0, half)), treeHead(leaves.slice(half)));
}

interface Talker {
  auth: { authorization: string };
  conversation: string;
  send: Client['json'];
  /** Messages the hub acknowledged: client id to number in the conversation. */
  acknowledged: Map<string, number>;
  /** Sent, and nothing came back. */
  open: string | undefined;
  next: number;
}

/** Sends one message after another until the hub is gone; what had no answer is sent again first, as a widget does. */
async function talk(one: Talker, tell: () => void): Promise<void> {
  for (;;) {
    const clientId = one.open ?? `m${one.next++}`;
    one.open = clientId;
    const answer = await one
      .send<{ entry: Entry }>('POST', '/api/chat/messages', { clientId, text: `text of ${clientId}` }, one.auth)
      .catch(() => undefined);
    if (!answer) return;
    if (answer.status === 429) return;
    expect(answer.status).toBe(201);
    one.acknowledged.set(clientId, answer.body.entry.n);
    one.open = undefined;
    tell();
  }
}

test('P1 R31 sec-R04 a hub killed under load loses, doubles and hides nothing', { timeout: 180_000 }, async () => {
  let hub: RunningHub = await runHub({ data });
  const port = Number(new URL(hub.origin).port);
  const people = peopleAt(hub);
  const maria = people.client();
  await maria.submit(hub.signIn, { token: hub.signIn.split('/').at(-1) ?? '' });
  await people.connect(maria);
  const panel = { 'x-askfirst': '1' };
  const integration = left((db) => ids(db, 'select id from integration')[0] ?? '');

  const talkers: Talker[] = [];
  for (let i = 0; i < 6; i++) {
    const ada = await people.visitor({ name: 'Ada Brandt', email: `ada+${i}@brandt.example` }, 'Hello');
    const asked = await ada.say('/api/chat/question', { integration, purpose: crm });
    const { nonce } = asked.body as Question;
    await ada.say('/api/chat/answer', { nonce, answers: { email: 'yes', name: 'yes' } });
    const { auth, conversation, json: send } = ada;
    talkers.push({ auth, conversation, send, acknowledged: new Map(), open: undefined, next: 0 });
  }

  const shares = new Set<string>();
  /** Presses Send; the hub may be killed before it answers. */
  const share = async (i: number, clientId: string) => {
    const path = `/api/panel/conversations/${talkers[i]?.conversation}/shares`;
    const body = { integration, purpose: crm, clientId };
    const answer = await maria.json<{ share: string }>('POST', path, body, panel).catch(() => undefined);
    if (answer?.status === 202) shares.add(answer.body.share);
  };
  let interrupted = 0;
  for (let kill = 0; kill < kills; kill++) {
    // Now slow, so that the kill comes while a call is out; now quick, so that it comes anywhere.
    const slow = kill % 2 === 0;
    if (slow) {
      // A started hub renews its token first; only a send that went through says that it has.
      await share(0, `w${kill}`);
      await expect.poll(() => left((db) => ids(db, waiting)), polling).toEqual([]);
      await people.client(hub.shop).submit(`${hub.shop}/sandbox/hubspot/mode`, { mode: 'slow' });
    }
    const load = new Promise<void>((enough) => {
      const wanted = 15 + kill * 7;
      let acknowledged = 0;
      const tell = () => ++acknowledged === wanted && enough();
      for (const one of talkers) void talk(one, tell);
    });
    const sharing = talkers.map((_, i) => share(i, `s${kill}-${i}`));
    await load;
    if (slow) await expect.poll(() => left((db) => ids(db, withoutOutcome).length), polling).toBeGreaterThan(0);
    await hub.stop('SIGKILL');
    await Promise.all(sharing);

    const open = left((db) => ids(db, withoutOutcome));
    interrupted += open.length;
    hub = await runHub({ data, port });
    const outcomes = left((db) => {
      const of = db.prepare('select state from outcome where disclosure_id = ?');
      return open.map((id) => of.get(id)?.state);
    });
    expect(outcomes).toEqual(open.map(() => 'unknown'));
  }
  expect(interrupted).toBeGreaterThan(0);

  for (const one of talkers) {
    if (one.open)
      await one.send('POST', '/api/chat/messages', { clientId: one.open, text: `text of ${one.open}` }, one.auth);
    const { body } = await one.send<{ entries: Entry[] }>('GET', '/api/chat/entries', undefined, one.auth);
    expect(body.entries.map((e) => e.n)).toEqual(body.entries.map((_, i) => i + 1));
    for (const [clientId, n] of one.acknowledged)
      expect(body.entries.filter((e) => e.kind === 'message' && e.clientId === clientId)).toMatchObject([
        { n, text: `text of ${clientId}` },
      ]);
    expect(one.acknowledged.size).toBeGreaterThan(0);
  }
  await hub.stop();

  const db = new DatabaseSync(join(data, 'hub.db'));
  expect(db.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  expect(ids(db, withoutOutcome)).toEqual([]);
  expect(ids(db, 'select id from share')).toEqual(expect.arrayContaining([...shares]));
  // One note at the partner a finished delivery: none without its row.
  const partner = new DatabaseSync(join(data, 'sandbox.db'));
  const { notes } = partner.prepare("select count(*) as notes from record where type = 'notes'").get() as {
    notes: number;
  };
  partner.close();
  const { rows } = db.prepare('select count(*) as rows from disclosure').get() as { rows: number };
  expect(notes).toBeGreaterThan(0);
  expect(notes).toBeLessThanOrEqual(rows);

  const leaves = db.prepare('select idx, row, leaf_hash from ledger_leaf order by idx').all();
  expect(leaves.map((l) => l.idx)).toEqual(leaves.map((_, i) => i));
  const hashes = leaves.map((l) => sha(Buffer.from([0]), Buffer.from(String(l.row))));
  expect(leaves.map((l) => l.leaf_hash)).toEqual(hashes.map((h) => h.toString('hex')));
  // Each stored node is the head of the whole subtree below it; they are all there, and none more.
  const stored = db.prepare('select level, idx, hash from ledger_node where level > 0 order by level, idx').all();
  const wanted: unknown[] = [];
  for (let level = 1; 2 ** level <= hashes.length; level++)
    for (let idx = 0; (idx + 1) * 2 ** level <= hashes.length; idx++)
      wanted.push({
        level,
        idx,
        hash: treeHead(hashes.slice(idx * 2 ** level, (idx + 1) * 2 ** level)).toString('hex'),
      });
  expect(stored).toEqual(wanted);
  expect(rows).toBe(leaves.filter((l) => String(l.row).includes('"t":"disclosure"')).length);
  db.close();
  const total = talkers.reduce((sum, one) => sum + one.acknowledged.size, 0);
  console.log(`${kills} kills: ${total} acknowledged messages, ${rows} claims, ${interrupted} of them interrupted`);
});

import { createHash, webcrypto } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkReceipt } from '../../../server/commands/receipt.ts';
import { runNow } from '../../../server/gate/asking.ts';
import { fromBase64 } from '../../../server/gate/encoding.ts';
import { jcs } from '../../../server/gate/jcs.ts';
import { publicKeyOf } from '../../../server/gate/keys.ts';
import { leafHash, verifyConsistency } from '../../../server/gate/merkle.ts';
import { nodePrimitives } from '../../../server/gate/node-primitives.ts';
import { openCheckpoint, verifyTlogProof } from '../../../server/gate/note.ts';
import { type Openings, openedRows } from '../../../server/gate/openings.ts';
import { keysIn } from '../../../server/gate/receipt-check.ts';
import { checkText } from '../../../server/web/verify/check.ts';
import { type Chat, openChat, openPreferences, openStage, type Stage } from './stage.ts';

let stage: Stage;
let ada: Chat;
let grace: Chat;
let receipt: string;
let early: string;
let origin: string;
let key: ReturnType<typeof publicKeyOf>;

const get = (path: string) => fetch(stage.door.origin + path);
const text = async (path: string) => (await get(path)).text();
/** What a browser that came from a chat downloads as its proof keys. */
const proofKeys = async (chat: Chat) => {
  const { browser } = await openPreferences(stage, chat);
  return (await browser.get('/privacy/harbor-motors/proof-keys')).text();
};

beforeAll(async () => {
  stage = await openStage({ after: () => () => {} }); // signed by hand, so that "not yet" can be seen
  ada = await openChat(stage);
  receipt = (await ada.answer({ email: 'yes', phone: 'no' })).body.receipt ?? '';
  early = await text(receipt);
  await stage.door.hub.checkpoints.sign();
  await ada.send();
  grace = await openChat(stage, { name: 'Grace Holm', email: 'grace@holm.example' });
  await grace.answer({ email: 'yes' });
  await grace.send();
  await stage.door.hub.checkpoints.sign();
  const listed = (await (await get('/.well-known/consent-keys.json')).json()) as {
    origin: string;
    keys: { x: string }[];
  };
  origin = listed.origin;
  key = publicKeyOf(listed.keys[0]?.x ?? '');
});
afterAll(() => stage.close());

/** The command over files in memory, with the hub's own list of keys; the page with the same texts. */
async function check(file: string, openings?: string) {
  const keys = await text('/.well-known/consent-keys.json');
  const lines: string[] = [];
  const files: Record<string, string> = { 'r.jws': file, keys, mine: openings ?? '' };
  const more = openings === undefined ? [] : ['--openings', 'mine'];
  const code = checkReceipt(['r.jws', '--keys', 'keys', ...more], {
    read: (path) => files[path] ?? '',
    print: (line) => lines.push(line),
    keyFile: '',
  });
  return { code, text: lines.join('\n'), page: await checkText(file, keys, webcrypto as unknown as Crypto, openings) };
}

test('R29 a receipt fetched before its checkpoint says "not proved yet", and has its proof at the same address after', async () => {
  const before = await check(early);
  const words =
    'This receipt is not proved yet: the hub signed it before it signed the ledger, so nothing shows yet that its row is in there. Fetch it again from where it came; after a second it has its proof.';
  expect([before.code, before.text, before.page]).toEqual([1, words, { ok: false, words, facts: [] }]);
  const payload = JSON.parse(Buffer.from(early.split('.')[1] ?? '', 'base64url').toString());
  expect(payload.tlog).toEqual({ pending: { index: expect.any(Number), seconds: 1 } });
  const file = await text(receipt);
  expect(await check(file)).toMatchObject({ code: 0, page: { ok: true } });
  expect(await text(receipt)).toBe(file); // from now on it is the same, to the byte
});

test('R29 fetching a receipt writes nothing', async () => {
  stage.door.failWrites(() => true);
  try {
    expect((await get(receipt)).status).toBe(200);
  } finally {
    stage.door.failWrites();
  }
});

test('R33 anyone may keep the checkpoint, and see that a later one continues it', async () => {
  const sizes = stage.door.store.read
    .hot('select size from checkpoint order by size')
    .all()
    .map((r) => Number(r.size));
  const newest = await text('/ledger/checkpoint');
  expect(newest.split('\n')[0]).toBe(origin); // the address is the ledger's name with /checkpoint (c2sp.org/tlog-tiles)
  expect(`http://${origin}/checkpoint`).toBe(`${stage.door.origin}/ledger/checkpoint`);
  const head = openCheckpoint(newest, key, origin);
  expect(head.size).toBe(sizes.at(-1));
  const old = sizes[0] as number;
  const before = openCheckpoint(
    stage.door.store.read.hot('select note from checkpoint where size = ?').get(old)?.note as string,
    key,
    origin,
  );
  const answer = await text(`/ledger/consistency/${old}/${head.size}`);
  const [proofText = '', ...rest] = answer.split('\n\n');
  expect(rest.join('\n\n')).toBe(newest);
  const [first, ...hashes] = proofText.split('\n');
  expect(first).toBe(`old ${old}`);
  const proof = hashes.map((line) => fromBase64(line));
  expect(verifyConsistency(old, head.size, before.root, head.root, proof)).toBe(true);
  expect(verifyConsistency(old, head.size, head.root, head.root, proof)).toBe(false);
});

test('R33 anyone who knows a row can have its proof; the proof names nobody', async () => {
  const { read } = stage.door.store;
  const rows = read.hot('select idx, row from ledger_leaf order by idx').all();
  for (const { idx, row } of rows) {
    const proof = await text(`/ledger/proof/${idx}`);
    expect(proof.split('\n')[0]).toBe('c2sp.org/tlog-proof@v1');
    expect(verifyTlogProof(proof, leafHash(String(row)), key, origin).index).toBe(idx);
    expect(proof).not.toMatch(/ada|brandt|grace|holm/i);
  }
});

test('R33 what is not there, not signed or not a number is refused in plain words, and asking is limited', async () => {
  const { status, headers } = await get('/ledger/checkpoint');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  for (const [path, wanted] of [
    ['/ledger/proof/100000', 404],
    ['/ledger/proof/01', 400],
    ['/ledger/proof/-1', 400],
    ['/ledger/proof/1e3', 400],
    ['/ledger/consistency/1/3', 404],
    ['/ledger/consistency/900/2', 404],
    ['/ledger/consistency/x/2', 400],
    ['/ledger', 404],
  ] as const)
    expect([path, (await get(path)).status]).toEqual([path, wanted]);
  const many = await Promise.all(Array.from({ length: 140 }, () => get('/ledger/checkpoint')));
  expect(many.at(-1)?.status).toBe(429);
  stage.door.hub.deps.limits.pages.delete('127.0.0.1');
});

test('R33 R29 proof keys open the own rows: the answer is mine, and so is what was sent on it', async () => {
  const file = await text(receipt);
  const { code, text: said, page } = await check(file, await proofKeys(ada));
  expect(code).toBe(0);
  expect(said).toContain('Yours:      This row is yours: your proof keys open it.');
  expect(said).toMatch(/Sends: {6}Row \d+, 2\d{3}-\d\d-\d\dT\d\d:\d\dZ: your e-mail was ada@brandt\.example$/m);
  expect(said).not.toContain('45 20 55');
  expect(page).toMatchObject({ ok: true, words: 'This receipt is genuine.' });
  expect(page.facts.slice(-2).map(([name]) => name)).toEqual(['Yours', 'Sends']);
});

test('R33 proof keys hold the keys of the own rows alone, and no key of the person', async () => {
  const keys = JSON.parse(await proofKeys(ada)) as Openings;
  const rows = stage.door.store.read.hot('select idx, type, row from ledger_leaf').all();
  const tags = (rows: readonly { row: Readonly<Record<string, unknown>> }[]) => rows.map((r) => r.row.tag);
  const others = JSON.parse(await proofKeys(grace)) as Openings;
  expect(keys.rows.map((r) => r.row.t)).toEqual(['consent', 'disclosure']);
  expect(tags(keys.rows).some((tag) => tags(others.rows).includes(tag))).toBe(false);
  expect(rows.length).toBe(1 + keys.rows.length + others.rows.length);
  expect(jcs(keys)).not.toMatch(/grace|holm/i);
});

test('R33 proof keys of somebody else open nothing: genuine stays genuine, and yours is refused', async () => {
  const file = await text(receipt);
  const { code, text: said, page } = await check(file, await proofKeys(grace));
  const no = 'Your proof keys do not open this receipt: its row is not among theirs.';
  expect([code, said, page.words]).toEqual([1, `This receipt is genuine.\n${no}`, `This receipt is genuine. ${no}`]);
  expect(page.ok).toBe(false);
  // Ada's row put into Grace's file with Grace's key: the tag says whose it is.
  const [adas, graces] = [JSON.parse(await proofKeys(ada)) as Openings, JSON.parse(await proofKeys(grace)) as Openings];
  const stolen = { ...graces, rows: adas.rows.map((r) => ({ ...r, key: graces.rows[0]?.key })) };
  expect((await check(file, jcs(stolen))).text).toMatch(/row \d+ is not of the person these keys are of\.$/);
});

test('R33 one wrong bit in the proof keys fails, wherever it is', async () => {
  const bytes = Buffer.from(await proofKeys(ada));
  const pinned = keysIn(await text('/.well-known/consent-keys.json'));
  const opens = (file: Buffer) => {
    try {
      return runNow(openedRows(file.toString(), pinned), nodePrimitives).length > 0;
    } catch {
      return false;
    }
  };
  expect(opens(bytes)).toBe(true);
  const passed: string[] = [];
  for (let at = 0; at < bytes.length - 1; at++) {
    if (at % 50 === 0) await new Promise((resolve) => setImmediate(resolve)); // the hub in this process goes on
    const copy = Buffer.from(bytes);
    const bit = createHash('sha256').update(`${at}`).digest()[0] ?? 0; // one of the eight, another at each place
    copy[at] = (copy[at] as number) ^ (1 << (bit & 7));
    if (opens(copy)) passed.push(bytes.subarray(at - 20, at + 5).toString());
  }
  expect(passed).toEqual([]);
}, 60_000);

test('R33 a value changed since is not the one that left: its key goes alone, and nothing is claimed', async () => {
  const { store, hub } = stage.door;
  const chat = await openChat(stage, { name: 'Ida Sand', email: 'ida@sand.example' });
  const mine = (await chat.answer({ email: 'yes' })).body.receipt ?? '';
  await chat.send();
  await hub.checkpoints.sign();
  const subject = store.read.hot('select subject_id from conversation where id = ?').get(chat.ada.conversation);
  await store.write((tx) =>
    tx.hot("delete from value where subject_id = ? and field = 'email'").run(subject?.subject_id as string),
  );
  const { code, text: said } = await check(await text(mine), await proofKeys(chat));
  expect(code).toBe(0);
  expect(said).toContain('your e-mail was another than now');
});

test('R33 a browser that is not known gets no proof keys', async () => {
  const res = await stage.door.client().get('/privacy/harbor-motors/proof-keys');
  expect(res.status).toBe(404);
  const { browser, page } = await openPreferences(stage, ada);
  expect(await page()).toContain('/privacy/harbor-motors/proof-keys');
  const file = await browser.get('/privacy/harbor-motors/proof-keys');
  expect([file.headers.get('cache-control'), file.headers.get('content-disposition')]).toEqual([
    'no-store',
    'attachment; filename="askfirst-proof-keys.json"',
  ]);
});

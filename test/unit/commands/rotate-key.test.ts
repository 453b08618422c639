import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rotateKey } from '../../../server/commands/rotate-key.ts';
import { type DataFolder, openDataFolder } from '../../../server/data-folder.ts';
import { createVault } from '../../../server/egress/vault.ts';
import { SettingError } from '../../../server/env.ts';
import { vaultKeyOf } from '../../../server/hub-key.ts';
import { keyFiles } from '../../../server/key-files.ts';
import { openStore } from '../../../server/store/open.ts';
import { deriveKey, mac } from '../../../server/store/seal.ts';

const MARK = 'LIVE-TOKEN-5e1f';
const brands = ['alder', 'birch', 'cedar'];
const home = (brand: string) => ({ brand, integration: `i-${brand}`, field: 'tokens' });

let folder: string;
let file: string;
let next: string;
const opened: DataFolder[] = [];
const key = () => readFileSync(file, 'utf8').trim();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotate-'));
  ({ now: file, next } = keyFiles(folder));
});
afterEach(() => {
  for (const data of opened.splice(0)) data.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(given?: string, previous?: string): DataFolder {
  const data = openDataFolder(folder, given, true, previous);
  opened.push(data);
  return data;
}
function close(data: DataFolder) {
  opened.splice(opened.indexOf(data), 1);
  data.close();
}
/** A folder with three brands, each with sealed tokens and one other sealed value. */
async function made(given?: string): Promise<DataFolder> {
  const data = open(given);
  await data.store.write((tx) => {
    for (const id of brands) {
      const wrapped = data.vault.newBrandKey();
      tx.hot(
        `insert into brand (id, slug, legal_name, name, address, contact, country, settings_json, wrapped_key, created_at)
         values (?, ?, '-', '-', '-', '-', 'DK', '{}', ?, '-')`,
      ).run(id, id, wrapped);
      tx.hot('insert into vault (brand_id, integration_id, sealed, version, updated_at) values (?, ?, ?, 1, ?)').run(
        id,
        `i-${id}`,
        data.vault.seal(wrapped, home(id), `${MARK} ${id}`),
        '-',
      );
      tx.hot('insert into meta (key, value) values (?, ?)').run(
        `other.${id}`,
        data.vault.seal(wrapped, { ...home(id), field: 'other' }, `other ${id}`),
      );
    }
  });
  return data;
}
const wrappedOf = (data: DataFolder, id: string) =>
  data.store.read.hot('select wrapped_key from brand where id = ?').get(id)?.wrapped_key as string;
const sealedOf = (data: DataFolder, id: string) =>
  data.store.read.hot('select sealed from vault where brand_id = ?').get(id)?.sealed as string;
/** Every sealed value of every brand, opened. */
const readAll = (data: DataFolder) =>
  brands.flatMap((id) => [
    data.vault.open(wrappedOf(data, id), home(id), sealedOf(data, id)),
    data.vault.open(
      wrappedOf(data, id),
      { ...home(id), field: 'other' },
      data.store.read.hot('select value from meta where key = ?').get(`other.${id}`)?.value as string,
    ),
  ]);
const all = brands.flatMap((id) => [`${MARK} ${id}`, `other ${id}`]);
/** Every byte SQLite keeps, the log beside the database too. */
const bytes = () =>
  readdirSync(folder)
    .filter((name) => name.startsWith('hub.db'))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');

test('R88 the key of a stopped hub: everything opens with the new one, and what hangs on the root goes on', async () => {
  const data = await made();
  const before = { key: key(), root: data.key.toString('hex') };
  close(data);
  expect(await rotateKey({ folder, keyGiven: false })).toMatchObject({ done: true });
  expect(key()).not.toBe(before.key);
  expect([existsSync(next), statSync(file).mode & 0o777]).toEqual([false, 0o600]);
  const after = open();
  expect(readAll(after)).toEqual(all);
  expect(after.key.toString('hex')).toBe(before.root);
  expect(after.store.read.hot("select actor, act from audit where act = 'key-changed'").all()).toEqual([
    { actor: 'operator', act: 'key-changed' },
  ]);
});

test('R88 a running hub takes the key while it works, and old and new values open at every moment', async () => {
  const data = await made();
  const running = rotateKey({ folder, keyGiven: false });
  await expect.poll(() => existsSync(next)).toBe(true);
  const changing = data.changeKey();
  expect(readAll(data)).toEqual(all);
  expect(await changing).toBe(true);
  expect(await running).toMatchObject({ done: true });
  expect(readAll(data)).toEqual(all);
  expect(await data.changeKey()).toBe(false);
});

test('control 2 afterwards the old key opens nothing in the file: no wrapped key, no root, no token, no leftover byte', async () => {
  const data = await made();
  const old = key();
  const left = [
    ...brands.flatMap((id) => [wrappedOf(data, id), sealedOf(data, id)]),
    data.store.read.hot("select value from meta where key = 'root'").get()?.value as string,
  ];
  expect(left.filter((value) => bytes().includes(value))).toEqual(left);
  await rotate(data);
  expect(left.filter((value) => bytes().includes(value))).toEqual([]);
  close(data);
  const right = key();
  writeFileSync(file, old);
  expect(() => open()).toThrow(SettingError);
  writeFileSync(file, right);
  expect(readAll(open())).toEqual(all);
});
async function rotate(data: DataFolder) {
  const running = rotateKey({ folder, keyGiven: false });
  await expect.poll(() => existsSync(next)).toBe(true);
  await data.changeKey();
  await running;
}

test('control 2 who has the old key, an old backup and the newer file does not open its tokens: their data key is fresh', async () => {
  const data = await made();
  const thief = createVault(vaultKeyOf(Buffer.from(key(), 'base64url')));
  const backup = brands.map((id) => ({ id, wrapped: wrappedOf(data, id) }));
  for (const { id, wrapped } of backup) expect(thief.open(wrapped, home(id), sealedOf(data, id))).toContain(MARK);
  await rotate(data);
  for (const { id, wrapped } of backup)
    for (const ring of [wrapped, wrappedOf(data, id)])
      expect(() => thief.open(ring, home(id), sealedOf(data, id))).toThrow('does not open');
});

test('R88 killed after one brand: the next start has both keys, reads everything and goes on', async () => {
  const data = await made();
  writeFileSync(next, `${Buffer.alloc(32, 9).toString('base64url')}\n`);
  const { store } = data;
  let writes = 0;
  const write = store.write.bind(store);
  // The process stands still for ever after the first brand.
  Object.assign(store, { write: (job: never) => (++writes === 2 ? new Promise(() => {}) : write(job)) });
  void data.changeKey();
  await expect.poll(() => writes).toBe(2);
  close(data);
  const again = open();
  expect(new Set(brands.map((id) => again.vault.isNewest(wrappedOf(again, id))))).toEqual(new Set([true, false]));
  expect(readAll(again)).toEqual(all);
  expect(await again.changeKey()).toBe(true);
  expect(brands.every((id) => again.vault.isNewest(wrappedOf(again, id)))).toBe(true);
  expect(readAll(again)).toEqual(all);
  expect(existsSync(next)).toBe(false);
});

test('R88 killed with everything done but the files: the next start puts the key in its place', async () => {
  const data = await made();
  const old = readFileSync(file, 'utf8');
  await rotate(data);
  close(data);
  writeFileSync(next, readFileSync(file, 'utf8'));
  writeFileSync(file, old);
  const again = open();
  expect(readAll(again)).toEqual(all);
  expect(await again.changeKey()).toBe(true);
  expect([existsSync(next), key() === old.trim()]).toEqual([false, false]);
});

test('R88 half-way and the new key is gone: refused in words, nothing is lost', async () => {
  const data = await made();
  const waiting = `${Buffer.alloc(32, 9).toString('base64url')}\n`;
  writeFileSync(next, waiting);
  const { store } = data;
  const write = store.write.bind(store);
  let writes = 0;
  Object.assign(store, { write: (job: never) => (++writes === 2 ? new Promise(() => {}) : write(job)) });
  void data.changeKey();
  await expect.poll(() => writes).toBe(2);
  close(data);
  rmSync(next);
  expect(() => open()).toThrow(/change of the key .* was begun, and its new key is missing; put back .*hub\.key\.next/);
  writeFileSync(next, waiting);
  expect(readAll(open())).toEqual(all);
});

test('R88 a key from the environment: the one before is given beside it until all is done, and a backup opens the same way', async () => {
  const [one, two] = [Buffer.alloc(32, 1).toString('base64url'), Buffer.alloc(32, 2).toString('base64url')];
  close(await made(one));
  expect(await rotateKey({ folder, keyGiven: true })).toMatchObject({
    done: false,
    says: expect.stringContaining('ASKFIRST_KEY_PREVIOUS'),
  });
  expect(() => open(two)).toThrow('This is not the key');
  const changing = open(two, one);
  expect(readAll(changing)).toEqual(all);
  expect(await changing.changeKey()).toBe(true);
  expect(await changing.changeKey()).toBe(false);
  close(changing);
  expect(readAll(open(two))).toEqual(all);
  expect(existsSync(file)).toBe(false);
});

test('R88 data from before there was a root: its key becomes the root, and then the key changes like any other', async () => {
  const first = Buffer.alloc(32, 3);
  const store = openStore(join(folder, 'hub.db'));
  store.read
    .hot("insert into meta (key, value) values ('key_check', ?)")
    .run(mac(deriveKey(first, 'check'), 'askfirst'));
  store.close();
  writeFileSync(file, first.toString('base64url'));
  const data = await made();
  expect(data.key.equals(first)).toBe(true);
  await rotate(data);
  close(data);
  const again = open();
  expect(again.key.equals(first)).toBe(true);
  expect(readAll(again)).toEqual(all);
  expect(again.store.read.hot("select key from meta where key = 'key_check'").all()).toEqual([]);
});

test('R88 refused in words: no key file, a damaged next key, data whose word of its key is gone', async () => {
  await expect(rotateKey({ folder, keyGiven: false })).rejects.toThrow(/There is no key file .*hub\.key; nothing/);
  const data = await made();
  writeFileSync(next, 'half a k');
  await expect(data.changeKey()).rejects.toThrow(/The key in .*hub\.key\.next is damaged/);
  expect(readAll(data)).toEqual(all);
  rmSync(next);
  data.store.read.hot("delete from meta where key = 'root'").run();
  close(data);
  expect(() => open()).toThrow('This is not the key of the data');
  await expect(rotateKey({ folder, keyGiven: false })).rejects.toThrow('This is not the key of the data');
  expect(existsSync(next)).toBe(false);
});

test('R88 a program that holds the folder and takes no key: the command says so and leaves both files', async () => {
  const data = await made();
  const said = await rotateKey({ folder, keyGiven: false, patience: 0 });
  expect(said).toEqual({ done: false, says: expect.stringMatching(/did not take the new key, .*keep both files/) });
  expect([existsSync(file), existsSync(next)]).toEqual([true, true]);
  expect(await data.changeKey()).toBe(true);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { brandConfigOrNone, readBrandConfig } from '../../../server/store/brand-config.ts';
import { start } from '../../../server/store/migrations/001-start.ts';
import { people } from '../../../server/store/migrations/002-people.ts';
import { openStore } from '../../../server/store/open.ts';

test('a file of the schema before: its fixed regime becomes unknown, nobody is flagged, what cannot be read stays so', () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  const path = join(folder, 'hub.db');
  const old = new DatabaseSync(path);
  old.exec('create table meta (key text primary key, value text not null) strict');
  for (const sql of [...start, ...people]) old.exec(sql);
  const rules = {
    signalStopsAllConsentSharing: true,
    askedMeansWait: true,
    optOutDefaultEnabled: false,
    refusalStopsProcessors: true,
  };
  const settings = JSON.stringify({
    regime: 'opt_out',
    childDirected: true,
    sites: ['https://shop.example'],
    ...rules,
  });
  for (const [id, json] of [
    ['b', settings],
    ['broken', '{'],
  ] as const)
    old
      .prepare('insert into brand values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(id, id, 'B', 'B', 'x', 'x', 'DK', json, '', 'now');
  old.exec("insert into subject values ('s', 'b', 1, null, 0, 'below_consent_age', 0, 0, null)");
  old.exec('pragma user_version = 2');
  old.close();
  const store = openStore(path);
  expect(readBrandConfig(store.read, 'b')).toEqual({
    ...rules,
    childDirected: true,
    dntActsLikeGpc: false,
    maskBanks: true,
    maskCards: true,
    maskSocial: true,
    consentAge: 16,
    places: [],
    version: 0,
    sites: ['https://shop.example'],
  });
  expect(brandConfigOrNone(store.read, 'broken')).toBeUndefined();
  expect(store.read.hot('select age_class, no_profiling from subject').get()).toEqual({
    age_class: 'adult',
    no_profiling: 0,
  });
  store.close();
  rmSync(folder, { recursive: true });
});

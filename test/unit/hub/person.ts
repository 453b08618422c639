import { beginErasure, erase } from '../../../server/consent/erase.ts';
import { correct } from '../../../server/rights/correct.ts';
import { putFile } from '../../../server/store/files.ts';
import { putStatement } from '../../../server/store/statements.ts';
import type { FrontDoor } from '../../support/front-door.ts';
import { type Chat, openChat, openPreferences, type Stage } from './stage.ts';

const brandId = 'harbor-motors';
const email = 'ada@brandt.example';
const words = 'Is the blue Marlin still there for Ada?';

/** Whose chat this is. */
export const subjectOf = (door: FrontDoor, chat: Chat) =>
  door.store.read.hot('select subject_id from conversation where id = ?').get(chat.ada.conversation)
    ?.subject_id as string;

/** One person's whole story, with a row in each table that names people. Both of a stage say the same. */
export async function story(stage: Stage, about: Record<string, string>, text = words) {
  const { store } = stage.door;
  const chat = await openChat(stage, about, text);
  await chat.ask();
  const receipt = (await chat.answer({ email: 'yes', phone: 'no' })).body.receipt ?? '';
  await chat.send();
  const { choose } = await openPreferences(stage, chat);
  await choose('no');
  await chat.question(); // stays open
  await chat.ada.say('/api/chat/page', { address: `${stage.door.shop}/cars`, title: 'Cars' });
  const id = subjectOf(stage.door, chat);
  await store.write((tx) =>
    tx
      .hot("insert into signal_seen (id, brand_id, subject_id, kind, value, seq) values (?, ?, ?, 'dnt', '1', ?)")
      .run(`signal-${id}`, brandId, id, tx.seq()),
  );
  await chat.ada.say('/api/chat/transcript', { to: about.email, clientId: 'mail' });
  // The same address in another spelling: who has it from us is told, or by which rule not.
  await correct(stage.door.hub.deps, { brandId, subjectId: id }, 'email', about.email?.toUpperCase() ?? '');
  // Found to be somebody once, and parted again; and what they said about themselves.
  await store.write((tx) => {
    tx.hot(
      "insert into link (id, brand_id, subject_id, root_id, kind, action, heads_json, seq) values (?, ?, ?, ?, 'operator', 'unlink', '[]', ?)",
    ).run(`link-${id}`, brandId, id, `other-${id}`, tx.seq());
    const key = stage.door.hub.deps.keys.of(tx, brandId, id);
    const at = new Date().toISOString();
    putStatement(tx, key, { brandId, subjectId: id, kind: 'place', value: 'DK', by: 'self', at });
    const { conversation: conversationId } = chat.ada;
    const file = { id: `file-${id}`, clientKey: 'visitor:file', bytes: Buffer.from('a file') };
    putFile(tx, { brandId, conversationId, subjectId: id, key }, file);
  });
  return { chat, receipt, id };
}
/** Forgets a person, from the announcement to the end. */
export async function eraseNow(stage: Stage, id: string) {
  const { deps } = stage.door.hub;
  const who = { brandId, subjectIds: [id] };
  await beginErasure(deps, who);
  return erase(deps, who);
}
/** Two people. */
export const ada = { name: 'Ada Brandt', email, phone: '+45 20 55 04 18' };
export const grace = { name: 'Grace Holm', email: 'grace@holm.example', phone: '+45 31 22 10 77' };

/** The tables of the store with their columns. */
export const tables = (door: FrontDoor) =>
  door.store.read
    .hot("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    .all()
    .map((t) => ({
      name: String(t.name),
      columns: door.store.read
        .hot(`select name from pragma_table_info('${t.name}')`)
        .all()
        .map((c) => String(c.name)),
    }));
/** All rows of a table. */
export const rowsOf = (door: FrontDoor, table: string) => door.store.read.hot(`select * from "${table}"`).all();
/** How many rows of a table name a person. */
export const here = (door: FrontDoor, table: string, id: string) =>
  door.store.read.hot(`select count(*) as n from ${table} where subject_id = ?`).get(id)?.n as number;

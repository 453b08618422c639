import { createHmac } from 'node:crypto';
import type { Entry } from '#contract/chat.ts';
import { type EntryPlace, readEntry } from './entries.ts';
import type { Tx } from './open.ts';
import { sealBytes, unsealBytes } from './seal.ts';

/*
 * Files lie in the database, whole and sealed with the person's key, in the commit of their line: so an acknowledged one
 * is on the disk, an erasure, a reset and a backup take them along without a second place to keep in step, and a repeat is
 * stored once. The price is a commit of up to 10 MB now and then, and a file once more in memory while it is sealed.
 */

/** What a chat may hold in all. Guess (R62 names no figure): far more than a talk needs, and no place to keep things. */
const mostFiles = 100;
const mostBytes = 100 * 1024 * 1024;

/**
 * The name of a file: keyed with the person's key, so that nobody can guess it, and made of the bytes, so that the same
 * upload has it again and another under the same client id has not (DB6).
 */
export const fileId = (key: Buffer, conversationId: string, clientKey: string, bytes: Buffer): string =>
  createHmac('sha256', key).update(`file|${conversationId}|${clientKey}|`).update(bytes).digest('base64url');

/** Whether the chat has room for a file; one that it holds already always fits. */
export function hasRoom(tx: Pick<Tx, 'hot'>, conversationId: string, id: string, bytes: number): boolean {
  if (tx.hot('select 1 as ok from file where id = ?').get(id)) return true;
  const held = tx
    .hot('select count(*) as n, coalesce(sum(bytes), 0) as bytes from file where conversation_id = ?')
    .get(conversationId) as { n: number; bytes: number };
  return held.n < mostFiles && held.bytes + bytes <= mostBytes;
}

/** Stores the bytes of a file, sealed, inside the caller's transaction; twice is as once. */
export function putFile(
  tx: Pick<Tx, 'hot'>,
  place: Omit<EntryPlace, 'at'>,
  file: { id: string; clientKey: string; bytes: Buffer },
): void {
  const { brandId, conversationId, subjectId, key } = place;
  if (tx.hot('select 1 as ok from file where id = ?').get(file.id)) return;
  tx.hot(
    `insert into file (id, brand_id, conversation_id, subject_id, client_key, bytes, bytes_enc)
     values (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    file.id,
    brandId,
    conversationId,
    subjectId,
    file.clientKey,
    file.bytes.length,
    sealBytes(key, `file|${file.id}`, file.bytes),
  );
}

/** Whose a file is; undefined where there is none. */
export function ownerOfFile(
  read: Pick<Tx, 'hot'>,
  id: string,
): { brandId: string; conversationId: string; subjectId: string } | undefined {
  const row = read.hot('select brand_id, conversation_id, subject_id from file where id = ?').get(id);
  return (
    row && {
      brandId: row.brand_id as string,
      conversationId: row.conversation_id as string,
      subjectId: row.subject_id as string,
    }
  );
}

/** A file opened, with its line; throws where the key is another or a bit was changed. */
export function openFile(
  read: Pick<Tx, 'hot'>,
  key: Buffer,
  id: string,
): { line: Extract<Entry, { kind: 'file' }>; bytes: Buffer } | undefined {
  const row = read
    .hot(
      `select e.*, f.bytes_enc from file f
       join entry e on e.conversation_id = f.conversation_id and e.client_key = f.client_key where f.id = ?`,
    )
    .get(id);
  const line = row && readEntry(row, key);
  if (line?.kind !== 'file') return undefined;
  return { line, bytes: unsealBytes(key, `file|${id}`, Buffer.from(row?.bytes_enc as Uint8Array)) };
}

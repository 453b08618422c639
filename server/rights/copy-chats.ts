import type { CopyChat } from '#contract/copy.ts';
import { entriesOf } from '../store/entries.ts';
import { openFile } from '../store/files.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import type { SubjectKeys } from '../store/subjects.ts';
import { visitOf } from '../store/visit.ts';

type Read = Pick<Tx, 'hot'>;
type Who = { brandId: string; subjectId: string };

/** Bytes of files a copy holds at most; what is beyond is listed, and still in the chat. */
const mostBytes = 200 * 1024 * 1024;

/** A name that is one plain file in any folder: no path, no sign that any system reads, told apart by its number. */
export function safeName(at: number, name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}/\\:*?"<>|]/gu, '_').replace(/^[\s.]+|[\s.]+$/g, '');
  const end = /\.[A-Za-z0-9]{1,8}$/.exec(plain)?.[0] ?? '';
  const stem = [...plain.slice(0, plain.length - end.length)].slice(0, 80).join('');
  return `files/${String(at).padStart(3, '0')}-${stem || 'file'}${end}`;
}

/** Every chat of one subject as its visitor may read it, the oldest first (R60: no line that is for agents alone). */
export function chatsOf(read: Read, keys: Pick<SubjectKeys, 'of'>, who: Who): CopyChat[] {
  const key = keys.of(read, who.brandId, who.subjectId);
  return read
    .hot('select * from conversation where brand_id = ? and subject_id = ? order by number')
    .all(who.brandId, who.subjectId)
    .map((row) => {
      const conversationId = row.id as string;
      const { page, trail, device } = visitOf(read, { ...who, conversationId, key });
      const entries = readable(() => entriesOf(read, key, conversationId)) ?? [];
      return {
        number: row.number as number,
        openedAt: row.opened_at as string,
        ...(row.closed_at === null ? {} : { closedAt: row.closed_at as string }),
        ...(row.recorded === null ? {} : { recorded: row.recorded === 1 }),
        leftOffline: row.left_offline === 1,
        ...(page ? { page } : {}),
        trail,
        ...(device ? { device } : {}),
        lines: entries.map(({ seq: _, conversation: __, ...line }) => line),
        files: entries.flatMap((e) =>
          e.kind === 'file' ? [{ n: e.n, name: e.name, type: e.type, bytes: e.bytes }] : [],
        ),
      };
    });
}

/** Where the bytes of each file lie, by the place in the copy; names each place in `chats` as far as there is room. */
export function placeFiles(chats: CopyChat[]): { id: string; in: string }[] {
  let room = mostBytes;
  let at = 0;
  return chats.flatMap((chat) =>
    chat.files.flatMap((file) => {
      const line = chat.lines.find((l) => l.n === file.n);
      if (line?.kind !== 'file' || file.bytes > room) return [];
      room -= file.bytes;
      file.in = safeName(++at, file.name);
      return [{ id: line.file, in: file.in }];
    }),
  );
}

/** The bytes of one file of this person, opened; undefined where it cannot be, so that the others are given (R16). */
export const bytesOf = (read: Read, keys: Pick<SubjectKeys, 'of'>, brandId: string, id: string): Buffer | undefined =>
  readable(() => {
    const row = read.hot('select subject_id from file where id = ? and brand_id = ?').get(id, brandId);
    return row && openFile(read, keys.of(read, brandId, row.subject_id as string), id)?.bytes;
  });

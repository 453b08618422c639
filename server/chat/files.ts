import { timingSafeEqual } from 'node:crypto';
import type { Agent, Entry } from '#contract/chat.ts';
import { type FileRefusal, fileRefusals, isShown, kindOf, refusalOf, safeName } from '#contract/file.ts';
import { problem } from '#contract/problem.ts';
import { brandConfigOrNone } from '../store/brand-config.ts';
import { fileId, hasRoom, openFile, ownerOfFile, putFile } from '../store/files.ts';
import type { Tx } from '../store/open.ts';
import { mac } from '../store/seal.ts';
import { type ChatDeps, type Where, writeLine } from './conversations.ts';
import { holdByReply } from './holding.ts';
import { masksOf, maskText } from './masking.ts';
import { veiledEntry } from './veil.ts';

/** Milliseconds for which a link to a file is good: the click that asked for it, on a slow line. */
const linkMs = 60_000;

/** One file as it came, and who sends it. */
export interface SentFile {
  author: 'visitor' | 'agent';
  by: string;
  clientId: string;
  name: string;
  bytes: Buffer;
  /** The agent who sends it; whoever answers a chat nobody holds so, holds it as by words (R66). */
  agent?: Agent;
}

const refuse = (why: FileRefusal): never => problem(why === 'large' ? 'too-large' : 'file-refused', fileRefusals[why]);

/**
 * Stores one file and its line in one commit, durable when this resolves (R62, R88); the same client id with the same
 * bytes gives the stored line back, with others it is a `conflict` (DB6). A number that is masked in messages is masked in
 * a name too; what stands inside a file is left as it is. Raises `file-refused`, `too-large`, `not-found`.
 */
export async function sendFile(d: ChatDeps, where: Where, sent: SentFile): Promise<Entry> {
  const { author, by, clientId, bytes } = sent;
  const why = refusalOf(sent.name, bytes);
  const kind = kindOf(sent.name, bytes);
  if (why || !kind) return refuse(why ?? 'type');
  const { type } = kind;
  const bodyOf = (tx: Tx, { key, subjectId }: { key: Buffer; subjectId: string }) => {
    const clientKey = `${author}:${clientId}`;
    const file = fileId(key, where.conversationId, clientKey, bytes);
    if (!hasRoom(tx, where.conversationId, file, bytes.length)) refuse('full');
    putFile(tx, { ...where, subjectId, key }, { id: file, clientKey, bytes });
    const name = maskText(safeName(sent.name, type), masksOf(brandConfigOrNone(tx, where.brandId))).text;
    return { kind: 'file' as const, author, by, file, name, type, bytes: bytes.length, clientId };
  };
  return writeLine(d, where, bodyOf, (tx) => (sent.agent ? holdByReply(tx, d, where, sent.agent) : []));
}

/** What links to files need. */
export interface LinkDeps extends Pick<ChatDeps, 'store' | 'keys' | 'now'> {
  /** Signs links, for nothing else. */
  fileKey: Buffer;
}

/** Whoever may see a file: the visitor of that very chat, or an agent of its brand. */
type Reader = { brandId: string; conversationId?: string };

/** Whose a file is that this reader may see. Raises `not-found` for every other, as for none (DB4). */
function ownerFor(d: Pick<LinkDeps, 'store'>, file: string, who: Reader) {
  const owner = ownerOfFile(d.store.read, file);
  if (owner?.brandId !== who.brandId) problem('not-found');
  if (who.conversationId !== undefined && who.conversationId !== owner.conversationId) problem('not-found');
  return owner;
}

/** A picture small enough to be shown beside its name. Raises `not-found` for every other file (DB4). */
export function pictureOf(d: Pick<LinkDeps, 'store' | 'keys'>, file: string, who: Reader): Buffer {
  const { brandId, subjectId } = ownerFor(d, file, who);
  const found = openFile(d.store.read, d.keys.of(d.store.read, brandId, subjectId), file);
  return found && isShown(found.line) ? found.bytes : problem('not-found');
}

/**
 * What opens one file for a minute; `veiled`: under a name without the person's contacts (R51). Raises `not-found` for a
 * file this reader may not see, as for none (DB4).
 */
export function linkTo(d: LinkDeps, file: string, who: Reader, veiled: boolean): string {
  ownerFor(d, file, who);
  const said = `${file}.${d.now().getTime() + linkMs}${veiled ? '.veiled' : ''}`;
  return `${said}.${mac(d.fileKey, said)}`;
}

/** The file a link names, opened. Raises `link-used` for one that is too old or not ours, `not-found` once it is erased. */
export function fileOf(d: LinkDeps, code: string): NonNullable<ReturnType<typeof openFile>> {
  const parts = /^(([\w-]{43})\.(\d{1,16})(\.veiled)?)\.([\w-]{43})$/.exec(code) ?? [];
  const [, said = '', file = '', ends = '', veiled, signed = ''] = parts;
  const right = Buffer.from(mac(d.fileKey, said));
  if (signed.length !== right.length || !timingSafeEqual(Buffer.from(signed), right)) problem('link-used');
  if (d.now().getTime() > Number(ends)) problem('link-used');
  const { read } = d.store;
  const owner = ownerOfFile(read, file);
  const found = owner && openFile(read, d.keys.of(read, owner.brandId, owner.subjectId), file);
  if (!found) return problem('not-found');
  return veiled ? { ...found, line: veiledEntry(d, read, owner.brandId, found.line) } : found;
}

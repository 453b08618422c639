import type { Field } from '#contract/visitor.ts';
import type { Context } from '../gate/context.ts';
import { contextOf } from '../gate/derive.ts';
import { entriesOf } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { readShareFacts, type ShareFacts, type ShareKey } from '../store/share-facts.ts';
import type { SubjectKeys } from '../store/subjects.ts';

type Read = Pick<Tx, 'hot'>;

/** The words of a chat as one text: free text, a field of its own (GATE.md e.1.3). At most 60,000 characters. */
function transcriptOf(read: Read, key: Buffer, conversationId: string): { text: string; seq: number } | undefined {
  const lines = entriesOf(read, key, conversationId).filter((e) => e.kind === 'message');
  const last = lines.at(-1);
  if (!last) return undefined;
  const text = lines.map((e) => `${e.author === 'visitor' ? 'Visitor' : 'Agent'}: ${e.text}`).join('\n');
  return { text: text.slice(-60_000), seq: last.seq };
}

/** A share's facts with the chat's transcript beside the stored values, and the context made of them. */
export interface LoadedShare {
  facts: ShareFacts;
  context: Context;
}

/** Reads one share's facts and derives its context. `wanted`: the declared fields of the purpose where left out. */
export function loadShare(
  read: Read,
  keys: SubjectKeys,
  share: ShareKey & { conversationId: string },
  now: Date,
  wanted?: readonly Field[],
): LoadedShare {
  const facts = readShareFacts(read, keys, share);
  const fields = wanted ?? facts.manifest.fields.filter((f) => f.purpose === share.purpose).map((f) => f.name);
  if (!facts.subject.erased) {
    const key = keys.of(read, share.brandId, share.subjectId);
    const transcript = transcriptOf(read, key, share.conversationId);
    if (transcript)
      facts.values.push({
        field: 'transcript',
        value: transcript.text,
        source: 'chat',
        noticeHash: null,
        seq: transcript.seq,
        at: now.toISOString(),
      });
  }
  return { facts, context: contextOf(facts, fields, now) };
}

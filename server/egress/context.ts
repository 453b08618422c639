import { sentFor } from '#contract/connection.ts';
import type { Field } from '#contract/visitor.ts';
import type { Context } from '../gate/context.ts';
import { contextOf } from '../gate/derive.ts';
import { messagesOf, shareLine } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { readShareFacts, type ShareFacts, type ShareKey } from '../store/share-facts.ts';
import type { SubjectKeys } from '../store/subjects.ts';

type Read = Pick<Tx, 'hot'>;

/** A sandbox takes 600,000 characters a request; the newest words of a longer chat are what fits. */
const longest = 400_000;

/**
 * The words of a chat as one text: free text, a field of its own (GATE.md e.1.3). For a share that was put already, the
 * words up to then: what leaves is what the agent saw when pressing Send, however long it waited (R71).
 */
function transcriptOf(read: Read, key: Buffer, conversationId: string, shareId?: string): string {
  const before = shareId === undefined ? undefined : shareLine(read, conversationId, shareId);
  return messagesOf(read, key, conversationId, before)
    .map((e) => `${e.author === 'visitor' ? 'Visitor' : 'Agent'}: ${e.text}`)
    .join('\n')
    .slice(-longest);
}

/** A share's facts with the chat's transcript beside the stored values, and the context made of them. */
export interface LoadedShare {
  facts: ShareFacts;
  context: Context;
}

/** Reads one share's facts and derives its context. `wanted`: what is declared to leave for the purpose where left out. */
export function loadShare(
  read: Read,
  keys: SubjectKeys,
  share: ShareKey & { conversationId: string; id?: string },
  now: Date,
  wanted?: readonly Field[],
): LoadedShare {
  // Opened once for values and words; kept no longer than this call.
  let opened: Buffer | undefined;
  const once: Pick<SubjectKeys, 'of'> = {
    of: (from, brandId, subjectId) => {
      opened ??= keys.of(from, brandId, subjectId);
      return opened;
    },
  };
  const facts = readShareFacts(read, once, share);
  const fields = wanted ?? sentFor(facts.manifest, share.purpose).map((f) => f.name);
  if (!facts.subject.erased) {
    const key = once.of(read, share.brandId, share.subjectId);
    const value = transcriptOf(read, key, share.conversationId, share.id);
    // It grows with every message, so no notice was served before all of it: no default ever lets it go (D22, D24).
    if (value)
      facts.values.push({
        field: 'transcript',
        value,
        source: 'chat',
        noticeHash: null,
        seq: 0,
        at: now.toISOString(),
      });
  }
  return { facts, context: contextOf(facts, fields, now) };
}

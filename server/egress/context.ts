import { sentFor } from '#contract/connection.ts';
import type { Field } from '#contract/visitor.ts';
import type { Context } from '../gate/context.ts';
import { contextOf } from '../gate/derive.ts';
import { messagesOf, shareLine } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { readShareFacts, type ShareFacts, type ShareKey } from '../store/share-facts.ts';
import type { SubjectKeys } from '../store/subjects.ts';
import { withoutSecrets } from './secrets.ts';

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
    .map((e) => `${e.author === 'visitor' ? 'Visitor' : 'Agent'}: ${withoutSecrets(e.text)}`)
    .join('\n')
    .slice(-longest);
}

/** A share's facts, where it is wanted with the chat's transcript beside the stored values, and the context made of them. */
export interface LoadedShare {
  facts: ShareFacts;
  context: Context;
  /** The transcript, read when it is asked for: most decisions are about other fields. Empty once the person is erased. */
  words(): string;
  /** The key of the person who answers; throws where there is none. */
  key(): Buffer;
  /** Keys, each opened once for all of it. */
  keys: Pick<SubjectKeys, 'of'>;
}

/** Opens each key once, and keeps it no longer than what is made with it. */
function opening(keys: SubjectKeys): Pick<SubjectKeys, 'of'> {
  const opened = new Map<string, Buffer>();
  return {
    of(read, brandId, subjectId) {
      const key = opened.get(subjectId) ?? keys.of(read, brandId, subjectId);
      opened.set(subjectId, key);
      return key;
    },
  };
}

/**
 * Reads one share's facts and derives its context. `wanted`: what is declared to leave for the purpose where left out. `known`
 * is another share of the same machine, read in this very transaction: its facts are not read again.
 */
export function loadShare(
  read: Read,
  keys: SubjectKeys,
  share: ShareKey & { conversationId: string; id?: string },
  now: Date,
  wanted?: readonly Field[],
  known?: LoadedShare,
): LoadedShare {
  const once = known?.keys ?? opening(keys);
  const facts = known
    ? { ...known.facts, values: known.facts.values.filter((v) => v.field !== 'transcript') }
    : readShareFacts(read, once, share);
  const fields = wanted ?? sentFor(facts.manifest, share.purpose).map((f) => f.name);
  const keyOfChat = () => once.of(read, share.brandId, share.subjectId); // a chat is sealed for who was in it
  const key = () => once.of(read, share.brandId, facts.subjectId);
  let said: string | undefined;
  const words = () => {
    said ??= facts.subject.erased ? '' : transcriptOf(read, keyOfChat(), share.conversationId, share.id);
    return said;
  };
  if (fields.includes('transcript')) {
    const value = words();
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
  return { facts, context: contextOf(facts, fields, now), words, key, keys: once };
}

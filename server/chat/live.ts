import { type Entry, isForAgents } from '#contract/chat.ts';
import type { MarksNews } from '#contract/visit.ts';

/** What a stream is about: all of a brand, for agents, or one conversation, for its visitor. */
export interface Interest {
  brandId: string;
  conversationId?: string;
}

/** Tells open streams of stored entries, after their commit; what a stream missed it reads from the store (P5). */
export interface Live {
  /** Entries of one brand, once committed; told in the order they are stored in, with all that is told of in this turn. */
  publish(entries: readonly Entry[], brandId: string): void;
  /** A strip or card changed without an entry (a connection came or went): no id, not replayed. */
  touch(brandId: string, conversationId?: string): void;
  /** Somebody writes in a chat: its visitor where an agent does (`by`), agents where the visitor does (R62). No id, not replayed. */
  typing(brandId: string, conversationId: string, by?: string): void;
  /** How far a chat is read now (R62). No id, not replayed. */
  marks(brandId: string, news: MarksNews): void;
  /** The notice changed: questions on visitors' screens are drawn anew. No id, not replayed. */
  redraw(brandId: string): void;
  /** An agent arranged their cards: told to this agent's own streams. No id, not replayed. */
  arranged(brandId: string, userId: string): void;
  /** Ends every stream of a brand whose data was put back: readers come again, or learn that their right is gone. */
  end(brandId: string): void;
  subscribe(interest: Interest, listener: Listener): () => void;
  readonly size: number;
}
/**
 * An entry, the conversation whose strip changed ('' for every one of the brand), somebody who writes, how far a chat is
 * read, a new notice, whose cards were arranged, or the end of what was followed.
 */
export type News =
  | { entry: Entry }
  | { strip: string }
  | { typing: { conversation: string; by?: string } }
  | { marks: MarksNews }
  | { notice: true }
  | { arranged: string }
  | { end: true };
type Listener = (news: News) => void;

/** In this process; several processes get a bell between them with the scale issue. */
export function createLive(): Live {
  const brands = new Map<string, Set<{ interest: Interest; listener: Listener }>>();
  const tell = (brandId: string, conversationId: string | undefined, news: News, forAgents = false) => {
    for (const { interest, listener } of brands.get(brandId) ?? [])
      if (forAgents && interest.conversationId) continue;
      else if (!conversationId || !interest.conversationId || interest.conversationId === conversationId)
        listener(news);
  };
  let size = 0;
  let fresh: { entry: Entry; brandId: string }[] = [];
  /**
   * A stream goes on after the newest line it gave away, so an older one that is told of later would never be seen. Whoever
   * wrote in one commit tells of it in the same turn of the loop, but in any order: here they stand in line again (P5).
   */
  const flush = () => {
    const all = fresh.sort((a, b) => a.entry.seq - b.entry.seq);
    fresh = [];
    for (const { entry, brandId } of all) tell(brandId, entry.conversation, { entry }, isForAgents(entry));
  };
  return {
    publish(entries, brandId) {
      if (fresh.length === 0 && entries.length > 0) setImmediate(flush);
      for (const entry of entries) fresh.push({ entry, brandId });
    },
    touch: (brandId, conversationId) => tell(brandId, conversationId, { strip: conversationId ?? '' }),
    typing: (brandId, conversation, by) =>
      tell(brandId, conversation, { typing: { conversation, ...(by === undefined ? {} : { by }) } }),
    marks: (brandId, marks) => tell(brandId, marks.conversation, { marks }),
    redraw: (brandId) => tell(brandId, undefined, { notice: true }),
    arranged: (brandId, userId) => tell(brandId, undefined, { arranged: userId }),
    end: (brandId) => tell(brandId, undefined, { end: true }),
    subscribe(interest, listener) {
      const one = { interest, listener };
      const all = brands.get(interest.brandId) ?? new Set();
      brands.set(interest.brandId, all.add(one));
      size++;
      return () => {
        if (all.delete(one)) size--;
        if (all.size === 0) brands.delete(interest.brandId);
      };
    },
    get size() {
      return size;
    },
  };
}

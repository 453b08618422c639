import * as z from 'zod/mini';

/** What an agent looks for, and where to go on: words of one line, at most 200 characters. */
export const searchInput = z.strictObject({
  words: z.string().check(z.trim(), z.minLength(1), z.maxLength(200), z.regex(/^\P{Cc}+$/u)),
  /** `next.before` of the answer before; absent at the start. */
  before: z.optional(z.int().check(z.positive())),
});

/** One chat that was found, by the line that holds the words, or by what is known of the chat as a whole. */
export interface SearchHit {
  conversation: string;
  /** Id of its brand. */
  brand: string;
  number: number;
  title: string;
  ended: boolean;
  at: string;
  /** message: words or the name of a file; chat: name, address, number or tags hold the words, so there is no line to go to. */
  kind: 'message' | 'note' | 'chat';
  seq?: number;
  /** Who wrote it; absent where nobody did. */
  by?: string;
  /** A piece of the line around the words; numbers that were taken out are dots here as everywhere (R52). */
  text: string;
  /** Where the words stand in `text`: from and to, in order, apart from each other. */
  marks: [number, number][];
}

/** Some of what was found, newest first; a chat may come again in a later answer. Without `next` all was looked at. */
export interface SearchPage {
  hits: SearchHit[];
  next?: { before: number; at: string };
}

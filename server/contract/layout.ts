import * as z from 'zod/mini';
import { id } from './call.ts';

/** More than any brand connects; what a list may hold at most. */
const most = 200;
/** Ids of connections, each once. */
const ids = z.array(id).check(
  z.maxLength(most),
  z.refine((list) => new Set(list).size === list.length),
);

/** How one agent arranged the cards of one brand, by the ids of their connections (R73). */
export const arrangement = z.strictObject({
  /** From the top; a card that is not named stands after those that are. */
  order: ids,
  /** Stand above the others. */
  pinned: ids,
  /** Shown as their head alone; `about` is the block about the person. */
  folded: ids,
});
/** What `arrangement` reads. */
export type Arrangement = z.infer<typeof arrangement>;
/** An arrangement as it is kept: the newest save has the highest version, 0 means that nothing was saved. */
export type CardLayout = Arrangement & { version: number };

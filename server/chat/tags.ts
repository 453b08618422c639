import { problem } from '#contract/problem.ts';
import { tagsOf } from '../store/entries.ts';
import { type ChatDeps, type Where, withoutNumbers, writeLine } from './conversations.ts';
import { type Contacts, hide } from './hide.ts';

/** Tags of one chat: a list somebody can still read. */
const most = 20;
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Adds a tag to a chat or takes it away, and says what it has then; twice is as once, whatever the case (R66). A tag is
 * a word about a person: masked and sealed as messages are. One that holds what is `hidden` from its reader is named as
 * that reader sees it (R51). Raises `bad-input` for the 21st, `not-found` (DB4).
 */
export async function setTag(
  d: ChatDeps,
  where: Where,
  change: { by: string; tag: string; on: boolean; hidden: Contacts | undefined },
): Promise<readonly string[]> {
  let tags: readonly string[] = [];
  await writeLine(d, where, (tx, { key }) => {
    const before = tagsOf(tx, key, where.conversationId);
    const tag = withoutNumbers(tx, where.brandId, { text: change.tag }).text;
    const held = before.find((t) => same(t, tag) || same(hide(t, change.hidden), tag));
    tags = before;
    if (change.on === (held !== undefined)) return undefined;
    if (change.on && before.length >= most)
      problem('bad-input', `A chat has at most ${most} tags. Take one away first.`);
    const left = change.on ? [...before, tag] : before.filter((t) => t !== held);
    tags = left;
    return { kind: 'tagged', by: change.by, tag: held ?? tag, on: change.on, tags: left };
  });
  return tags;
}

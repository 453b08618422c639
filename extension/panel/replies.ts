import type { CannedReply } from '#contract/chat.ts';
import { list } from '../../server/i18n/en.ts';

/** What the composer looks for: what stands behind a "/" at the very start, in one line; undefined where nothing is looked for. */
export const soughtIn = (text: string): string | undefined => /^\/([^\n]*)$/.exec(text)?.[1]?.trim().toLowerCase();

/** Replies whose name begins with what is sought, then those that have it in name or words; each by name. */
export function matching(replies: readonly CannedReply[], sought: string): CannedReply[] {
  const rank = (r: CannedReply): number =>
    r.name.toLowerCase().startsWith(sought) ? 0 : `${r.name} ${r.text}`.toLowerCase().includes(sought) ? 1 : 2;
  return replies.filter((r) => rank(r) < 2).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** Who a reply is from and to; a visitor's name is absent where nobody gave one. */
export interface Known {
  name?: string | undefined;
  agent?: string | undefined;
}

const named: Record<string, string> = { name: 'the visitor’s name', agent: 'your name' };

/**
 * The words of a reply with its variables put in. One that is not known is left out together with the blank before it,
 * and named in `left`, so that the agent sees it before sending (R66). A value is text: braces in it stay braces.
 */
export function fillIn(text: string, known: Known): { text: string; left: string[] } {
  const left = new Set<string>();
  const filled = text.replace(/( ?)\{\{\s*([^{}]*?)\s*\}\}/g, (_, blank: string, variable: string) => {
    const value = variable === 'name' ? known.name : variable === 'agent' ? known.agent : undefined;
    if (value) return blank + value;
    left.add(named[variable] ?? variable);
    return '';
  });
  return { text: filled, left: [...left] };
}

/** "Left out, not known: the visitor’s name." */
export const leftOutWords = (left: readonly string[]): string =>
  left.length === 0 ? '' : `Left out, as it is not known: ${list(left)}.`;

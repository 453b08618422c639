import type { JSX } from 'preact';
import { withLinks } from '../../../extension/panel/kit/links.tsx';
import type { EntryOf } from './log.ts';
import { words } from './words.ts';

/** What happened at the end of a chat, in the log: ended, said how it was, mailed (R59, R60). */
export const EndLine = ({ entry }: { entry: EntryOf<'ended'> | EntryOf<'rated'> | EntryOf<'mailed'> }): JSX.Element => (
  <li class="aside">
    {entry.kind === 'ended'
      ? words.endedBy(entry)
      : entry.kind === 'mailed'
        ? words.mailed(entry.to)
        : words.rated(entry.score)}{' '}
    {entry.kind === 'rated' && withLinks(entry.comment)} <time dateTime={entry.at}>{words.clock(entry.at)}</time>
  </li>
);

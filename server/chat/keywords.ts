import type { Entry } from '#contract/chat.ts';
import { heed, type KeywordDeps, keywordOf } from '../consent/keywords.ts';
import type { Tx } from '../store/open.ts';
import { type Begun, type ChatDeps, type FirstMessage, sendMessage, startChat, type Visitor } from './conversations.ts';

type Deps = ChatDeps & KeywordDeps;

/** Runs `store`, which adds what a message's keyword does to its commit; afterwards nothing under way goes on. */
async function heeding<T>(
  d: Deps,
  text: string,
  store: (act: (tx: Tx, who: Parameters<typeof heed>[2]) => Entry[]) => Promise<T>,
): Promise<T> {
  const heard = keywordOf(text);
  let person: string | undefined;
  const stored = await store((tx, who) => {
    if (!heard) return [];
    const done = heed(tx, d, who, heard);
    person = done.person;
    return done.entries;
  });
  if (person) d.fence.cancel({ subjectId: person });
  return stored;
}

/** Stores a visitor's message, and in the same commit does what it says where it is a keyword and nothing else (R45). */
export const visitorSays = (
  d: Deps,
  visitor: Visitor,
  { text, clientId }: { text: string; clientId: string },
): Promise<Entry> =>
  heeding(d, text, (act) =>
    sendMessage(d, visitor, { author: 'visitor', by: 'visitor', text, clientId }, { along: (tx) => act(tx, visitor) }),
  );

/** The same for the message that begins a chat; `along` joins the commit, as in `startChat`. */
export const visitorBegins = (
  d: Deps,
  first: FirstMessage,
  along: (tx: Tx, who: Begun) => void,
): ReturnType<typeof startChat> =>
  heeding(d, first.text, (act) =>
    startChat(d, first, (tx, who) => {
      along(tx, who);
      return who.isNew ? act(tx, who) : [];
    }),
  );

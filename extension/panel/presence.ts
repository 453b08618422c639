import { isSaid } from '#contract/chat.ts';
import type { HubClient } from '#contract/client.ts';
import type { StreamEvent } from '#contract/sse.ts';
import {
  type Marks,
  type MarksNews,
  raised,
  typingEndsMs,
  typingEveryMs,
  type VisitorTyping,
} from '#contract/visit.ts';
import { rowsAfter } from './rows.ts';
import type { PanelState, Writes } from './state.ts';

/** What presence needs of the panel around it. */
interface Around {
  client: HubClient;
  /** Milliseconds since 1970. */
  now: () => number;
  state: () => PanelState;
  update: (change: Partial<PanelState>) => void;
  /** A row of the queue is another now. */
  heard: (news: MarksNews) => void;
}

/**
 * Who writes and what was read, to and fro (R62). Of a reply only that it is being written is told, and of a note not
 * even that; none of it is kept. What does not get through is told with the next change.
 */
export function presence({ client, now, state, update, heard }: Around) {
  let eyes = false;
  let toldTyping = 0;
  const toldSeen = new Map<string, number>();
  const ends = new Map<string, ReturnType<typeof setTimeout>>();

  function marks(id: string, fresh: Marks): void {
    const talk = state().talks[id];
    if (!talk?.view) return;
    const view = { ...talk.view, marks: raised(talk.view.marks, fresh) };
    update({ talks: { ...state().talks, [id]: { ...talk, view } } });
  }
  function quiet(id: string): void {
    clearTimeout(ends.get(id));
    ends.delete(id);
    if (state().typing.includes(id)) update({ typing: state().typing.filter((other) => other !== id) });
  }

  return {
    /** After each change: the chat before somebody's eyes is read up to the visitor's last message. */
    look(): void {
      const { selected = '', talks, phase, link } = state();
      const talk = talks[selected];
      if (!eyes || !link.up || phase !== 'ready' || !talk?.view) return;
      const n = talk.entries.findLast((e) => isSaid(e) && e.author === 'visitor')?.n ?? 0;
      if (n <= Math.max(talk.view.marks.seen.n, toldSeen.get(selected) ?? 0)) return;
      toldSeen.set(selected, n);
      client.call('panelSeen', { n }, selected).then(
        (answer) => marks(selected, answer.marks),
        (error) => (error as { status?: number }).status === 0 && toldSeen.delete(selected),
      );
    },
    /** Somebody has the panel before their eyes, or no longer. */
    seeing(on: boolean): void {
      eyes = on;
      this.look();
    },
    /** The agent typed something; told at most every three seconds. */
    typed(conversation: string, text: string, kind: Writes): void {
      if (kind !== 'message' || !text || now() - toldTyping < typingEveryMs) return;
      toldTyping = now();
      client.call('panelTyping', {}, conversation).catch(() => {});
    },
    /** An event of the stream that is none of a line's. */
    told({ event, data }: StreamEvent): void {
      if (event === 'typing') {
        const { conversation } = JSON.parse(data) as VisitorTyping;
        clearTimeout(ends.get(conversation));
        ends.set(
          conversation,
          setTimeout(() => quiet(conversation), typingEndsMs),
        );
        if (!state().typing.includes(conversation)) update({ typing: [...state().typing, conversation] });
      }
      if (event === 'marks') {
        const news = JSON.parse(data) as MarksNews;
        const { conversation, unread: _, ...fresh } = news;
        marks(conversation, fresh);
        update({ rows: rowsAfter(state().rows, news, state().me) });
        heard(news);
      }
    },
    /** What was being written is here, or nothing is known any more. */
    quiet,
    stop(): void {
      for (const timer of ends.values()) clearTimeout(timer);
      ends.clear();
    },
  };
}

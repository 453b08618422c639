import { isSaid } from '#contract/chat.ts';
import { type HubClient, HubError } from '#contract/client.ts';
import type { OutputOf } from '#contract/endpoints.ts';
import type { StreamEvent } from '#contract/sse.ts';
import { type AgentTyping, type Marks, raised, typingEndsMs, typingEveryMs } from '#contract/visit.ts';
import type { After } from './follow.ts';
import type { Cell } from './state.ts';

/** A page as the brand's page told it. */
export interface SitePage {
  address: string;
  title: string;
}

/** Worth telling again. What the hub refused it would refuse again. */
const unheard = (error: unknown): boolean => error instanceof HubError && error.unheard;

/**
 * What goes to and fro beside messages: who writes, what was read, and the page the visitor is on (R62, R67). Of the
 * visitor's typing only that it happens is told, never a word that is not sent. Nothing of this is told before a
 * conversation exists (R57), and none of it is kept in the browser. What does not get through is told with the next
 * change; nothing of it is worth a word to the visitor.
 */
export function presenceOf(cell: Cell, around: { client: HubClient; now: () => Date; after: After }) {
  const { client, now, after } = around;
  let visible = true;
  let toldTyping = 0;
  let endTyping = () => {};
  let toldRead = 0;
  let page: SitePage | undefined;
  let toldPage: SitePage | undefined;

  const marks = (fresh: Marks): void => cell.set({ marks: raised(cell.get().marks, fresh) });
  const quiet = (): void => {
    endTyping();
    endTyping = () => {};
    if (cell.get().typing) cell.set({ typing: undefined });
  };

  /** Told once for each line that is newly before the visitor's eyes. */
  function tellRead(): void {
    const { log, open, marks: known } = cell.get();
    const last = log.entries.findLast((e) => isSaid(e) && e.author === 'agent')?.n ?? 0;
    if (!open || !visible || last <= Math.max(toldRead, known?.read.n ?? 0)) return;
    toldRead = last;
    client.call('chatSeen', { n: last }).then(
      (answer) => marks(answer.marks),
      (error) => {
        if (unheard(error)) toldRead = 0;
      },
    );
  }
  function tellPage(): void {
    if (!page || (page.address === toldPage?.address && page.title === toldPage.title)) return;
    const mine = page;
    toldPage = mine;
    client.call('chatPage', mine).catch((error) => {
      if (unheard(error) && toldPage === mine) toldPage = undefined;
    });
  }

  return {
    /** After each change of the state. */
    look(): void {
      const { phase, loaded, typing, log, offlineSince } = cell.get();
      if (phase !== 'chat' || !loaded) {
        // The next chat is told of everything anew.
        toldRead = 0;
        toldPage = undefined;
        quiet();
        return;
      }
      const last = log.entries.at(-1);
      // What was being written is here.
      if (typing && last && last.seq > typing.after && isSaid(last) && last.author === 'agent') quiet();
      if (offlineSince) return;
      tellRead();
      tellPage();
    },
    /** The page is in front, or behind another tab. */
    seeing(on: boolean): void {
      visible = on;
      this.look();
    },
    /** The visitor typed something; told at most every three seconds. */
    typed(): void {
      const at = now().getTime();
      if (cell.get().phase !== 'chat' || at - toldTyping < typingEveryMs) return;
      toldTyping = at;
      client.call('chatTyping', {}).catch(() => {});
    },
    /** The page the widget stands on is this one now. */
    at({ address, title }: SitePage): void {
      page = { address, title };
      this.look();
    },
    /** What the history said of reading. */
    history: (answer: OutputOf<'chatEntries'>): void => marks(answer.marks),
    /** An event of the stream that is none of a line's. */
    told({ event, data }: StreamEvent): void {
      if (event === 'marks') marks(JSON.parse(data) as Marks);
      if (event !== 'typing') return;
      endTyping();
      endTyping = after(typingEndsMs, quiet);
      cell.set({
        typing: { by: (JSON.parse(data) as AgentTyping).by, after: cell.get().log.entries.at(-1)?.seq ?? 0 },
      });
    },
  };
}

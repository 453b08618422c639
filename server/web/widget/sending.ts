import type { Entry } from '#contract/chat.ts';
import { type HubClient, HubError } from '#contract/client.ts';
import type { Picking } from '../../../extension/panel/kit/attach.tsx';
import { checkText } from './check.ts';
import { type filesOf, refusalWords } from './files.ts';
import type { After } from './follow.ts';
import type { Keep } from './keep.ts';
import { type Sending, send } from './log.ts';
import type { Cell } from './state.ts';
import { plain } from './words.ts';

/** What sending needs of the session around it. */
interface Around {
  client: HubClient;
  keep: Keep;
  now: () => Date;
  newId: () => string;
  after: After;
  files: ReturnType<typeof filesOf>;
  /** An acknowledged line. */
  take: (entries: readonly Entry[]) => void;
  /** The hub is there. */
  heard: () => void;
  /** The hub no longer knows this chat. */
  ended: () => void;
}

/** What a visitor sends, oldest first, one at a time so that order holds; it stops where the network does (R62). */
export function sendingOf(cell: Cell, d: Around) {
  let flushing = false;
  /** Who waits for the end of the round that runs. */
  const waiting: (() => void)[] = [];

  function hold(message: Sending): void {
    if (!message.file) d.keep.saveSending(message); // no storage takes a file
    cell.set({ log: send(cell.get().log, message) });
  }

  /** Sends what waits. Nothing rejects: a refusal stands at its message, and a network that is away is tried again. */
  async function flush(): Promise<void> {
    if (flushing) return;
    flushing = true;
    for (;;) {
      const next = cell.get().log.sending.find((message) => !message.failed);
      if (!next || cell.get().phase !== 'chat') break;
      try {
        const { clientId, text } = next;
        d.take([
          next.file ? await d.files.send(clientId) : (await d.client.call('chatSend', { clientId, text })).entry,
        ]);
        d.heard();
      } catch (error) {
        const { status, unheard } = error instanceof HubError ? error : new HubError(0);
        if (status === 401 || status === 404) {
          d.ended();
          break;
        }
        if (!cell.get().log.sending.some((m) => m.clientId === next.clientId)) continue; // cancelled meanwhile
        if (unheard) {
          d.after(3000, () => void flush()); // the same clientId, so a repeat is not doubled
          break;
        }
        hold({ ...next, failed: error instanceof HubError ? refusalWords(error) : plain(0) });
      }
    }
    flushing = false;
    for (const done of waiting.splice(0)) done();
  }

  /** Takes words that were checked into the line. */
  const put = (text: string): void => hold({ clientId: d.newId(), text: text.trim(), at: d.now().toISOString() });

  return {
    flush,
    /** One round now; true where all was sent, false where it stopped at what was not. */
    async sent(): Promise<boolean> {
      void flush();
      if (flushing) await new Promise<void>((done) => waiting.push(done));
      return cell.get().log.sending.length === 0;
    },
    put,
    acts: {
      /** Queues a message; the result says why it could not be taken, undefined where it was. */
      say(text: string): string | undefined {
        const wrong = checkText(text);
        if (wrong) return text.trim() ? wrong : '';
        put(text);
        void flush();
      },
      sendAgain(message: Sending): void {
        const { failed: _, ...again } = message;
        hold(again);
        void flush();
      },
      remove(message: Sending): void {
        const { log } = cell.get();
        d.keep.dropSending(message.clientId);
        d.files.drop(message.clientId);
        cell.set({ log: { ...log, sending: log.sending.filter((m) => m.clientId !== message.clientId) } });
      },
      /** Files for the next message: picked, and put away again. */
      pick(change: Parameters<Picking>[0]): void {
        cell.set({ picked: change(cell.get().picked) });
      },
      /** Sends files, in line with the messages. */
      attach(picked: readonly File[]): void {
        d.files.add(picked);
        void flush();
      },
      fetchFile: d.files.fetchFile,
      picture: d.files.picture,
    },
  };
}

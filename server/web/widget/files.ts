import type { Entry } from '#contract/chat.ts';
import { type HubClient, HubError } from '#contract/client.ts';
import { type FileRefusal, fileRefusals } from '#contract/file.ts';
import { fileDesk } from '../../../extension/panel/kit/file-desk.ts';
import { type Sending, send } from './log.ts';
import type { Cell } from './state.ts';
import { plain, words } from './words.ts';

/** Files of the visitor's chat (R62): they wait in line with the messages, so that the order of the talk holds. */
export function filesOf(cell: Cell, client: HubClient, around: { newId: () => string; now: () => Date }) {
  const desk = fileDesk(client, { send: 'chatFile', link: 'chatFileLink', picture: 'chatFilePicture' });
  return {
    /** Puts files at the end of the line. */
    add(picked: readonly File[]): void {
      for (const file of picked) {
        const message: Sending = {
          clientId: around.newId(),
          text: '',
          at: around.now().toISOString(),
          file: { name: file.name, bytes: file.size },
        };
        desk.hold(message.clientId, file);
        cell.set({ log: send(cell.get().log, message) });
      }
    },
    /** Sends one, and shows how far it has come. Rejects with HubError. */
    send: (clientId: string): Promise<Entry> =>
      desk.send(clientId, '', (part) => {
        const { log } = cell.get();
        const sending = log.sending.map((m) =>
          m.clientId === clientId && m.file ? { ...m, file: { ...m.file, part } } : m,
        );
        cell.set({ log: { ...log, sending } });
      }),
    drop: desk.drop,
    picture: desk.picture,
    clear: desk.clear,
    /** Has one saved by the browser; a refusal stands as a sentence. */
    async fetchFile(file: string): Promise<void> {
      cell.set({ trouble: undefined });
      try {
        await desk.fetch(file);
      } catch (error) {
        cell.set({ trouble: plain(error instanceof HubError ? error.status : 0) });
      }
    },
  };
}

/** Why something was not sent; a file's reason is our own sentence, so the widget says the same in its language. */
export function refusalWords(error: HubError): string {
  const { type, detail } = error.problem ?? {};
  if (type !== '/problems/file-refused' && !(error.status === 413 && detail)) return plain(error.status);
  const why = (Object.keys(fileRefusals) as FileRefusal[]).find((name) => fileRefusals[name] === detail);
  return why ? words.files.refusals[why] : (detail ?? words.wentWrong);
}

import type { Entry } from '#contract/chat.ts';
import type { Picking } from './kit/attach.tsx';
import type { fileDesk } from './kit/file-desk.ts';
import type { PanelStorage } from './outbox.ts';
import { draftKey, type Outgoing, type PanelState, type Writes } from './state.ts';

/** What writing needs of the panel around it. */
interface Around {
  storage: Pick<PanelStorage, 'get' | 'set'>;
  /** Milliseconds since 1970. */
  now: () => number;
  newId: () => string;
  state: () => PanelState;
  update: (change: Partial<PanelState>) => void;
  /** Into the outbox; resolves once it is kept. */
  add: (item: Outgoing) => Promise<void>;
  files: Pick<ReturnType<typeof fileDesk>, 'hold' | 'send'>;
}

/** What an agent types: replies and notes, each with a draft of its own that outlives the panel (R66). */
export function writing({ storage, now, newId, state, update, add, files }: Around) {
  /** What this window read or wrote last in the place of each draft: anything else there is another window's. */
  const seen = new Map<string, string[]>();

  /** Keeps a draft at once; what another window wrote in its place meanwhile is shown, not overwritten in silence. */
  function keep(key: string, text: string): void {
    const place = `draft/${key}`;
    const mine = seen.get(key) ?? [state().drafts[key] ?? ''];
    const before = storage.get(place);
    void storage.set(place, text || undefined);
    seen.set(key, [...mine, text].slice(-20)); // storage may answer a few strokes late
    const compare = (there: unknown): void => {
      if (typeof there !== 'string' || there === text || mine.includes(there)) return;
      update({ elsewhere: { ...state().elsewhere, [key]: there } });
    };
    void before.then(compare, () => {}); // storage may be gone while unpairing
  }
  function setDraft(conversation: string, text: string, kind: Writes = 'message'): void {
    const key = draftKey(conversation, kind);
    keep(key, text);
    update({ drafts: { ...state().drafts, [key]: text } });
  }
  return {
    setDraft,
    /** What another window wrote was put in here, or is not wanted. */
    forgetElsewhere(conversation: string, kind: Writes): void {
      const { [draftKey(conversation, kind)]: _, ...rest } = state().elsewhere;
      update({ elsewhere: rest });
    },
    /** Files for the next reply: picked, and put away again. */
    pick(conversation: string, change: Parameters<Picking>[0]): void {
      const { picked } = state();
      update({ picked: { ...picked, [conversation]: change(picked[conversation] ?? []) } });
    },
    /** Takes files into the outbox, in the order of the talk (R62). */
    async attach(conversation: string, picked: readonly File[]): Promise<void> {
      for (const file of picked) {
        const clientId = newId();
        files.hold(clientId, file);
        const { name, size: bytes } = file;
        await add({ clientId, conversation, at: now(), state: 'waiting', kind: 'file', name, bytes });
      }
    },
    /** Sends one of them, and shows how far it has come. Rejects with HubError. */
    sendFile: ({ clientId, conversation }: Pick<Outgoing, 'clientId' | 'conversation'>): Promise<Entry> =>
      files.send(clientId, conversation, (part) =>
        update({
          outbox: state().outbox.map((o) => (o.clientId === clientId && o.kind === 'file' ? { ...o, part } : o)),
        }),
      ),
    /** Takes a message or a note into the outbox and clears its draft: written in this order, so that a crash keeps one of them. */
    async send(conversation: string, text: string, kind: Writes = 'message'): Promise<void> {
      const kept = add({ clientId: newId(), conversation, at: now(), state: 'waiting', kind, text });
      setDraft(conversation, '', kind);
      await kept;
    },
  };
}

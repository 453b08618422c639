import type { PanelStorage } from './outbox.ts';
import { draftKey, type Outgoing, type PanelState, type Writes } from './state.ts';

/** What writing needs of the panel around it. */
interface Around {
  storage: Pick<PanelStorage, 'set'>;
  /** Milliseconds since 1970. */
  now: () => number;
  newId: () => string;
  state: () => PanelState;
  update: (change: Partial<PanelState>) => void;
  /** Into the outbox; resolves once it is kept. */
  add: (item: Outgoing) => Promise<void>;
}

/** What an agent types: replies and notes, each with a draft of its own that outlives the panel (R66). */
export function writing({ storage, now, newId, state, update, add }: Around) {
  function setDraft(conversation: string, text: string, kind: Writes = 'message'): void {
    const key = draftKey(conversation, kind);
    update({ drafts: { ...state().drafts, [key]: text } });
    void storage.set(`draft/${key}`, text || undefined);
  }
  return {
    setDraft,
    /** Takes a message or a note into the outbox and clears its draft: written in this order, so that a crash keeps one of them. */
    async send(conversation: string, text: string, kind: Writes = 'message'): Promise<void> {
      const kept = add({ clientId: newId(), conversation, at: now(), state: 'waiting', kind, text });
      setDraft(conversation, '', kind);
      await kept;
    },
  };
}

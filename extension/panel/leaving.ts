import type { Purpose } from '#contract/consent.ts';
import { mayLeave, type Outgoing, type PanelState } from './state.ts';

/** What the send preview needs of the panel around it. */
interface Around {
  /** Milliseconds since 1970. */
  now: () => number;
  newId: () => string;
  state: () => PanelState;
  update: (change: Partial<PanelState>) => void;
  /** Reads the preview that is open. */
  preview: () => void;
  /** Into the outbox; resolves once it is kept. */
  add: (item: Outgoing) => Promise<void>;
}

/** The send preview, from its opening until the share is in the outbox (R71). */
export const leaving = ({ now, newId, state, update, preview, add }: Around) => ({
  openLeave(conversation: string, integration: string, partner: string, purpose: Purpose): void {
    update({ leave: { conversation, integration, partner, purpose, status: 'loading' }, result: undefined });
    preview();
  },
  rereadLeave: preview,
  closeLeave: (): void => update({ leave: undefined }),
  /** Takes the share into the outbox; the hub decides again when it claims (R71). Nothing when nothing may leave. */
  async share(): Promise<void> {
    const at = state().leave;
    if (at?.status !== 'ready' || !mayLeave(at.preview)) return;
    const { conversation, integration, partner, purpose } = at;
    const item = { clientId: newId(), conversation, at: now(), state: 'waiting' as const, integration, partner };
    update({ leave: { ...at, status: 'sending' } });
    await add({ ...item, purpose, kind: 'share' });
    update({ leave: undefined, result: { conversation, clientId: item.clientId } });
  },
  closeResult: (): void => update({ result: undefined }),
});

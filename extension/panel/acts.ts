import type { Entry } from '#contract/chat.ts';
import type { HubClient, HubError } from '#contract/client.ts';
import type { Purpose } from '#contract/consent.ts';
import type { ContactField } from '#contract/visitor.ts';
import type { fileDesk } from './kit/file-desk.ts';
import type { outbox } from './outbox.ts';
import type { PanelState } from './state.ts';

/** What an act needs of the panel around it. */
interface Around {
  client: HubClient;
  files: Pick<ReturnType<typeof fileDesk>, 'fetch' | 'picture'>;
  update: (change: Partial<PanelState>) => void;
  /** True when an error means that nothing more may be shown; it has been dealt with then. */
  endedBy: (error: unknown) => boolean;
  post: Pick<ReturnType<typeof outbox>, 'sent'>;
  /** Reads a conversation again. */
  changed: (conversation: string) => void;
  apply: (entry: Entry) => void;
}

/** Why a chat was not ended. */
const unsent =
  'Not all you sent has left yet, so the chat goes on. Wait for it, send it again or discard it, then end the chat.';

/** What an agent does to a chat beside writing in it: one call each, at once or not at all. */
export function actsOf({ client, files, update, endedBy, post, changed, apply }: Around) {
  /** A call about one conversation, which is read again after it; a refusal stands as a sentence. */
  async function told(conversation: string, call: () => Promise<unknown>): Promise<void> {
    update({ notice: undefined });
    try {
      await call();
      changed(conversation);
    } catch (error) {
      if (!endedBy(error)) update({ notice: { conversation, text: (error as HubError).message } });
    }
  }

  return {
    told,
    /** A contact in clear, for a reason that is written down (R51). Rejects with HubError. */
    async reveal(conversation: string, field: ContactField, reason: string): Promise<string> {
      try {
        return (await client.call('panelReveal', { field, reason }, conversation)).value;
      } catch (error) {
        endedBy(error);
        throw error;
      }
    },
    /** Puts the question into the chat; a refusal (409) stands as a sentence, nothing is asked twice. */
    ask: (conversation: string, integration: string, purpose: Purpose): Promise<void> =>
      told(conversation, async () =>
        apply((await client.call('panelAsk', { integration, purpose }, conversation)).entry),
      ),
    /** Adds a tag or takes it away; what the chat has then comes by the stream (R66). */
    tag: (conversation: string, tag: string, on: boolean): Promise<void> =>
      told(conversation, () => client.call('panelTag', { tag, on }, conversation)),
    /**
     * Ends the chat; that it did comes by the stream. What waits to be sent goes first, so that it neither is lost with
     * this page nor opens the chat again; where it cannot, the chat goes on, and a sentence says why (R62).
     */
    endChat: (conversation: string): Promise<void> =>
      told(conversation, async () => {
        if (!(await post.sent(conversation))) throw new Error(unsent);
        await client.call('panelEnd', {}, conversation);
      }),
    /** A picture of a chat, to be shown beside its name (R62). Rejects with HubError. */
    picture: (file: string): Promise<string> => files.picture(file),
    /** Has a file of the chat saved by the browser (R62). */
    async fetchFile(conversation: string, file: string): Promise<void> {
      update({ notice: undefined });
      try {
        await files.fetch(file);
      } catch (error) {
        if (!endedBy(error)) update({ notice: { conversation, text: (error as HubError).message } });
      }
    },
    /** Takes back that this chat's visitor is the person signed in on the brand's page (R28). */
    part: (conversation: string): Promise<void> =>
      told(conversation, () => client.call('panelUnmerge', {}, conversation)),
    /** This person seems under age: all sharing stops at once (R27). */
    flagUnderAge: (conversation: string): Promise<void> =>
      told(conversation, () => client.call('panelUnderAge', {}, conversation)),
    /** An owner takes that back, for a reason. */
    clearUnderAge: (conversation: string, reason: string): Promise<void> =>
      told(conversation, () => client.call('panelClearUnderAge', { reason }, conversation)),
  };
}

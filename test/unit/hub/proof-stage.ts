import type { Client } from '../../support/people-at.ts';
import { about, type Chat, openChat, openStage } from './stage.ts';

/** The demo brand's public page. */
export const mine = '/privacy/harbor-motors';

/** A hub with a clock of its own and Ada in a chat; her mails, and the button of a mailed link. */
export async function openProofs(more: Parameters<typeof openStage>[0] = {}) {
  let at = Date.parse('2026-11-22T14:05:00Z');
  const stage = await openStage({ ...more, now: () => new Date(at) });
  const chat = await openChat(stage);
  const { deps } = stage.door.hub;
  const { outbox } = deps.people;
  const prove = (code: string, browser: Client = stage.door.client()) => browser.submit(`${mine}/prove`, { code });
  /** Mails to visitors, newest first. */
  const letters = async () => {
    await deps.linkDesk.settled();
    const rows = stage.door.store.read.hot('select id from outbox where subject_id is not null order by rowid desc');
    return Promise.all(rows.all().map((r) => outbox.open(r.id as string)));
  };
  return {
    stage,
    chat,
    prove,
    letters,
    now: () => new Date(at).toISOString(),
    pass(ms: number) {
      at += ms;
    },
    /** Has the transcript mailed to Ada's own mailbox; the link's path and code. */
    async mailed(clientId = 'one', who: Chat = chat) {
      await who.ada.say('/api/chat/transcript', { to: about.email, clientId });
      const path = new URL(linkIn((await letters())[0]?.body) ?? '').pathname;
      return { path, code: path.split('/').at(-1) ?? '' };
    },
    /** Another brand of this hub, without any visitor. */
    secondBrand: () =>
      stage.door.store.write((tx) =>
        tx.exec(
          `insert into brand select 'harbor-boats', 'harbor-boats', legal_name, 'Harbor Boats', address, contact,
           country, settings_json, wrapped_key, created_at from brand`,
        ),
      ),
  };
}
/** What openProofs returns. */
export type Proofs = Awaited<ReturnType<typeof openProofs>>;

/** The newest mail to an address; '' where none is. */
export const letterTo = async (hub: Proofs, to: string): Promise<string> =>
  (await hub.letters()).find((m) => m.to === to)?.body ?? '';

/** The link in a mail that opens a page. */
export const linkIn = (body = ''): string | undefined => /http\S+\/prove\/\S+/.exec(body)?.[0];

/** A page without the random mark of its script. */
export const nonceless = (html: string): string => html.replace(/nonce="[^"]*"/g, 'nonce');

/** Rows ever changed in the store. */
export const changesOf = ({ stage }: Proofs): unknown =>
  stage.door.store.read.hot('select total_changes() as n').get()?.n;

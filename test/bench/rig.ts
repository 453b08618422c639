import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChat } from '../../server/chat/conversations.ts';
import { answerQuestion } from '../../server/consent/answers.ts';
import { serveQuestion } from '../../server/consent/questions.ts';
import { queueShare } from '../../server/egress/queue-share.ts';
import { openStore, type Store } from '../../server/store/open.ts';
import { deriveKey, digest, newToken } from '../../server/store/seal.ts';
import { subjectKeys } from '../../server/store/subjects.ts';
import { type DoorOptions, type FrontDoor, frontDoor } from '../support/front-door.ts';

/** The share that is measured: the CRM purpose of the HubSpot adapter. */
export const purpose = 'CustomerRelationshipManagement' as const;
/** The demo's brand, as its routes made it. */
export const brandId = 'harbor-motors';

/** A person with a chat who said yes to e-mail and no to phone. */
export interface Person {
  token: string;
  conversationId: string;
  subjectId: string;
}

/** A hub over a database file of its own, one connected sandbox, and what is needed to work on the file alone. */
export interface Rig {
  door: FrontDoor;
  store: Store;
  folder: string;
  file: string;
  integrationId: string;
  /** What the claim needs, over the rig's key; works without the hub. */
  claim: { keys: ReturnType<typeof subjectKeys>; now: () => Date; monotonic: () => number; ids: () => string };
  people(count: number): Promise<Person[]>;
  /** Queues `each` shares for each of them; nothing delivers them unless the runner is woken. */
  shares(people: readonly Person[], each: number): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens the rig in a folder of its own; `close` removes it. */
export async function openRig(options: DoorOptions = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'askfirst-bench-'));
  const file = join(folder, 'hub.db');
  const key = randomBytes(32);
  const store = openStore(file);
  const door = await frontDoor({ ...options, store, key });
  const maria = await door.owner();
  await door.connect(maria);
  const { deps } = door.hub;
  const integrationId = door.integration();
  let made = 0;

  async function person(): Promise<Person> {
    const n = made++;
    const values = { name: 'Ada Brandt', email: `ada+${n}@brandt.example`, phone: `+45 20 55 ${10_000 + n}` };
    const token = newToken();
    const first = {
      brandSlug: brandId,
      token,
      clientId: `first-${n}`,
      text: 'Is the blue Marlin still there?',
      values,
    };
    const { conversation: conversationId } = await startChat(deps, first);
    const subjectId = store.read.hot('select subject_id from conversation where id = ?').get(conversationId)
      ?.subject_id as string;
    const reader = { brandId, subjectId, integrationId, purpose, sessionHash: digest(token) };
    const { nonce } = await store.write((tx) => serveQuestion(tx, deps, { ...reader, surface: 'question' }));
    const answers = { email: 'yes', phone: 'no' } as const;
    await answerQuestion(deps, { ...reader, conversationId, method: 'question', nonce, answers, later: false });
    return { token, conversationId, subjectId };
  }

  return {
    door,
    store,
    folder,
    file,
    integrationId,
    claim: { keys: subjectKeys(deriveKey(key, 'subjects')), now: deps.now, monotonic: deps.monotonic, ids: deps.ids },
    people: (count) => Promise.all(Array.from({ length: count }, person)),
    async shares(people, each) {
      const queued: string[] = [];
      for (let round = 0; round < each; round++)
        await Promise.all(
          people.map(async ({ conversationId, subjectId }) => {
            const request = { brandId, subjectId, conversationId, integrationId, purpose, clientId: `share-${round}` };
            queued.push((await store.write((tx) => queueShare(tx, deps, request))).share.id);
          }),
        );
      return queued;
    },
    async close() {
      await door.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

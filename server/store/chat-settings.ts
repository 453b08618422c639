import type { ChatSetting } from '#contract/chat-setting.ts';
import { problem } from '#contract/problem.ts';
import { note } from './audit.ts';
import type { Store, Tx } from './open.ts';

type Read = Pick<Tx, 'hot'>;

/** A group as it is read: whoever saves it names the version they saw; 0 where nothing was saved yet. */
export interface ReadSetting<T> {
  value: T;
  version: number;
}

/** A brand's group; its standard where it decided nothing, or where what is stored cannot be read (R61: never harms the page). */
export function readChatSetting<T>(read: Read, brandId: string, of: ChatSetting<T>): ReadSetting<T> {
  const row = read
    .hot('select version, body_json from chat_setting where brand_id = ? and name = ?')
    .get(brandId, of.name);
  const version = (row?.version as number | undefined) ?? 0;
  try {
    const found = of.check(JSON.parse((row?.body_json as string | undefined) ?? 'null'));
    if ('value' in found) return { value: found.value, version };
  } catch {
    // no JSON: the standard holds, and the next save replaces it
  }
  return { value: of.standard, version };
}

/**
 * Saves a group as a change of the version that was seen; in the audit by its name alone (R53). Raises `bad-input` for
 * what the group does not allow, `changed-meanwhile` where somebody saved since.
 */
export async function saveChatSetting<T>(
  d: { store: Store; now: () => Date },
  { brandId, userId }: { brandId: string; userId: string },
  of: ChatSetting<T>,
  seen: number,
  value: T,
): Promise<void> {
  const found = of.check(value);
  if ('wrong' in found) problem('bad-input', `${found.wrong} cannot be saved like this.`);
  await d.store.write((tx) => {
    if (readChatSetting(tx, brandId, of).version !== seen) problem('changed-meanwhile');
    const at = d.now();
    tx.hot(
      `insert into chat_setting (brand_id, name, version, body_json, at) values (?, ?, 1, ?, ?)
       on conflict (brand_id, name) do update set version = version + 1, body_json = excluded.body_json, at = excluded.at`,
    ).run(brandId, of.name, JSON.stringify(found.value), at.toISOString());
    note(tx, at.getTime(), { brandId, actor: `user:${userId}`, act: 'change-chat-setting', detail: of.name });
  });
}

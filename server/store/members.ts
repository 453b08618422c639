import type { Agent } from '#contract/chat.ts';
import type { Tx } from './open.ts';

type Read = Pick<Tx, 'hot'>;

/** Visitors read a first name, and never an agent's address (R60). */
export const shown = (name: string): string => name.split(' ')[0] ?? name;

const seats = `select m."userId" as id, u.name as name from "member" m join "user" u on u.id = m."userId"
  where m."organizationId" = ? and m.role in ('owner', 'admin', 'agent')`;
const agentOf = (row: Record<string, unknown>): Agent => ({ id: row.id as string, name: shown(row.name as string) });

/** Everybody who may answer chats of a brand, by name, as others read it; a role that is not ours gives no seat. */
export const agentsOf = (read: Read, brandId: string): Agent[] =>
  read.hot(`${seats} order by u.name, m."userId"`).all(brandId).map(agentOf);

/** Whoever may mend a brand's connections, and is mailed when one breaks (R7). */
export const adminsOf = (read: Read, brandId: string): Agent[] =>
  read.hot(`${seats} and m.role in ('owner', 'admin') order by u.name, m."userId"`).all(brandId).map(agentOf);

/** One of them; undefined for anybody else's id, another brand's too (DB4). */
export function agentIn(read: Read, brandId: string, userId: string): Agent | undefined {
  const row = read.hot(`${seats} and m."userId" = ?`).get(brandId, userId);
  return row && agentOf(row);
}

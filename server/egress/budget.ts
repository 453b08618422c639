import type { Store } from '../store/open.ts';
import { vouchedUntil } from '../store/stops.ts';
import { createVolume, type Limit, pastMs, type Volume } from './volume.ts';

/** One person too many: whose connection, and over which limit. */
interface Excess {
  brandId: string;
  integrationId: string;
  limit: Limit;
}

/** Counts the people a connection is told of, before each claim (SECURITY.md control 6). */
export interface Budget {
  /** Undefined where this share may go to its claim, and it is counted; else the connection is to be stopped. */
  excess(shareId: string): Excess | undefined;
}

/** What createBudget is handed. */
export interface BudgetDeps {
  store: Pick<Store, 'read'>;
  now: () => Date;
}

/** A chat counts as open while nobody closed it and the visitor wrote in the last day, milliseconds (guess about control 6). */
const openMs = 86_400_000;
/** How many rows of the past are read at once. */
const page = 5_000;

/**
 * Counts each share in the minute in which it was asked for, when its claim is about to be made: after an outage what had
 * queued up in six hours is no rush, and a rush is seen while it is asked for. In memory, beside the claim and not in its
 * transaction; rebuilt at the first send of a connection from the disclosures of the last week. What was asked for before
 * a person resumed a stopped connection is vouched for by that person, and not counted.
 */
export function createBudget({ store: { read }, now }: BudgetDeps): Budget {
  const volumes = new Map<string, { volume: Volume; vouched: string }>();
  const share = read.hot(
    `select h.brand_id, h.integration_id, h.conversation_id, h.at, coalesce(s.merged_into, h.subject_id) as person
     from share h left join subject s on s.id = h.subject_id where h.id = ?`,
  );
  const open = read.hot(
    `select c.closed_at, (select e.at from entry e where e.conversation_id = c.id and e.kind = 'message'
       and e.body_json ->> '$.author' = 'visitor' order by e.n desc limit 1) as wrote
     from conversation c where c.id = ?`,
  );
  const older = read.hot(
    `select x.claim_seq, x.integration_id, x.at, coalesce(s.merged_into, x.subject_id) as person, h.conversation_id as chat
     from disclosure x left join subject s on s.id = x.subject_id left join share h on h.id = x.share_id
     where x.brand_id = ? and x.claim_seq < ? order by x.claim_seq desc limit ?`,
  );

  function load(brandId: string, integrationId: string, vouched: string): Volume {
    const volume = createVolume();
    const since = new Date(now().getTime() - pastMs).toISOString();
    const found: { person: string; at: string; chat: string }[] = [];
    const lastMinute = new Date(now().getTime() - 60_000).toISOString();
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const rows = older.all(brandId, before, page);
      for (const r of rows)
        if (r.integration_id === integrationId && (r.at as string) > since)
          found.push({ person: r.person as string, at: r.at as string, chat: r.chat as string });
      const last = rows.at(-1);
      if (!last || rows.length < page || (last.at as string) <= since) break;
      before = last.claim_seq as number;
    }
    // What a person vouched for may be usual, and fills no window any more.
    for (const { person, at, chat } of found.reverse()) {
      const ms = Date.parse(at);
      if (at > lastMinute && at > vouched) volume.add(person, ms, inOpenChat(chat, ms));
      else volume.remember(person, ms, at <= vouched ? 'usual' : undefined);
    }
    return volume;
  }

  function volumeOf(brandId: string, integrationId: string, vouched: string): Volume {
    const known = volumes.get(integrationId);
    if (known?.vouched === vouched) return known.volume;
    const volume = load(brandId, integrationId, vouched);
    volumes.set(integrationId, { volume, vouched });
    return volume;
  }

  function inOpenChat(conversationId: string, asked: number): boolean {
    const chat = open.get(conversationId);
    if (!chat || (chat.closed_at !== null && Date.parse(chat.closed_at as string) <= asked)) return false;
    return chat.wrote !== null && asked - Date.parse(chat.wrote as string) < openMs;
  }

  return {
    excess(shareId) {
      const row = share.get(shareId);
      if (!row) return undefined; // the claim says what is wrong
      const [brandId, integrationId] = [row.brand_id as string, row.integration_id as string];
      const vouched = vouchedUntil(read, brandId, integrationId);
      if ((row.at as string) <= vouched) return undefined;
      const at = Date.parse(row.at as string);
      const chatOpen = inOpenChat(row.conversation_id as string, at);
      const limit = volumeOf(brandId, integrationId, vouched).add(row.person as string, at, chatOpen);
      return limit && { brandId, integrationId, limit };
    },
  };
}

import { type Field, visitorFields } from '#contract/visitor.ts';
import type { Store } from '../store/open.ts';
import { demoBrand } from './seed.ts';

/** One step that really happened: when, and what was seen. */
export interface Seen {
  at: string;
  seen: string;
}

const openedKey = 'demo.opened_at';
const names = (fields: readonly Field[]) => fields.map((f) => visitorFields[f].label).join(', ');

/** Remembers the first time the shop was opened; later visits change nothing. */
export const noteOpened = (store: Store, now: Date): Promise<void> =>
  store.write((tx) =>
    tx
      .hot('insert into meta (key, value) values (?, ?) on conflict (key) do nothing')
      .run(openedKey, now.toISOString()),
  );

/** The seven steps as far as they really happened, each read from what the hub stored (issue story 1-7). */
export function storyOf(
  store: Store,
): Partial<Record<'opened' | 'wrote' | 'answered' | 'connected' | 'decided' | 'sent' | 'withdrew', Seen>> {
  const { read } = store;
  const brand = demoBrand.id;
  const first = (sql: string, ...params: string[]) => read.hot(`${sql} limit 1`).get(...params);
  const message = (author: string) =>
    first(
      `select at from entry where brand_id = ? and kind = 'message' and json_extract(body_json, '$.author') = ? order by seq`,
      brand,
      author,
    );
  const opened = first('select value as at from meta where key = ?', openedKey);
  const wrote = message('visitor');
  const answered = message('agent');
  const connected = first(
    `select i.connected_at as at, i.account_name from integration i where i.brand_id = ? and i.connection = 'active' order by i.connected_at`,
    brand,
  );
  const decided = first(
    `select received_at as at, fields_json, asked_json from consent_event where brand_id = ? and type = 'given' order by seq`,
    brand,
  );
  const sent = first(
    `select o.at, x.fields_json, x.leaf_index from outcome o join disclosure x on x.id = o.disclosure_id
     join share s on s.id = x.share_id where o.brand_id = ? and o.state = 'sent' and s.state = 'done' order by o.seq`,
    brand,
  );
  const withdrew = first(
    `select received_at as at from consent_event where brand_id = ? and type = 'withdrawn' order by seq`,
    brand,
  );
  const step = (row: Record<string, unknown> | undefined, seen: (r: Record<string, unknown>) => string) =>
    row && { at: row.at as string, seen: seen(row) };
  const fields = (json: unknown) => JSON.parse(json as string) as Field[];
  const decidedWords = (r: Record<string, unknown>) => {
    const yes = fields(r.fields_json);
    const no = fields(r.asked_json).filter((f) => !yes.includes(f));
    return `Yes to ${names(yes)}${no.length > 0 ? `, no to ${names(no)}` : ''}.`;
  };
  const all = {
    opened: step(opened, () => 'No cookie, nothing stored, no call to anybody.'),
    wrote: step(wrote, () => 'The message was stored before it was acknowledged.'),
    answered: step(answered, () => 'The answer was in the shop at once.'),
    connected: step(connected, (r) => `Account ${r.account_name}. Connecting alone sent nothing.`),
    decided: step(decided, decidedWords),
    sent: step(
      sent,
      (r) => `Left: ${names(fields(r.fields_json))}. Ledger row ${r.leaf_index}, written before the first byte.`,
    ),
    withdrew: step(withdrew, () => 'HubSpot is off. Nothing leaves any more, also nothing that was waiting.'),
  };
  return Object.fromEntries(Object.entries(all).filter(([, seen]) => seen !== undefined));
}

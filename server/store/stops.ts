import type { Tx } from './open.ts';

type Read = Pick<Tx, 'hot'>;

/** What one stop of sending reaches: '' stands for every brand, connection or adapter. */
export interface Reach {
  brandId: string;
  integrationId: string;
  provider: string;
}

/** One stop, over or not; times are ISO 8601 UTC. */
export interface Stop extends Reach {
  id: string;
  cause: 'person' | 'operator' | 'budget';
  by: string;
  why: string;
  at: string;
  resumed?: { by: string; why: string; at: string };
}

/** SQL that is true while a stop reaches the row of `integration` called `i`; read by the fence in the tick of the write. */
export const isStopped = `exists (select 1 from stop s where s.resumed_at is null and s.brand_id in ('', i.brand_id)
  and s.integration_id in ('', i.id) and s.provider in ('', i.provider))`;

const stopOf = (r: Record<string, unknown>): Stop => ({
  id: r.id as string,
  brandId: r.brand_id as string,
  integrationId: r.integration_id as string,
  provider: r.provider as string,
  cause: r.cause as Stop['cause'],
  by: r.by as string,
  why: r.why as string,
  at: r.at as string,
  ...(r.resumed_at
    ? { resumed: { by: r.resumed_by as string, why: r.resumed_why as string, at: r.resumed_at as string } }
    : {}),
});

/** True while nothing may be sent to one connection, by what the store knows. */
export const connectionStopped = (read: Read, brandId: string, integrationId: string): boolean =>
  read
    .hot(`select 1 as ok from integration i where i.id = ? and i.brand_id = ? and ${isStopped}`)
    .get(integrationId, brandId) !== undefined;

/** True while a brand may not connect an adapter: everything, the brand, the adapter or that very connection is stopped. */
export const providerStopped = (read: Read, brandId: string, provider: string): boolean =>
  read
    .hot(
      `select 1 as ok from stop s left join integration i on i.brand_id = ? and i.provider = ?
       where s.resumed_at is null and s.brand_id in ('', ?) and s.provider in ('', ?)
       and s.integration_id in ('', coalesce(i.id, ''))`,
    )
    .get(brandId, provider, brandId, provider) !== undefined;

/** Every stop that reaches a brand now, the widest first. */
export const stopsOf = (read: Read, brandId: string): Stop[] =>
  read
    .hot(
      `select * from stop where resumed_at is null and brand_id in ('', ?)
       order by brand_id, integration_id, provider`,
    )
    .all(brandId)
    .map(stopOf);

/** What was stopped at a brand and goes on again, newest first. */
export const pastStops = (read: Read, brandId: string, most = 20): Stop[] =>
  read
    .hot(
      `select * from stop where resumed_at is not null and brand_id in ('', ?) order by resumed_at desc, rowid desc
       limit ?`,
    )
    .all(brandId, most)
    .map(stopOf);

/** The stop of exactly this reach, where one is on. */
export function stopAt(read: Read, { brandId, integrationId, provider }: Reach): Stop | undefined {
  const row = read
    .hot(`select * from stop where resumed_at is null and brand_id = ? and integration_id = ? and provider = ?`)
    .get(brandId, integrationId, provider);
  return row && stopOf(row);
}

/** Stores a stop. */
export function insertStop(tx: Tx, s: Omit<Stop, 'resumed'>): void {
  tx.hot(
    `insert into stop (id, brand_id, integration_id, provider, cause, by, why, at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(s.id, s.brandId, s.integrationId, s.provider, s.cause, s.by, s.why, s.at);
}

/** Ends a stop. */
export const endStop = (tx: Tx, id: string, { by, why, at }: { by: string; why: string; at: string }): void =>
  tx.hot('update stop set resumed_by = ?, resumed_why = ?, resumed_at = ? where id = ?').run(by, why, at, id);

/** The connections a stop reaches, with their brand. */
export const reachedBy = (read: Read, reach: Reach): { id: string; brandId: string }[] =>
  read
    .hot(
      `select id, brand_id from integration where (? = '' or brand_id = ?) and (? = '' or id = ?)
       and (? = '' or provider = ?) order by brand_id, id`,
    )
    .all(reach.brandId, reach.brandId, reach.integrationId, reach.integrationId, reach.provider, reach.provider)
    .map((r) => ({ id: r.id as string, brandId: r.brand_id as string }));

/** When the last stop of a connection by its budget was ended, ISO 8601 UTC; what was asked for before is vouched for. */
export const vouchedUntil = (read: Read, brandId: string, integrationId: string): string =>
  (read
    .hot(
      `select coalesce(max(resumed_at), '') as at from stop where brand_id = ? and integration_id = ? and cause = 'budget'`,
    )
    .get(brandId, integrationId)?.at as string | undefined) ?? '';

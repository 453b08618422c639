import type { RevocationWord } from '#contract/connection.ts';
import type { Tx } from './open.ts';

/** How the end of a connection's last grant stands at the partner; times are ISO 8601 UTC. */
export interface RevocationState {
  state: RevocationWord;
  since: string;
  /** When it was settled. */
  at?: string;
  attempts: number;
}

/** The newest revocation of a connection; undefined where none was ever needed. */
export function revocationOf(
  read: Pick<Tx, 'hot'>,
  brandId: string,
  integrationId: string,
): RevocationState | undefined {
  const row = read
    .hot(
      `select state, begun_ms, ended_ms, attempts from revocation where brand_id = ? and integration_id = ?
       order by begun_ms desc, rowid desc limit 1`,
    )
    .get(brandId, integrationId);
  if (!row) return undefined;
  const iso = (ms: unknown) => new Date(ms as number).toISOString();
  return {
    state: row.state as RevocationState['state'],
    since: iso(row.begun_ms),
    ...(row.ended_ms === null ? {} : { at: iso(row.ended_ms) }),
    attempts: row.attempts as number,
  };
}

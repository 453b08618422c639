interface StopTable {
  id: string;
  /** '' is every brand. */
  brand_id: string;
  /** '' is every connection. */
  integration_id: string;
  /** '' is every adapter. */
  provider: string;
  /** person: somebody pressed; operator: the file in the data folder; budget: too many people at once. */
  cause: 'person' | 'operator' | 'budget';
  /** `user:<id>`, `operator` or `hub`. */
  by: string;
  /** What that person wrote, or our own words. */
  why: string;
  at: string;
  resumed_by: string | null;
  resumed_why: string | null;
  /** Null while nothing leaves. */
  resumed_at: string | null;
}

interface RevocationTable {
  id: string;
  brand_id: string;
  integration_id: string;
  provider: string;
  sandbox: number;
  /** JSON { access, refresh, own }, AES-256-GCM; AAD = brand, this row's id, `revocation`, key id. Null once it is over. */
  sealed: string | null;
  /** kept: the same grant was connected again, so it stays; lasting: a typed key that no call can end. */
  state: 'pending' | 'revoked' | 'unconfirmed' | 'kept' | 'lasting';
  attempts: number;
  /** Milliseconds since 1970, all of them. */
  begun_ms: number;
  next_ms: number;
  /** 1 once the alarm of the first minute was raised (P4). */
  late: number;
  ended_ms: number | null;
}

interface AllowListTable {
  integration_id: string;
  brand_id: string;
  by: string;
  at: string;
}

/** What stops sending and what ends a grant. */
export interface KillTables {
  stop: StopTable;
  revocation: RevocationTable;
  allow_list: AllowListTable;
}

/** What a brand lets each connection have; a connection without a row has everything its manifest declares (R13, R86). */
export const mapping: string[] = [
  `create table mapping (integration_id text primary key, brand_id text not null, approved_hash text not null,
    kept_hash text not null, off_json text not null, version integer not null) strict`,
];

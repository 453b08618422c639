/** Who renews a connection's tokens right now, and how long nobody may after a failure (SECURITY.md OA13, OA14). */
export const tokenRefresh: string[] = [
  `create table token_refresh (integration_id text not null primary key, brand_id text not null,
    version integer not null, stamp integer not null, owner text, lost integer not null, failures integer not null,
    wait_ms integer not null, until_ms integer not null) strict`,
];

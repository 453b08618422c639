/** Stops of sending, grants that still have to be revoked at their partner, and what a brand says of a partner's allow-list. */
export const kill: string[] = [
  `create table stop (id text primary key, brand_id text not null, integration_id text not null, provider text not null,
    cause text not null, by text not null, why text not null, at text not null, resumed_by text, resumed_why text,
    resumed_at text) strict`,
  'create unique index stop_active on stop (brand_id, integration_id, provider) where resumed_at is null',
  `create table revocation (id text primary key, brand_id text not null, integration_id text not null,
    provider text not null, sandbox integer not null, sealed text, state text not null, attempts integer not null,
    begun_ms integer not null, next_ms integer not null, late integer not null, ended_ms integer) strict`,
  'create index revocation_open on revocation (next_ms) where sealed is not null',
  'create index revocation_connection on revocation (brand_id, integration_id, begun_ms)',
  `create table allow_list (integration_id text primary key, brand_id text not null, by text not null,
    at text not null) strict`,
];

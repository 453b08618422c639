/** Calls of partners to us: what came last and was refused, the secrets they are signed with, ids that count, and events. */
export const webhooks: string[] = [
  // One row for each address and each connection something came for; `source` is a provider or a connection's id.
  `create table hook (source text primary key, brand_id text, received integer not null, refused integer not null,
    last_at text, refused_at text) strict`,
  `create table hook_secret (brand_id text not null, integration_id text not null, version integer not null,
    sealed text not null, made_at text not null, ends_ms integer, primary key (integration_id, version)) strict`,
  // An id counts once at its address, whatever connection it was for.
  `create table hook_seen (source text not null, id_hash text not null, brand_id text not null, until_ms integer,
    primary key (source, id_hash)) strict, without rowid`,
  'create index hook_seen_until on hook_seen (until_ms) where until_ms is not null',
  `create table hook_event (id text primary key, brand_id text not null, integration_id text not null,
    kind text not null, sealed text, seq integer not null, at text not null) strict`,
  'create index hook_event_brand on hook_event (brand_id, integration_id, seq)',
];

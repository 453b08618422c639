/** Health of connections, what their admins are told of it and how, and a second budget of tries for a send (R5, R7, R12). */
export const health: string[] = [
  // A connection without a row never failed.
  `create table circuit (integration_id text primary key, brand_id text not null, failures integer not null,
    failed_seq integer not null, failing_since_ms integer not null, is_open integer not null,
    open_until_ms integer not null, breaks integer not null, broken text) strict`,
  // One row a break and one a recovery, whoever notices it and how often (R7).
  `create table alert (integration_id text not null, break integer not null, kind text not null,
    what text not null, brand_id text not null, cause text not null, at text not null, told_at text,
    primary key (integration_id, break, kind)) strict`,
  'create index alert_untold on alert (at) where told_at is null',
  'create index alert_brand on alert (brand_id, at)',
  `create table alert_webhook (brand_id text primary key references brand(id), url text not null, sealed text not null,
    since text not null, last_good_at text, failing_since text, off_at text) strict`,
  `create table webhook_delivery (id text primary key, brand_id text not null, body text not null, state text not null,
    attempts integer not null, not_before_ms integer not null, at text not null) strict`,
  "create index webhook_delivery_waiting on webhook_delivery (not_before_ms) where state = 'waiting'",
  "alter table outbox add column state text not null default 'waiting'",
  'alter table outbox add column attempts integer not null default 0',
  'alter table outbox add column not_before_ms integer not null default 0',
  'alter table outbox add column sent_at text',
  'alter table outbox add column trouble text',
  "create index outbox_waiting on outbox (not_before_ms) where state = 'waiting'",
  // Attempts made before somebody pressed "Try again".
  'alter table share add column tries_from integer not null default 0',
];

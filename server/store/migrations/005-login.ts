/** Visitors' sign-ins on their way; a row lives ten minutes, and what it holds of a person is sealed. */
export const login: string[] = [
  `create table login_transaction (id text primary key, brand_id text not null, integration_id text not null,
    conn_epoch integer not null, issuer text not null, pick_hash text not null unique, code_hash text not null unique,
    state_hash text unique, cookie_hash text, sealed text, stage text not null, created_at text not null,
    expires_ms integer not null) strict`,
  'create index login_transaction_expires on login_transaction (expires_ms)',
];

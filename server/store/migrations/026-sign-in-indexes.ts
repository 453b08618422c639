/** Sign-ins under way are counted and cleared at each start: found without reading those of everybody else. */
export const signInIndexes: string[] = [
  'create index connect_transaction_expires on connect_transaction (expires_ms)',
  'create index connect_transaction_brand on connect_transaction (brand_id, stage)',
  'create index login_transaction_brand on login_transaction (brand_id, stage)',
];

/** Database order: one row, raised inside write transactions only. */
interface CounterTable {
  name: string;
  value: number;
}

interface MetaTable {
  key: string;
  value: string;
}

interface BrandTable {
  id: string;
  slug: string;
  legal_name: string;
  name: string;
  address: string;
  contact: string;
  country: string;
  /** contract BrandConfig, JSON. */
  settings_json: string;
  /** Data key of the brand's secrets, wrapped by the vault key (SECURITY.md control 2). */
  wrapped_key: string;
  created_at: string;
}

interface IntegrationTable {
  id: string;
  brand_id: string;
  provider: string;
  sandbox: number;
  account_id: string;
  account_name: string;
  connection: 'active' | 'revoked';
  conn_epoch: number;
  revoked_before_seq: number;
  manifest_hash: string;
  connected_at: string;
  last_good_at: string | null;
  /** Last failure since the last good call: a word of ours, never the partner's text. */
  trouble: string | null;
  /** Permissions the partner gave, JSON; null where they are not known. */
  scopes_json: string | null;
}

interface VaultTable {
  brand_id: string;
  integration_id: string;
  /** JSON of the token set, AES-256-GCM; AAD = brand, integration, field, key id. */
  sealed: string;
  version: number;
  updated_at: string;
}

interface TokenRefreshTable {
  integration_id: string;
  brand_id: string;
  /** The vault row it speaks of; another version there, and this row says nothing. */
  version: number;
  /** New at each change: compared before the next one. */
  stamp: number;
  /** Clock of the process that asks the authorization server right now; left standing when that process died. */
  owner: string | null;
  /** Attempts in a row after which the server may have given a new token that never arrived. */
  lost: number;
  failures: number;
  /** Nobody asks again for this long, milliseconds, at the latest until `until_ms` by the wall clock. */
  wait_ms: number;
  until_ms: number;
}

interface ConnectTransactionTable {
  id: string;
  brand_id: string;
  state_hash: string;
  adapter: string;
  sandbox: number;
  user_id: string;
  session_id: string;
  cookie_hash: string;
  /** JSON { verifier } before the callback, { tokens, account } after it; sealed. */
  sealed: string;
  stage: 'started' | 'called_back' | 'confirmed' | 'refused';
  created_at: string;
  expires_ms: number;
}

interface LoginTransactionTable {
  id: string;
  brand_id: string;
  integration_id: string;
  /** The connection's epoch when the frame asked: one that was turned off since ends the login. */
  conn_epoch: number;
  issuer: string;
  /** What the widget's frame fetches the result with, and what it opened the tab with. */
  pick_hash: string;
  code_hash: string;
  state_hash: string | null;
  cookie_hash: string | null;
  /** contract of login-transaction.ts, sealed; null before the tab is open and after it is over. */
  sealed: string | null;
  stage: 'asked' | 'started' | 'called_back' | 'claimed' | 'chosen' | 'handed' | 'over';
  created_at: string;
  expires_ms: number;
}

interface ManifestTable {
  hash: string;
  brand_id: string;
  provider: string;
  body_json: string;
  published_at: string;
}

interface MappingTable {
  integration_id: string;
  brand_id: string;
  /** Manifest that a person of the brand approved last, whole. */
  approved_hash: string;
  /** What of it the add-on has declared ever since; less than that is published where fields are off. */
  kept_hash: string;
  /** Keys of fields the brand turned off (contract fieldKey), JSON. */
  off_json: string;
  /** Counts changes. */
  version: number;
}

/** Brands, their connections, and what those may share. */
export interface BrandTables {
  counter: CounterTable;
  meta: MetaTable;
  brand: BrandTable;
  integration: IntegrationTable;
  vault: VaultTable;
  token_refresh: TokenRefreshTable;
  connect_transaction: ConnectTransactionTable;
  login_transaction: LoginTransactionTable;
  manifest: ManifestTable;
  mapping: MappingTable;
}

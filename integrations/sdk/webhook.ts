/** What a signature is made over, in this order; `form` is every field of a form, sorted by name, name and value joined. */
export type SignedPart = 'method' | 'url' | 'body' | 'timestamp' | 'form' | { text: string };

/**
 * How a partner proves that a call is its own (PARTNERS.md 7.2). There is no way to declare "not at all". `hmac` carries
 * one signature in `header`, after `prefix`; `standard` is Standard Webhooks; `token` is a secret in the body's member of
 * that name; `basic` are credentials that we chose.
 */
export type WebhookSignature =
  | {
      kind: 'hmac';
      hash: 'sha256' | 'sha1';
      encoding: 'hex' | 'base64';
      header: string;
      prefix?: string;
      over: SignedPart[];
      /** Where the time of sending stands, and its unit; it must be signed too. Without one, ids are kept for good. */
      timestamp?: { header: string; unit: 'seconds' | 'milliseconds' };
    }
  | { kind: 'standard' }
  | { kind: 'token'; member: string }
  | { kind: 'basic' };

/** Calls a partner makes to us, as data (R11). */
export interface WebhookFacts {
  signature: WebhookSignature;
  /** What it is signed with: the secret of the OAuth app, or one made by the hub that an admin enters at the partner. */
  secret: 'client' | 'ours';
  /** `connection`: each connection has an address of its own. `app`: one for all accounts, and `account` says whose it is. */
  address: 'connection' | 'app';
  body: 'json' | 'form';
  /** The body is a JSON list of events; else it is one event. */
  list?: true;
  /** Members that together name an event for ever, the same at each try; empty with `standard`, whose header names it. */
  id: string[];
  /** Member with the id of the account, as `auth.accountId` gave it. */
  account?: string;
}

/**
 * What a call can say, closed: the partner erased a person for good; put the record of one away, to be restored there;
 * took our app out of the account, so that the key is dead.
 */
export const happenings = ['erased', 'removed', 'uninstalled'] as const;

/** What one event came to; `record` is the partner's reference of the person, as a handler of `on` reported it. */
export type Happened = { kind: 'erased' | 'removed'; record: string } | { kind: 'uninstalled' };

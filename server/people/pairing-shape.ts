import type { Store, Tx } from '../store/open.ts';
import type { PairingTable } from '../store/tables-people.ts';
import type { EndedBell } from './ended.ts';
import type { Limit } from './limit.ts';
import type { Membership } from './membership.ts';

/** Who approves, lists and ends: an Agent fits. */
export type PairingAgent = Pick<Membership, 'userId' | 'brandId' | 'role'> & {
  kind: 'console' | 'extension';
  operator: boolean;
  /** When the second step was given, ISO 8601 UTC; a pairing this agent approves carries it (SECURITY.md BA8). */
  mfaAt: string | null;
};
/** A pairing that is in force, as the console lists it; times are ISO 8601 UTC. */
interface Paired {
  id: string;
  brandId: string;
  userId: string;
  /** Name of the person it acts for. */
  name: string;
  /** What the browser called itself: a stranger's word, to be shown as text. */
  browser: string;
  pairedAt: string;
  /** First use of its newest token, so up to 15 minutes old. */
  lastUsedAt: string | null;
}
/** A code that waits for a yes, for the approval page; times are ISO 8601 UTC. */
interface WaitingCode {
  code: string;
  browser: string;
  startedAt: string;
  expiresAt: string;
}
/** What a poll says (contract PairPoll). */
export type Polled =
  | { state: 'waiting' }
  | { state: 'refused' }
  | { state: 'paired'; token: string; expiresInSeconds: number; agent: string; brand: string };

/** Pairing of the extension, RFC 8628 in shape (SECURITY.md BA8). */
export interface Pairing {
  /** A code for the person and a secret for the poll, both for 5 minutes. Problems: too-many. */
  start(browser: string): Promise<{ code: string; secret: string; expiresInSeconds: number; pollSeconds: number }>;
  /** What waits behind a code. Changes nothing but the count of guesses. Problems: not-allowed, too-many, link-used. */
  describe(code: string, agent: PairingAgent): Promise<WaitingCode>;
  /** Says yes in the agent's name, for all their brands (R64). Problems: not-allowed, too-many, link-used. */
  approve(code: string, agent: PairingAgent): Promise<void>;
  /** Says no. Problems: not-allowed, too-many, link-used. */
  refuse(code: string, agent: PairingAgent): Promise<void>;
  /** Hands the token out once, in the first poll after the yes. Problems: link-used (unknown, over, handed out). */
  poll(secret: string): Promise<Polled>;
  /** The pairing of a token that is current and not over; nothing otherwise. Marks the token as used. */
  authenticate(
    token: string,
  ): Promise<{ id: string; brandId: string; userId: string; mfaAt: string | null } | undefined>;
  /** A new token for the current one, also when that is over. Reuse ends the pairing. Problems: token-ended. */
  rotate(token: string): Promise<{ token: string; expiresInSeconds: number }>;
  /**
   * Ends one pairing for all its brands: one's own, or with `unpair-others` one of anybody of the brand, wherever it was
   * approved, since it opens this brand too (R64; a guess: a browser that one brand gives up is given up). Problems: not-found.
   */
  end(agent: PairingAgent, pairingId: string): Promise<void>;
  /** Ends all pairings of a person: for a change of their second step. */
  endAll(userId: string, actor: string): Promise<void>;
  /**
   * After a removal, a change of role or a demand for a second step in one brand: ends the pairings of these people that
   * open no other brand now. The others go on for what they still open (R64).
   */
  endIn(brandId: string, userIds: readonly string[], actor: string): Promise<void>;
  /** Pairings in force of the brand's people; of one person when `userId` is given. */
  list(brandId: string, userId?: string): Promise<Paired[]>;
}

/** What `createPairing` needs. `guesses` counts tries of codes per agent; `now` gives milliseconds since 1970. */
export interface PairingDeps {
  store: Store;
  /** 32 bytes: codes are too short for a plain hash. */
  key: Buffer;
  guesses: Limit;
  bell: EndedBell;
  now: () => number;
}

/** A pairing's row by one of its marks. */
export const rowBy = (
  tx: Pick<Tx, 'get' | 'sql'>,
  column: 'code_hash' | 'secret_hash' | 'token_hash' | 'id',
  value: string,
): PairingTable | undefined => tx.get(tx.sql.selectFrom('pairing').selectAll().where(column, '=', value));

/** Changes one row. */
export const change = (tx: Tx, id: string, to: Partial<PairingTable>): void =>
  tx.run(tx.sql.updateTable('pairing').set(to).where('id', '=', id));

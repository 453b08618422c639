/** What an event of a partner came to; `unread`: the add-on could not read it, and nothing was done. */
export type Happening = 'erased' | 'removed' | 'uninstalled' | 'unread';

/** The calls a partner makes to one connection, as its page shows them (R11). */
export interface HookView {
  /** Where the partner sends them; absent for who may not read it. */
  address?: string;
  /** The connection is off, and no call is taken: only what came before is left. */
  off?: true;
  /** One address for every brand of this hub, entered by whoever runs it. */
  shared: boolean;
  /** Absent: it is signed with the app's own secret and nothing is to be made here. */
  secret?: { made: boolean /** ISO 8601: until when the one before counts too. */; oldUntil?: string };
  lastAt?: string;
  /** Calls that were not signed as they should be, or were for no account here; at this address. */
  refused: number;
  refusedAt?: string;
  /** Rows of the list of events. */
  events: number;
}

/** One event of the list. */
export interface HookEntry {
  id: string;
  kind: Happening;
  /** The partner's own reference of the person. */
  record?: string;
  at: string;
}

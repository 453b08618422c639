/** One thing the admins of a brand were told (R7): a connection broke, or works again. */
export interface AlertLine {
  partner: string;
  connection: string;
  kind: 'broken' | 'works';
  /** What is, or was, broken: the partner cannot be worked with, or it turned our key down. */
  what: 'circuit' | 'reconnect';
  /** One plain sentence; empty for a recovery. */
  cause: string;
  /** ISO 8601. */
  at: string;
}

/** Links by which whoever reads a mailbox shows that they do (R36): whose mailbox, and mail that answers its reader. */
export const mailedLink: string[] = [
  // A code that was mailed: the keyed name of the mailbox it went to (GATE.md f), never the address.
  'alter table preference_session add column lookup_hmac text',
  // 1: its reader asked for it on the public page, so an earlier STOP does not keep it away.
  'alter table outbox add column asked integer not null default 0',
];

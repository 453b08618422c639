const id = encodeURIComponent;

/** Every address the console links or posts to, once; routes are mounted at the same ones. */
export const paths = {
  connections: '/console',
  /** GET shows the data sheet, POST starts the partner's sign-in. */
  add: (provider: string) => `/console/add/${id(provider)}`,
  /** GET after the partner's sign-in; POST with `answer` = connect | discard. */
  confirm: (pending: string) => `/console/confirm/${id(pending)}`,
  connection: (connection: string) => `/console/connections/${id(connection)}`,
  /** GET asks once more, POST disconnects. */
  disconnect: (connection: string) => `/console/connections/${id(connection)}/disconnect`,
  /** POST with `version` and `on.<purpose>.<field>` for each field that stays on; the page itself has the form. */
  fields: (connection: string) => `/console/connections/${id(connection)}/fields`,
  /** GET shows what a newer version of the add-on wants, POST with `version` and `manifest` approves it. */
  changes: (connection: string) => `/console/connections/${id(connection)}/changes`,
  /** GET, `q` is what is looked for. */
  ledger: '/console/ledger',
  agents: '/console/agents',
  /** POST with `pairing`. */
  unpair: '/console/agents/unpair',
  /** POST with `session`. */
  endSession: '/console/agents/end-session',
  outbox: '/console/outbox',
  mail: (mail: string) => `/console/outbox/${id(mail)}`,
  /** GET with `code` asks to compare, without one asks for it; POST with `code` and `answer` = confirm | refuse. */
  pair: '/pair',
  panel: '/panel',
  /** GET shows the form, POST with `email` mails the link. */
  signIn: '/sign-in',
  /** POST. */
  signOut: '/sign-out',
} as const;

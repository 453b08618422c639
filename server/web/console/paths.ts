const id = encodeURIComponent;

/** Every address the console links or posts to, once; routes are mounted at the same ones. */
export const paths = {
  /** What a role comes for: connections, or how to answer chats. */
  connections: '/console',
  /** GET shows the data sheet, POST starts the partner's sign-in. */
  add: (provider: string) => `/console/add/${id(provider)}`,
  /** GET shows the form for a key, POST tries it and connects. */
  key: (provider: string) => `/console/add/${id(provider)}/key`,
  /** GET after the partner's sign-in; POST with `answer` = connect | discard. */
  confirm: (pending: string) => `/console/confirm/${id(pending)}`,
  connection: (connection: string) => `/console/connections/${id(connection)}`,
  /** GET asks once more, POST disconnects. */
  disconnect: (connection: string) => `/console/connections/${id(connection)}/disconnect`,
  /** GET lists who is to be told by hand, POST with `job` notes that it was done. */
  followedUp: (connection: string) => `/console/connections/${id(connection)}/follow-ups`,
  /** GET lists what the partner told us. */
  hookEvents: (connection: string) => `/console/connections/${id(connection)}/events`,
  /** POST makes a new secret and shows it, once. */
  hookSecret: (connection: string) => `/console/connections/${id(connection)}/webhook-secret`,
  /** GET asks once more, POST takes every yes back. */
  revokeAll: (connection: string) => `/console/connections/${id(connection)}/revoke-all`,
  /** GET shows the form; POST with `list` says what it would do, with `sure` it does it. */
  importAnswers: '/console/import',
  /** POST with `version` and `on.<purpose>.<field>` for each field that stays on; the page itself has the form. */
  fields: (connection: string) => `/console/connections/${id(connection)}/fields`,
  /** GET shows what a newer version of the add-on wants, POST with `version` and `manifest` approves it. */
  changes: (connection: string) => `/console/connections/${id(connection)}/changes`,
  /** POST with `confirmed` = yes | no: whether the partner takes calls from the hub's address alone. */
  allowList: (connection: string) => `/console/connections/${id(connection)}/allow-list`,
  /** GET shows what is stopped; POST with `what` (connection id, or all) and `why` stops it. */
  stop: '/console/stop',
  /** POST with `what` and `why`: lets it go on. */
  resume: '/console/stop/resume',
  notice: '/console/notice',
  /** GET shows one topic's texts, POST with `seen` and `text-<lang>` keeps them in the draft; `automatic` = lang, the hub's own words. */
  noticeText: (integration: string, purpose: string) => `/console/notice/text/${id(integration)}/${id(purpose)}`,
  /** POST with `lang` and `answer` = add | remove. */
  noticeLanguage: '/console/notice/language',
  /** GET; `lang` is whose text. */
  noticePreview: (lang: string) => `/console/notice/preview?lang=${id(lang)}`,
  /** GET, inside the preview. */
  noticeSurface: (surface: 'question' | 'preferences', lang: string, look: 'light' | 'dark') =>
    `/console/notice/preview/${surface}?lang=${id(lang)}&look=${look}`,
  /** GET says what it will do, POST with `seen` does it. */
  noticePublish: '/console/notice/publish',
  /** GET asks once more, POST discards. */
  noticeDiscard: '/console/notice/discard',
  /** GET: the line for the brand's pages, and the key that says who is signed in there. */
  website: '/console/website',
  /** GET, `q` is what is looked for. */
  ledger: '/console/ledger',
  /** GET shows the rules, POST saves them all at once. */
  rules: '/console/rules',
  /** GET leads to each group of chat settings. */
  chat: '/console/chat',
  /** GET shows how chats find an agent, POST saves it with `version`. */
  routing: '/console/chat/routing',
  /** GET shows the working hours, POST saves them with `version`. */
  hours: '/console/chat/hours',
  /** GET shows the look; POST with `colour`, `side`, `text`, `greeting` (and `use`, the shade that was offered) saves it. */
  look: '/console/chat/look',
  /** GET shows the rules for showing; POST saves them all at once. */
  showing: '/console/chat/showing',
  /** GET shows the form before a chat, POST saves it; so with the question after it and the notice before recording. */
  chatForm: '/console/chat/form',
  survey: '/console/chat/survey',
  recording: '/console/chat/recording',
  /** GET lists the canned replies, POST with `name` and `text` (and `id`, `version` for one that stands) keeps one. */
  replies: '/console/replies',
  /** POST with `id` and `version`. */
  removeReply: '/console/replies/remove',
  /** Sends that nobody tries again by itself. */
  notSent: '/console/not-sent',
  /** GET asks once more, POST with `attempts` (and `sure` = yes) queues it again. */
  tryAgain: (share: string) => `/console/not-sent/${id(share)}/again`,
  /** POST with `attempts`. */
  drop: (share: string) => `/console/not-sent/${id(share)}/drop`,
  alerts: '/console/alerts',
  /** POST with `url`: the answer shows the new secret, once. */
  webhook: '/console/alerts/webhook',
  /** POST. */
  webhookOff: '/console/alerts/webhook/off',
  agents: '/console/agents',
  /** POST with `pairing`. */
  unpair: '/console/agents/unpair',
  /** POST with `member`: takes a lost second step away. */
  takeStep: '/console/agents/take-second-step',
  /** POST with `answer` = everyone | free. */
  demandStep: '/console/agents/demand-second-step',
  /** POST with `session`. */
  endSession: '/console/agents/end-session',
  outbox: '/console/outbox',
  mail: (mail: string) => `/console/outbox/${id(mail)}`,
  /** POST: one that did not go is put on its way again. */
  mailAgain: (mail: string) => `/console/outbox/${id(mail)}/again`,
  /** GET with `code` asks to compare, without one asks for it; POST with `code` and `answer` = confirm | refuse. */
  pair: '/pair',
  panel: '/panel',
  /** GET shows the form, POST with `email` mails the link. */
  signIn: '/sign-in',
  /** Between a sign-in and every right: GET shows what is due, POST with `code` goes on. */
  secondStep: '/second-step',
  /** POST makes a new secret and shows it. */
  beginStep: '/second-step/begin',
  /** POST with `code`, the first one of that secret. */
  confirmStep: '/second-step/confirm',
  /** One's own second step, as it is. */
  ownStep: '/console/second-step',
  /** POST with `code`. */
  newCodes: '/console/second-step/codes',
  /** POST with `code`. */
  stepOff: '/console/second-step/off',
  /** POST. */
  signOut: '/sign-out',
} as const;

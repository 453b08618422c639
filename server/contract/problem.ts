/** Registry of problem types (RFC 9457): slug, HTTP status, title, and what the reader can do about it. */
export const problems = {
  'bad-json': { status: 400, title: 'That is not valid JSON.', remedy: 'Send one JSON object.' },
  'bad-input': {
    status: 400,
    title: 'Something in the request has the wrong form.',
    remedy: 'Read the field named in detail.',
  },
  'not-signed-in': { status: 401, title: 'You are not signed in.', remedy: 'Sign in and try again.' },
  'second-step': {
    status: 401,
    title: 'Your second step is still to come.',
    remedy: 'Open the console: it asks for your code, or helps you set one up.',
  },
  'wrong-code': {
    status: 400,
    title: 'This code does not fit.',
    remedy: 'Type the newest code of your app; each works once. Or use a backup code.',
  },
  'token-ended': { status: 401, title: 'This session has ended.', remedy: 'Pair or sign in again.' },
  'not-allowed': { status: 403, title: 'You may not do that.', remedy: 'Ask an owner or admin of this brand.' },
  'wrong-origin': {
    status: 403,
    title: 'This request did not come from our own page.',
    remedy: 'Open the page on the hub and try again.',
  },
  'nonce-dead': {
    status: 403,
    title: 'This question can no longer be answered.',
    remedy: 'Open it again and answer there.',
  },
  'identity-refused': {
    status: 403,
    title: 'This proof of who you are does not hold.',
    remedy: 'Sign in on the page again, then open the chat.',
  },
  'not-found': { status: 404, title: 'There is nothing here.', remedy: 'Check the address.' },
  conflict: { status: 409, title: 'The same id was used for something else.', remedy: 'Send it again under a new id.' },
  'changed-meanwhile': {
    status: 409,
    title: 'Somebody changed this meanwhile.',
    remedy: 'Open the page again and look at what is there now.',
  },
  'moved-on': {
    status: 409,
    title: 'This changed since you looked at it. Nothing was done.',
    remedy: 'Look at it again, then decide.',
  },
  'may-be-twice': {
    status: 409,
    title: 'The partner may have this already. Nothing was done.',
    remedy: 'Open Not sent in the console and decide there.',
  },
  'asked-already': {
    status: 409,
    title: 'This chat will not ask again.',
    remedy: 'Go on without, or wait for the visitor.',
  },
  stopped: {
    status: 409,
    title: 'You told us to stop, so we mail you nothing.',
    remedy: 'Write START in the chat first, then ask for it again.',
  },
  'signed-in-as-other': {
    status: 409,
    title: 'This chat belongs to somebody else who signed in here.',
    remedy: 'Sign out in the chat, then begin a new one.',
  },
  'link-used': { status: 410, title: 'This link was used already, or it is too old.', remedy: 'Ask for a new one.' },
  forgotten: { status: 410, title: 'This person was forgotten.', remedy: 'Nothing is kept that could change.' },
  'too-large': { status: 413, title: 'That is too large.', remedy: 'Send less at once.' },
  'file-refused': {
    status: 422,
    title: 'This file cannot be sent.',
    remedy: 'Send a PNG, JPEG, GIF or WebP picture, a PDF or plain text, up to 10 MB.',
  },
  'wrong-type': { status: 415, title: 'This address takes another kind of content.', remedy: 'Send application/json.' },
  'nothing-may-leave': {
    status: 422,
    title: 'Nothing may leave.',
    remedy: 'Read the reasons, or ask the visitor first.',
  },
  'too-many': { status: 429, title: 'Too many requests.', remedy: 'Wait a little and try again.' },
  'connect-refused': { status: 400, title: 'The connection was not made.', remedy: 'Start again from Connections.' },
  'webhook-refused': {
    status: 401,
    title: 'This call is not signed as it should be.',
    remedy: 'Check secret, address and clock, then send it again. Nothing was stored.',
  },
  'webhook-unknown-account': {
    status: 422,
    title: 'No connection here belongs to this account.',
    remedy: 'Connect the account, or end the subscription there.',
  },
  'login-over': {
    status: 400,
    title: 'Nothing was filled in.',
    remedy: 'Close this tab and go on in the chat. Its form is as you left it.',
  },
  'store-failed': {
    status: 503,
    title: 'The hub cannot store anything just now.',
    remedy: 'Nothing was sent. Try again in a minute.',
  },
  internal: { status: 500, title: 'Something went wrong in the hub.', remedy: 'Nothing was sent. Try again.' },
} as const satisfies Record<string, { status: number; title: string; remedy: string }>;

/** A slug of the registry. */
export type ProblemSlug = keyof typeof problems;

/** The body of every error answer, `application/problem+json` (RFC 9457). */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail?: string;
  remedy: string;
}

/** An error the reader may see. `detail` never holds a personal value, a token or a partner's text. */
export class Problem extends Error {
  constructor(
    readonly slug: ProblemSlug,
    readonly detail?: string,
    options?: { cause?: unknown },
  ) {
    super(detail ?? problems[slug].title, options);
    this.name = 'Problem';
  }
  get status(): number {
    return problems[this.slug].status;
  }
  /** The body that leaves: nothing of `cause`, nothing of a stack (DESIGN.md 6.5). */
  body(): ProblemBody {
    const { status, title, remedy } = problems[this.slug];
    const detail = status < 500 && this.detail ? { detail: this.detail } : {};
    return { type: `/problems/${this.slug}`, title, status, ...detail, remedy };
  }
}

/** Throws a problem of the registry. */
export function problem(slug: ProblemSlug, detail?: string): never {
  throw new Problem(slug, detail);
}

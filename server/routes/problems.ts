import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import { Problem, type ProblemBody } from '#contract/problem.ts';
import { storeFailed } from '../store/readable.ts';
import { ErrorPage } from '../web/console/error.tsx';
import { pageStyles } from '../web/page.tsx';
import { problemForVisitor } from '../web/problem-words.ts';
import type { Env } from './callers.ts';
import { page } from './pages.ts';
import { wantedOf } from './reader.ts';

const wantsPage = (c: Context) =>
  !c.req.path.startsWith('/api/') && (c.req.header('accept') ?? '').includes('text/html');

function answer(c: Context<Env>, problem: ProblemBody): Response {
  c.header('cache-control', 'no-store');
  if (!wantsPage(c)) {
    // The API's profile, wherever the error came from (SECURITY.md 4.3, sec-H07).
    c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    c.header('x-frame-options', 'DENY');
    c.header('cross-origin-resource-policy', 'same-origin');
    return c.body(JSON.stringify(problem), problem.status as 400, { 'content-type': 'application/problem+json' });
  }
  const inChat = problem.type === '/problems/login-over'; // its reader came from a chat in another tab
  const forVisitor = inChat || /^\/(privacy|receipts|login)\b/.test(c.req.path);
  const said = problemForVisitor(problem, forVisitor ? wantedOf(c) : []);
  const back = /^\/(console|oauth)\b/.test(c.req.path)
    ? { href: '/console', label: 'Console' }
    : { href: '/', label: said.start };
  return page(
    c,
    { title: said.problem.title, lang: said.lang, styles: pageStyles.door, bodyClass: 'public' },
    ErrorPage(inChat ? said : { ...said, back }),
    problem.status,
  );
}

/** The one place that turns errors into answers (DESIGN.md 6.5): details of 5xx and causes never leave. */
export const onError: ErrorHandler<Env> = (e, c) => {
  const problem =
    e instanceof Problem ? e : new Problem(storeFailed(e) ? 'store-failed' : 'internal', undefined, { cause: e });
  if (problem.status >= 500)
    c.get('log')?.error({ kind: e.name, where: placeOf(c.req.path), at: frames(e) }, 'request failed');
  if (problem.status === 429) c.header('retry-after', String(secondsLeft(problem.cause)));
  return answer(c, problem.body());
};

/** An address that is not here, and another brand's (DB4). */
export const onNotFound: NotFoundHandler<Env> = (c) => answer(c, new Problem('not-found').body());

/** The first words of a path: what follows may be a mailed link's token (SECURITY.md HO7). */
const placeOf = (path: string) =>
  path
    .split('/')
    .slice(0, path.startsWith('/api/') ? 3 : 2)
    .join('/');

/** Where it went wrong, without the message: that may hold a person's words (R90). */
const frames = (e: Error) =>
  (e.stack ?? '')
    .split('\n')
    .flatMap((line) => /^\s+at (.+)$/.exec(line)?.[1] ?? [])
    .slice(0, 3);

/** Until a limiter has a try again, in its own words; a minute where nobody knows. */
const secondsLeft = (limiter: unknown) =>
  Math.ceil(((limiter as { msBeforeNext?: number } | null | undefined)?.msBeforeNext ?? 60_000) / 1000);

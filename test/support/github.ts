import { type Evil, openEvil } from './evil.ts';

/** What the next sign-in at the stand-in gets; every part can be spoilt. */
export interface GithubPlan {
  /** Whether it knows our client and its secret. */
  knowsUs: boolean;
  /** Members put over the honest token answer. */
  answer: Record<string, unknown>;
  profile: unknown;
  emails: unknown;
  /** Status of the two GETs, and of taking the grant back. */
  statuses: { profile: number; emails: number; grant: number };
}

/** One person of GitHub's published examples, as far as it is read. */
const octocat = { id: 583_231, login: 'octocat', name: 'Mona Octocat', email: null };
const address = (email: string, primary: boolean, verified: boolean) => ({
  email,
  primary,
  verified,
  visibility: null,
});

/** The token every honest answer gives. */
export const githubToken = 'live-github-token-7c41';

/** A loopback stand-in of GitHub's OAuth and of the three calls the sign-in makes; a fake of ours, which proves our code alone. */
export async function openGithub() {
  const honest = (): GithubPlan => ({
    knowsUs: true,
    answer: {},
    profile: octocat,
    emails: [address('mona@octocat.example', true, true)],
    statuses: { profile: 200, emails: 200, grant: 204 },
  });
  const plan = honest();
  const evil: Evil = await openEvil((request, reply) => {
    const call = `${request.method} ${request.path}`;
    if (call === 'POST /web/login/oauth/access_token') {
      const given = { access_token: githubToken, token_type: 'bearer', scope: 'user:email', ...plan.answer };
      return plan.knowsUs ? reply.json(200, given) : reply.json(200, { error: 'incorrect_client_credentials' });
    }
    if (call === 'GET /api/user') return reply.json(plan.statuses.profile, plan.profile);
    if (call === 'GET /api/user/emails') return reply.json(plan.statuses.emails, plan.emails);
    if (call !== 'DELETE /api/applications/askfirst-github/grant') return reply.json(404, {});
    if (!plan.knowsUs) return reply.json(401, { message: 'x' });
    if (!request.body.includes(githubToken)) return reply.json(422, { message: 'x' });
    return plan.statuses.grant === 204 ? reply.raw('HTTP/1.1 204 x\r\n\r\n') : reply.json(plan.statuses.grant, {});
  });
  return {
    ...evil,
    plan,
    address,
    /** For a front door. */
    standIn: {
      allow: [evil.host],
      origins: new Map([
        ['https://github.com', `${evil.origin}/web`],
        ['https://api.github.com', `${evil.origin}/api`],
      ]),
    },
    /** Plays the browser there: the query of the callback. */
    visit(url: string): URLSearchParams {
      return new URLSearchParams({ code: 'a-code', state: new URL(url).searchParams.get('state') ?? '' });
    },
  };
}
/** What openGithub returns. */
export type Github = Awaited<ReturnType<typeof openGithub>>;

import type { JSX } from 'preact';
import type { ProblemBody } from '#contract/problem.ts';
import { Wordmark } from '../../../extension/panel/kit/icons.tsx';

/** A problem as a page: what happened, what to do, where to go. */
export interface ErrorProps {
  problem: ProblemBody;
  /** Left out where the reader goes on in another tab. */
  back?: { href: string; label: string };
}

/** For whoever asked for HTML; the same words as the problem+json (RFC 9457). */
export const ErrorPage = ({ problem, back }: ErrorProps): JSX.Element => (
  <div class="page door">
    <header class="mast">
      <Wordmark />
    </header>
    <main id="main">
      <h1>{problem.title}</h1>
      {problem.detail && <p class="lede">{problem.detail}</p>}
      <p class="lede">{problem.remedy}</p>
      {back && (
        <p class="acts">
          <a class="btn" href={back.href}>
            {back.label}
          </a>
        </p>
      )}
      <p class="faint">
        {problem.status}, <span class="code">{problem.type}</span>
      </p>
    </main>
  </div>
);

import type { JSX } from 'preact';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import type { Frame } from './shell.tsx';

/** How this brand's people sign in, as the agents page shows it. */
export interface BrandStepProps {
  frame: Frame;
  /** True while everyone is asked for a second step. */
  demanded: boolean;
  /** True where the reader has one. */
  own: boolean;
  /** True where the reader may change it. */
  mayChange: boolean;
}

/** The reader's own second step and the brand's rule. */
export const BrandStep = ({ frame, demanded, own, mayChange }: BrandStepProps): JSX.Element => (
  <section aria-labelledby="second-step">
    <h2 id="second-step">Second step</h2>
    <p class="dim">
      {own ? 'Yours is on.' : 'Yours is not set up.'} <a href={paths.ownStep}>{own ? 'Change it' : 'Set it up'}</a>
    </p>
    <p class="next">
      {demanded
        ? `Everyone of ${frame.brand} signs in with a second step: a code after the link.`
        : `At ${frame.brand} the link alone signs in whoever has set up no second step.`}
    </p>
    {mayChange && !demanded && (
      <p class="dim">
        {own
          ? 'If you ask everyone for one: whoever has none is led to set it up, and what was let in without one stops at once, panels included.'
          : 'To ask everyone for one, set up your own first.'}
      </p>
    )}
    {mayChange && (demanded || own) && (
      <PostForm action={paths.demandStep} csrf={frame.csrf} class="acts">
        <button class="btn" type="submit" name="answer" value={demanded ? 'free' : 'everyone'}>
          {demanded ? 'Stop asking everyone' : 'Ask everyone for a second step'}
        </button>
      </PostForm>
    )}
  </section>
);

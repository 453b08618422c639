import type { JSX } from 'preact';
import { Wordmark } from '../../../extension/panel/kit/icons.tsx';
import { PostForm } from '../form.tsx';

/** The second step of *Reset demo*. */
export interface ResetProps {
  /** POST. */
  action: string;
  csrf: string;
  backHref: string;
}

/** Asks once more before the demo's data is erased. */
export const ResetPage = ({ action, csrf, backHref }: ResetProps): JSX.Element => (
  <div class="page">
    <header class="mast">
      <Wordmark />
    </header>
    <main id="main">
      <h1>Start the demo again?</h1>
      <p class="lede">
        Ada with all chats and answers, the HubSpot connection and every paired panel are erased from this demo. The hub
        then stands as it did at its first start.
      </p>
      <div class="acts">
        <PostForm action={action} csrf={csrf}>
          <button class="btn" type="submit">
            Erase and start again
          </button>
        </PostForm>
        <a class="btn" href={backHref}>
          Keep everything
        </a>
      </div>
    </main>
  </div>
);

import type { JSX } from 'preact';
import { Wordmark } from '../../../extension/panel/kit/icons.tsx';

/** Between the partner's redirect and the confirmation: goes on by itself, and by its link. */
export const GoOn = ({ href }: { href: string }): JSX.Element => (
  <div class="page door">
    <header class="mast">
      <Wordmark />
    </header>
    <main id="main">
      <h1>Signed in at the partner</h1>
      <p class="lede">Nothing is connected yet. Next you compare account and brand.</p>
      <p class="acts">
        <a class="btn main" href={href}>
          Compare account and brand
        </a>
      </p>
    </main>
  </div>
);

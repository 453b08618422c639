import type { JSX } from 'preact';

/** A paper clip, beside a word: apart from the other icons, so that the widget carries this one alone. */
export const Clip = (): JSX.Element => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M13.5 7.3 8.1 12.6a3 3 0 0 1-4.3-4.2l5.7-5.6a2 2 0 0 1 2.9 2.8l-5.6 5.5a1 1 0 0 1-1.4-1.4l5-4.9" />
  </svg>
);

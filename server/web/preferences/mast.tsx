import type { JSX } from 'preact';
import { Languages } from './languages.tsx';
import type { Words } from './words/en.ts';

/** The head of a visitor's page: whose it is, and its languages; `home` is the page's own path. */
export const Mast = ({ brand, words, home }: { brand: string; words: Words; home: string }): JSX.Element => (
  <header class="mast">
    <strong>{brand}</strong>
    <Languages words={words} home={home} />
  </header>
);

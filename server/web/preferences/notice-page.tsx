import type { JSX } from 'preact';
import { day } from '../../i18n/en.ts';

/** One notice as it was published: who may get what, in the words visitors read. */
export interface NoticeProps {
  brand: { name: string; slug: string };
  now: string;
  publishedAt: string;
  /** Name of the notice in ledger rows and receipts: base64url of a SHA-256. */
  hash: string;
  texts: string[];
}

/** The words behind a hash of a receipt or ledger row (GATE.md g: row, answer, notice). */
export const NoticePage = ({ brand, now, publishedAt, hash, texts }: NoticeProps): JSX.Element => (
  <div class="page">
    <header class="mast">
      <strong>{brand.name}</strong>
    </header>
    <main id="main">
      <h1>Notice of {day(publishedAt, new Date(now))}</h1>
      <p class="lede">Nothing about you leaves {brand.name}’s chat unless you say yes.</p>
      {texts.length === 0 && <p>No partner was connected then, so nobody could get anything.</p>}
      {texts.map((text) => (
        <p key={text} class="may">
          {text}
        </p>
      ))}
      <p class="when">
        Its name in receipts: <span class="code">{hash}</span>
      </p>
      <p>
        <a href={`/privacy/${brand.slug}`}>Your choices</a>
      </p>
    </main>
  </div>
);

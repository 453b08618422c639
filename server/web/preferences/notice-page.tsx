import type { JSX } from 'preact';
import type { NoticeFacts } from '#contract/notice.ts';
import { day, languageName, possessive } from '../../i18n/en.ts';
import { NoticeWords } from '../notice-words.tsx';

/** One notice as it was published: who may get what, in the words visitors read. */
export interface NoticeProps {
  brand: { name: string; slug: string };
  now: string;
  /** ISO time of its publication, and its number among the brand's. */
  at: string;
  version: number;
  /** Name of the notice in ledger rows and receipts: base64url of a SHA-256. */
  hash: string;
  /** BCP 47. */
  lang: string;
  blocks: { text: string; facts?: NoticeFacts }[];
  /** The same version in its other languages. */
  others: { lang: string; href: string }[];
}

/** The words behind a hash of a receipt or ledger row (GATE.md g: row, answer, notice). */
export const NoticePage = ({ brand, now, at, version, hash, lang, blocks, others }: NoticeProps): JSX.Element => (
  <div class="page">
    <header class="mast">
      <strong>{brand.name}</strong>
    </header>
    <main id="main" class="read">
      <h1>Notice of {day(at, new Date(now))}</h1>
      <p class="lede">Nothing about you leaves {possessive(brand.name)} chat unless you say yes.</p>
      {blocks.length === 0 && <p>No partner was connected then, so nobody could get anything.</p>}
      {blocks.map(({ text, facts }) => (
        <p key={text} class="may">
          <NoticeWords text={text} lang={lang} facts={facts} />
        </p>
      ))}
      {others.length > 0 && (
        <p class="when">
          The same in{' '}
          {others.map((o, n) => (
            <>
              {n > 0 && ', '}
              <a key={o.lang} href={o.href} hreflang={o.lang}>
                {languageName(o.lang)}
              </a>
            </>
          ))}
          .
        </p>
      )}
      <p class="when">
        Version {version}, {languageName(lang)}. Its name in receipts: <span class="code">{hash}</span>
      </p>
      <p>
        <a href={`/privacy/${brand.slug}`}>Your choices</a>
      </p>
    </main>
  </div>
);

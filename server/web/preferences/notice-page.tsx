import type { JSX } from 'preact';
import type { NoticeFacts } from '#contract/notice.ts';
import { inLanguage } from '../../i18n/spoken.ts';
import { NoticeWords } from '../notice-words.tsx';
import { Mast } from './mast.tsx';
import type { Words } from './words/en.ts';

/** One notice as it was published: who may get what, in the words visitors read. */
export interface NoticeProps {
  /** Everything around the notice, in the reader's language. */
  words: Words;
  brand: { name: string; slug: string };
  now: string;
  /** ISO time of its publication, and its number among the brand's. */
  at: string;
  version: number;
  /** Name of the notice in ledger rows and receipts: base64url of a SHA-256. */
  hash: string;
  /** Language of the notice itself (BCP 47). */
  lang: string;
  blocks: { text: string; facts?: NoticeFacts }[];
  /** The same version in its other languages. */
  others: { lang: string; href: string }[];
  /** The language this address asks for: it goes along with whatever is pressed. */
  asked?: string;
}

/** The words behind a hash of a receipt or ledger row (GATE.md g: row, answer, notice). */
export function NoticePage(props: NoticeProps): JSX.Element {
  const { words, brand, now, at, version, hash, lang, blocks, others, asked } = props;
  const home = `/privacy/${brand.slug}`;
  return (
    <div class="page">
      <Mast brand={brand.name} words={words} home={`${home}/notices/${hash}`} />
      <main id="main" class="read">
        <h1>{words.notice(words.day(at, new Date(now)))}</h1>
        <p class="lede">{words.noticeLede(brand.name)}</p>
        {blocks.length === 0 && <p>{words.noticeEmpty}</p>}
        {blocks.map(({ text, facts }) => (
          <p key={text} class="may">
            <NoticeWords text={text} lang={lang} facts={facts} say={words} />
          </p>
        ))}
        {others.length > 0 && (
          <p class="when">
            {words.sameIn[0]}
            {others.map((o, n) => (
              <>
                {n > 0 && ', '}
                <a key={o.lang} href={inLanguage(o.href, asked)} hreflang={o.lang}>
                  {words.languageName(o.lang)}
                </a>
              </>
            ))}
            {words.sameIn[1]}
          </p>
        )}
        <p class="when">
          {words.versionIn(version, words.languageName(lang))} <span class="code">{hash}</span>
        </p>
        <p>
          <a href={inLanguage(home, asked)}>{words.choices}</a>
        </p>
      </main>
    </div>
  );
}

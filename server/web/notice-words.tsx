import type { JSX } from 'preact';
import type { NoticeFacts } from '#contract/notice.ts';
import { country } from '../i18n/en.ts';

/** The notice's words about one partner and purpose, as every surface draws them. */
export interface NoticeWordsProps {
  text: string;
  /** BCP 47 tag of the text, so that it is read out in its own voice; absent for the page's. */
  lang?: string | undefined;
  /** What stands below words a brand wrote itself. Always in the page's language, and nobody can leave it out. */
  facts?: NoticeFacts | undefined;
}

/** Text, never markup: whatever a brand writes is words. */
export const NoticeWords = ({ text, lang, facts }: NoticeWordsProps): JSX.Element => (
  <>
    <span lang={lang} dir={lang ? 'auto' : undefined}>
      {text}
    </span>
    {facts && ` ${factsLine(facts)}`}
  </>
);

/** "HubSpot, Inc., 2 Canal Park (United States). Kept until … The chat goes on either way." */
const factsLine = ({ legalName, address, countries, retention }: NoticeFacts): string =>
  `${legalName}, ${address} (${countries.map(country).join(', ')}). Kept ${retention}. The chat goes on either way.`;

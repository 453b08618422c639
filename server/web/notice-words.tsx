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
  /** How that is said where the page is not in English. */
  say?: FactsWords;
}

/** What the facts need besides themselves; how long something is kept stays in the add-on's own English. */
interface FactsWords {
  factsLine: { kept: string; either: string };
  country: (code: string) => string;
}
const english: FactsWords = { factsLine: { kept: 'Kept', either: 'The chat goes on either way.' }, country };

/** Text, never markup: whatever a brand writes is words. */
export const NoticeWords = ({ text, lang, facts, say = english }: NoticeWordsProps): JSX.Element => (
  <>
    <span lang={lang} dir={lang ? 'auto' : undefined}>
      {text}
    </span>
    {facts && <FactsLine {...facts} say={say} />}
  </>
);

/** "HubSpot, Inc., 2 Canal Park (United States). Kept until … The chat goes on either way." */
const FactsLine = ({
  legalName,
  address,
  countries,
  retention,
  say,
}: NoticeFacts & { say: FactsWords }): JSX.Element => (
  <>
    {` ${legalName}, ${address} (${countries.map(say.country).join(', ')}). ${say.factsLine.kept} `}
    <span lang="en">{retention}</span>
    {`. ${say.factsLine.either}`}
  </>
);

import type { JSX } from 'preact';
import { questionOf } from '../../server/consent/questions.ts';
import { NoticeList, type NoticeListProps } from '../../server/web/console/notice.tsx';
import { NoticePreview, QuestionPreview } from '../../server/web/console/notice-preview.tsx';
import {
  NoticeDiscardPage,
  NoticePublishPage,
  type NoticePublishProps,
} from '../../server/web/console/notice-publish.tsx';
import { NoticeTextPage, type NoticeTextProps } from '../../server/web/console/notice-text.tsx';
import { pageStyles, renderPage } from '../../server/web/page.tsx';
import { NoticePage } from '../../server/web/preferences/notice-page.tsx';
import { words } from '../../server/web/preferences/words/en.ts';
import { choice, frame, now, sheet } from './gallery-data.ts';

const crm = 'CustomerRelationshipManagement';
const care = 'CustomerCare';
const english = 'HubSpot keeps your record, so that we know you when you write again.';
const german = 'HubSpot führt Ihre Kundenakte, damit wir Sie wiedererkennen, wenn Sie wieder schreiben.';
const automatic = choice.purposes[0]?.notice ?? '';
const facts = { ...sheet.recipient, retention: sheet.retention };

const list: NoticeListProps = {
  frame,
  now,
  version: 4,
  topics: [
    { integration: 'c1', partner: 'HubSpot', purpose: crm, text: english, missing: [], drafted: ['en', 'de'] },
    { integration: 'c1', partner: 'HubSpot', purpose: care, text: automatic, missing: ['de'], drafted: [] },
  ],
  langs: [
    { lang: 'en', offered: true, missing: 0 },
    { lang: 'de', offered: false, missing: 1 },
    { lang: 'da', offered: true, missing: 0 },
  ],
  draft: { by: 'Maria Lund', at: '2026-11-22T14:02:00Z' },
  versions: [
    {
      version: 4,
      at: '2026-11-01T08:00:00Z',
      by: 'Maria Lund',
      langs: ['da', 'en'].map((lang) => ({ lang, href: `/privacy/harbor-motors/notices/${lang}` })),
      changes: [
        { partner: 'HubSpot', purpose: crm, lang: 'en', change: 'changed' },
        { partner: 'HubSpot', purpose: crm, lang: 'da', change: 'new' },
      ],
    },
    {
      version: 3,
      at: '2026-10-12T09:30:00Z',
      langs: [{ lang: 'en', href: '/privacy/harbor-motors/notices/en' }],
      changes: [{ partner: 'Shopify', purpose: care, lang: 'en', change: 'removed' }],
    },
  ],
};

const { draft: _, ...undrafted } = list;

const text: NoticeTextProps = {
  frame,
  integration: 'c1',
  purpose: crm,
  manifest: sheet,
  langs: ['en', 'de'],
  texts: { en: english, de: german },
  automatic,
  seen: 'seen-sample',
};

const plan: NoticePublishProps = {
  frame,
  version: 5,
  seen: 'seen-sample',
  effects: [
    {
      integration: 'c1',
      partner: 'HubSpot',
      purpose: crm,
      changes: [
        { lang: 'en', change: 'changed', before: automatic, after: english },
        { lang: 'de', change: 'new', after: german },
        { lang: 'fr', change: 'removed', before: 'HubSpot tient votre dossier client.' },
      ],
      stale: 1204,
      stays: 87,
    },
    { integration: 'c1', partner: 'HubSpot', purpose: care, changes: [], stale: 0, stays: 12 },
  ],
  langs: [
    { lang: 'en', offered: true, missing: 0 },
    { lang: 'de', offered: false, missing: 1, change: 'added' },
    { lang: 'fr', offered: false, missing: 0, change: 'removed' },
  ],
  obstacles: [],
};
const missing = 'The English text is missing: HubSpot, for looking after you.';

const topic = { integration: 'c1', purpose: crm, manifest: sheet, sandbox: true } as const;
const question = questionOf(topic, { lang: 'de' }, { integration: 'c1', purpose: crm, text: german, hash: '', facts });
const preview = { frame, lang: 'de', langs: ['en', 'de'], draft: true, missing: 1 };
const surfaces = [
  { title: 'The question in the chat, light', href: '/notice-question' },
  { title: 'The preference page, light', href: '/preferences' },
];

/** The notice's pages in every state worth looking at, by name. */
export const noticeGallery: Record<string, [keyof typeof pageStyles, JSX.Element]> = {
  notice: ['console', <NoticeList {...list} />],
  'notice-empty': ['console', <NoticeList {...undrafted} topics={[]} versions={[]} langs={[]} />],
  'notice-text': ['console', <NoticeTextPage {...text} done="Kept in the draft." />],
  'notice-text-wrong': ['console', <NoticeTextPage {...text} wrong={{ de: 'A link must start with https://.' }} />],
  'notice-text-moved': ['console', <NoticeTextPage {...text} moved={{ en: 'What another tab wrote.', de: german }} />],
  'notice-publish': ['console', <NoticePublishPage {...plan} />],
  'notice-publish-missing': ['console', <NoticePublishPage {...plan} obstacles={[missing]} />],
  'notice-discard': ['console', <NoticeDiscardPage frame={frame} version={4} />],
  'notice-preview': ['console', <NoticePreview {...preview} surfaces={surfaces} />],
  'notice-question': ['question', <QuestionPreview brand="Harbor Motors" questions={[question]} />],
  'notice-words': [
    'preferences',
    <NoticePage
      words={words}
      brand={{ name: 'Harbor Motors', slug: 'harbor-motors' }}
      now={now}
      at="2026-11-01T08:00:00Z"
      version={4}
      hash="8PYDlFE8bAkeyHJKnIQk0lu3N1aSsOoyDWWnXyHvJDQ"
      lang="de"
      blocks={[{ text: german, facts }]}
      others={[{ lang: 'en', href: '/privacy/harbor-motors/notices/en' }]}
    />,
  ],
};

/** The editor's page with its script, as the hub serves it. */
export const renderNoticeText = (more: Partial<NoticeTextProps>): string =>
  renderPage({
    title: 'Notice',
    lang: 'en',
    styles: pageStyles.console.map((file) => `/assets/${file}`),
    script: '/assets/notice.js',
    nonce: 'gallery-nonce',
    body: <NoticeTextPage {...text} langs={['en']} {...more} />,
    bodyClass: 'console',
  });

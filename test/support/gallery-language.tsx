import type { JSX } from 'preact';
import { NoticePage } from '../../server/web/preferences/notice-page.tsx';
import { PreferencesPage } from '../../server/web/preferences/preferences-page.tsx';
import { ProvePage } from '../../server/web/preferences/prove.tsx';
import { pageSpoken } from '../../server/web/preferences/spoken.ts';
import type { Words } from '../../server/web/preferences/words/en.ts';
import { choiceKnows, choiceOff, nobodyKnown, now, preferences, sheet, slack } from './gallery-data.ts';

const rules = (words: Words) => [
  { rule: 'places' as const, text: words.rules.serves(['DK', 'US-CA'], false) },
  { rule: 'dntActsLikeGpc' as const, text: words.rules.switches.dntActsLikeGpc, since: '2026-11-20T09:00Z' },
];
const told = { state: 'waiting' as const, dueAt: '2026-12-07T10:00:00Z' };

/** The page as its visitor reads it: answers of every kind, what left, what stayed and why. */
const mine = (words: Words): JSX.Element => (
  <PreferencesPage
    {...preferences}
    words={words}
    lang={words.tag}
    rules={rules(words)}
    integrations={[choiceKnows, slack]}
    saved={{ integration: 'hubspot', stopped: 0 }}
    signal="gpc"
    otherBrands
  />
);
/** The same after everything was turned off, with an address that could not be taken. */
const off = (words: Words): JSX.Element => (
  <PreferencesPage
    {...preferences}
    words={words}
    rules={undefined}
    stops={{ all: true, profiling: true }}
    integrations={[{ ...choiceOff, connected: false, alreadyOut: { fields: ['name', 'email'], at: now, told } }, slack]}
    history={[]}
    failed={{ integration: 'slack' }}
    address={{ value: 'ada', state: 'wrong' }}
  />
);
const stranger = (words: Words): JSX.Element => (
  <PreferencesPage
    {...preferences}
    {...nobodyKnown}
    words={words}
    integrations={[
      {
        ...slack,
        purposes: slack.purposes.map(({ reason: _, since: _at, notBefore: _not, ...p }) => ({ ...p, state: 'open' })),
      },
    ]}
    again={{ integration: 'slack' }}
  />
);
const notice = (words: Words): JSX.Element => (
  <NoticePage
    words={words}
    asked={words.tag}
    brand={preferences.brand}
    now={now}
    at="2026-11-01T08:00:00Z"
    version={4}
    hash="8PYDlFE8bAkeyHJKnIQk0lu3N1aSsOoyDWWnXyHvJDQ"
    lang="en"
    blocks={[
      {
        text: 'HubSpot keeps your record, so that we know you when you write again.',
        facts: { ...sheet.recipient, retention: sheet.retention },
      },
    ]}
    others={[{ lang: 'de', href: '/privacy/harbor-motors/notices/de' }]}
  />
);

/** The page behind a mailed link, and behind a dead one. */
const prove = (words: Words, code?: string): JSX.Element => (
  <ProvePage words={words} brand={preferences.brand} lang={words.tag} {...(code ? { code } : {})} />
);

/** A visitor's own pages in every language but English, which the other galleries are in; what has no other gallery in all four. */
export const languageGallery = Object.fromEntries([
  ...[pageSpoken.da, pageSpoken.de, pageSpoken.fr].flatMap((words): [string, ['preferences', JSX.Element]][] => [
    [`visitor-${words.tag}`, ['preferences', mine(words)]],
    [`visitor-off-${words.tag}`, ['preferences', off(words)]],
    [`visitor-stranger-${words.tag}`, ['preferences', stranger(words)]],
    [`visitor-notice-${words.tag}`, ['preferences', notice(words)]],
    [`visitor-prove-${words.tag}`, ['preferences', prove(words, 'code-sample')]],
    [`visitor-prove-dead-${words.tag}`, ['preferences', prove(words)]],
  ]),
  ['preferences-prove', ['preferences', prove(pageSpoken.en, 'code-sample')]],
  ['preferences-prove-dead', ['preferences', prove(pageSpoken.en)]],
]);

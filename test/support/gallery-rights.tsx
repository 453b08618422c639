import type { JSX } from 'preact';
import type { RequestView } from '#contract/rights.ts';
import { ForgetPage } from '../../server/web/preferences/forget-page.tsx';
import { PreferencesPage } from '../../server/web/preferences/preferences-page.tsx';
import { RequestPage } from '../../server/web/preferences/request-page.tsx';
import { pageSpoken } from '../../server/web/preferences/spoken.ts';
import type { Words } from '../../server/web/preferences/words/en.ts';
import { now, preferences } from './gallery-data.ts';

const { brand } = preferences;
const dueAt = '2026-12-07T09:12:00Z';
const forgotten: RequestView = {
  kind: 'erase',
  receivedAt: '2026-11-22T09:12:00Z',
  dueOn: '2026-12-22',
  here: true,
  leafIndex: 481,
  state: 'partly',
  told: [
    { partner: 'HubSpot', sandbox: true, state: 'done', dueAt },
    { partner: 'Slack', sandbox: false, state: 'impossible', dueAt },
    {
      partner: 'Billing',
      sandbox: false,
      state: 'refused',
      dueAt,
      words: 'We cannot erase the invoice before 2031, because tax law keeps it.',
    },
  ],
};
const corrected: RequestView = {
  kind: 'correct',
  field: 'email',
  receivedAt: '2026-11-22T09:12:00Z',
  dueOn: '2026-12-22',
  here: true,
  state: 'open',
  told: [
    { partner: 'HubSpot', sandbox: true, state: 'waiting', dueAt },
    { partner: 'Slack', sandbox: false, state: 'impossible', dueAt, why: 'withdrawn' },
  ],
};
const under: RequestView = { ...forgotten, here: false, state: 'open', told: [] };
delete under.leafIndex;

const status = (words: Words, request: RequestView) => (
  <RequestPage words={words} brand={brand} now={now} request={request} here="/privacy/harbor-motors/requests/code" />
);
const forget = (words: Words) => (
  <ForgetPage
    words={words}
    brand={brand}
    csrf="csrf-sample"
    told={[
      { partner: 'HubSpot', sandbox: true, way: 'manual' },
      { partner: 'Slack', sandbox: false, way: 'none' },
    ]}
    action="/privacy/harbor-motors/forget"
    home="/privacy/harbor-motors"
  />
);

/** The pages of a person's requests, in every language. */
export const rightsGallery: Record<string, ['preferences', JSX.Element]> = Object.fromEntries([
  ...Object.values(pageSpoken).flatMap((words): [string, ['preferences', JSX.Element]][] => [
    [`request-forgotten-${words.tag}`, ['preferences', status(words, forgotten)]],
    [`request-corrected-${words.tag}`, ['preferences', status(words, corrected)]],
    [`forget-${words.tag}`, ['preferences', forget(words)]],
  ]),
  ['request-open', ['preferences', status(pageSpoken.en, under)]],
  [
    'preferences-correct-wrong',
    [
      'preferences',
      <PreferencesPage {...preferences} fix={{ field: 'email', value: 'ada at brandt', state: 'wrong' }} />,
    ],
  ],
  ['preferences-nothing-held', ['preferences', <PreferencesPage {...preferences} held={[]} requests={[]} />]],
]);

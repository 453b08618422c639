import type { JSX } from 'preact';
import { FollowUpsPage, RevokeAllPage } from '../../server/web/console/follow-ups.tsx';
import { ImportPage } from '../../server/web/console/import.tsx';
import { WebsitePage } from '../../server/web/console/website.tsx';
import { frame, hubspot, now } from './gallery-data.ts';

/** Pages about answers that were taken back, or that come from elsewhere. */
export const answersGallery: Record<string, ['console', JSX.Element]> = {
  'follow-ups': [
    'console',
    <FollowUpsPage
      frame={frame}
      now={now}
      connection={hubspot}
      mayChange
      followUps={[
        { id: 'job-1', action: 'suppress', about: 'record 4711', dueAt: '2026-11-20T10:00:00Z' },
        { id: 'job-2', action: 'erase', about: 'record 5120', dueAt: '2026-12-07T10:00:00Z' },
        {
          id: 'job-3',
          action: 'rectify',
          about: 'record 5121',
          set: { email: 'ada@holm.example' },
          dueAt: '2026-12-07T10:00:00Z',
        },
      ]}
    />,
  ],
  'follow-ups-none': [
    'console',
    <FollowUpsPage frame={frame} now={now} connection={hubspot} mayChange followUps={[]} done="Noted." />,
  ],
  website: [
    'console',
    <WebsitePage
      frame={frame}
      origin="https://hub.example.org"
      slug="harbor-motors"
      sites={['https://harbor.example']}
      signingKey="c2FtcGxlLXNhbXBsZS1zYW1wbGUtc2FtcGxlLTAwMDA"
    />,
  ],
  import: ['console', <ImportPage frame={frame} />],
  'import-preview': [
    'console',
    <ImportPage frame={frame} list={'ada@example.com, no\nhello'} preview={{ yes: 1000, no: 10, bad: [2] }} />,
  ],
  'import-done': ['console', <ImportPage frame={frame} done={{ unknown: 1000, withdrawn: 1, bad: [] }} />],
  'revoke-all': ['console', <RevokeAllPage frame={frame} connection={hubspot} />],
};

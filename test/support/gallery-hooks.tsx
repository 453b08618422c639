import type { JSX } from 'preact';
import type { HookView } from '#contract/hook.ts';
import { ConnectionPage } from '../../server/web/console/connection.tsx';
import { HookEventsPage, HookSecretPage } from '../../server/web/console/hook.tsx';
import { frame, gone, hubspot, now, sheet } from './gallery-data.ts';
import { fields } from './gallery-fields.ts';

const address =
  'https://hub.example.org/hooks/0197a5d2-7c1e-7c33-9d0b-2f4a61b8d0aa.q7iYx0Jm3pT2v9Hc8kLr1nZs4wB6dFgUeYaXo5tQmKs';
const link = {
  scopes: { missing: [], surplus: [] },
  mayConnect: true,
  frame,
  now,
  connection: hubspot,
  sheet,
  fields,
  mayChange: true,
};
const shared: HookView = { shared: true, address, lastAt: now, refused: 0, events: 2 };
const own: HookView = {
  shared: false,
  address,
  secret: { made: true, oldUntil: '2026-11-23T14:02:00Z' },
  lastAt: '2026-11-22T14:06:00Z',
  refused: 3,
  refusedAt: '2026-11-22T09:12:00Z',
  events: 1,
};
const at = (time: string) => `2026-11-22T${time}:00Z`;

/** A connection whose partner calls us, a secret just made, and what the partner told. */
export const hooksGallery: Record<string, ['console', JSX.Element]> = {
  'events-shared': ['console', <ConnectionPage {...link} hook={shared} />],
  'events-own': ['console', <ConnectionPage {...link} hook={own} />],
  'events-no-secret': [
    'console',
    <ConnectionPage {...link} hook={{ shared: false, address, secret: { made: false }, refused: 0, events: 0 }} />,
  ],
  'events-read': [
    'console',
    <ConnectionPage {...link} mayChange={false} hook={{ shared: true, refused: 0, events: 0 }} />,
  ],
  'events-off': [
    'console',
    <ConnectionPage
      {...link}
      connection={gone}
      hook={{ shared: false, off: true, lastAt: now, refused: 3, events: 1 }}
    />,
  ],
  'events-secret': [
    'console',
    <HookSecretPage
      frame={frame}
      now={now}
      connection={hubspot}
      user="askfirst"
      secret="q7iYx0Jm3pT2v9Hc8kLr1nZs4wB6dFgUeYaXo5tQmKs"
      address={address}
      oldUntil="2026-11-23T14:02:00Z"
    />,
  ],
  events: [
    'console',
    <HookEventsPage
      frame={frame}
      now={now}
      connection={hubspot}
      entries={[
        { id: '4', kind: 'uninstalled', at: at('14:08') },
        { id: '3', kind: 'unread', at: at('14:06') },
        { id: '2', kind: 'erased', record: '51204', at: at('13:40') },
        { id: '1', kind: 'removed', record: '51204', at: at('13:40') },
      ]}
    />,
  ],
  'events-none': ['console', <HookEventsPage frame={frame} now={now} connection={hubspot} entries={[]} />],
};

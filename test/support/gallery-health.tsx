import type { JSX } from 'preact';
import type { AlertLine } from '#contract/alert.ts';
import type { NotSent } from '#contract/not-sent.ts';
import { AlertsPage } from '../../server/web/console/alerts.tsx';
import { ConnectionPage } from '../../server/web/console/connection.tsx';
import { Connections } from '../../server/web/console/connections.tsx';
import { NotSentPage, TryAgainPage } from '../../server/web/console/not-sent.tsx';
import { MailPage, OutboxPage } from '../../server/web/console/outbox.tsx';
import { at, broken, frame, gone, hubspot, now, renewed, sheet, slow } from './gallery-data.ts';
import { fields } from './gallery-fields.ts';

const counted = { ...frame, counts: { broken: 1, notSent: 2 } };
const send: NotSent = {
  id: 's1',
  attempts: 1,
  partner: 'HubSpot',
  sandbox: true,
  connected: true,
  chat: 12,
  fields: ['name', 'email'],
  cause: 'HubSpot did not answer in time.',
  at: at('13:40'),
  unsure: true,
  twice: true,
};
const sends: NotSent[] = [
  send,
  {
    ...send,
    id: 's2',
    attempts: 8,
    chat: 9,
    fields: ['transcript'],
    cause: 'HubSpot cannot be reached.',
    unsure: false,
    twice: false,
    connected: false,
  },
];

const webhook = { url: 'https://status.harbor.example/hooks/askfirst?team=web', since: at('09:00') };
const lines: AlertLine[] = [
  { partner: 'HubSpot', connection: 'c1', kind: 'works', what: 'circuit', cause: '', at: at('14:20') },
  {
    partner: 'HubSpot',
    connection: 'c1',
    kind: 'broken',
    what: 'circuit',
    cause: 'HubSpot is busy. Sends wait their turn.',
    at: at('13:41'),
  },
  {
    partner: 'Slack',
    connection: 'c2',
    kind: 'broken',
    what: 'reconnect',
    cause: 'The partner turned our key down.',
    at: at('08:12'),
  },
];
const alerts = { frame: counted, now, told: ['Maria Lund', 'Jens Holm'], lines };
const mail = {
  id: 'm1',
  to: 'maria@harbor.example',
  subject: 'HubSpot needs reconnecting (Harbor Motors)',
  at: at('13:41'),
  state: 'sent' as const,
  sentAt: at('13:42'),
};
const failed = { ...mail, id: 'm2', state: 'failed' as const, trouble: 'The mail server refused it.' };
const mails = [
  mail,
  failed,
  {
    ...mail,
    id: 'm3',
    state: 'unsure' as const,
    trouble: 'The mail server took it without a word, so it may have gone.',
  },
  { ...mail, id: 'm4', state: 'waiting' as const, trouble: 'The mail server cannot be reached.' },
];

/** Health of connections, and sends that did not go, in their states. */
export const healthGallery: Record<string, ['console', JSX.Element]> = {
  'connections-trouble': [
    'console',
    <Connections
      frame={counted}
      now={now}
      connections={[
        { ...hubspot, id: 'c2', partner: 'Slack', renews: 'never' },
        { ...renewed, id: 'c5', partner: 'Pipedrive' },
        broken,
        slow,
        { ...gone, id: 'c3', partner: 'Shopify' },
      ]}
      catalogue={[]}
    />,
  ],
  'connection-slow': [
    'console',
    <ConnectionPage
      frame={counted}
      now={now}
      connection={slow}
      sheet={sheet}
      fields={fields}
      scopes={{ missing: [], surplus: [] }}
      mayChange
      mayConnect
    />,
  ],
  alerts: ['console', <AlertsPage {...alerts} webhook={{ ...webhook, lastGoodAt: at('14:20') }} />],
  'alerts-none': ['console', <AlertsPage {...alerts} lines={[]} />],
  'alerts-secret': [
    'console',
    <AlertsPage {...alerts} webhook={webhook} secret="whsec_c2FtcGxlIHNlY3JldCBvZiAzMiBieXRlcywgbm90IG9uZSE=" />,
  ],
  'alerts-refused': [
    'console',
    <AlertsPage
      {...alerts}
      webhook={{ ...webhook, failingSince: at('08:12'), offAt: at('13:00') }}
      refused={{ url: 'https://10.0.0.1/hook', words: 'Webhooks go to public https addresses only.' }}
    />,
  ],
  'outbox-posted': ['console', <OutboxPage frame={frame} now={now} mails={mails} posted />],
  'mail-failed': [
    'console',
    <MailPage frame={frame} now={now} mail={{ ...failed, body: 'HubSpot turned the key down.' }} posted />,
  ],
  'not-sent': ['console', <NotSentPage frame={counted} now={now} sends={sends} />],
  'not-sent-empty': [
    'console',
    <NotSentPage frame={frame} now={now} sends={[]} done="Dropped. Nothing of it is sent." />,
  ],
  'not-sent-again': ['console', <TryAgainPage frame={counted} now={now} send={send} />],
};

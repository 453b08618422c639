import type { JSX } from 'preact';
import type { NotSent } from '#contract/not-sent.ts';
import { ConnectionPage } from '../../server/web/console/connection.tsx';
import { Connections } from '../../server/web/console/connections.tsx';
import { NotSentPage, TryAgainPage } from '../../server/web/console/not-sent.tsx';
import { at, broken, frame, gone, hubspot, now, sheet, slow } from './gallery-data.ts';
import { fields } from './gallery-fields.ts';

const counted = { ...frame, counts: { broken: 1, notSent: 2 } };
const send: NotSent = {
  id: 's1',
  attempts: 1,
  partner: 'HubSpot',
  sandbox: true,
  connected: true,
  chat: 12,
  purpose: 'CustomerRelationshipManagement',
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
    purpose: 'CustomerCare',
    fields: ['transcript'],
    cause: 'HubSpot cannot be reached.',
    unsure: false,
    twice: false,
    connected: false,
  },
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
        broken,
        slow,
        { ...gone, id: 'c3', partner: 'Shopify' },
      ]}
      catalogue={[]}
    />,
  ],
  'connection-slow': [
    'console',
    <ConnectionPage frame={counted} now={now} connection={slow} sheet={sheet} fields={fields} mayChange />,
  ],
  'not-sent': ['console', <NotSentPage frame={counted} now={now} sends={sends} />],
  'not-sent-empty': [
    'console',
    <NotSentPage frame={frame} now={now} sends={[]} done="Dropped. Nothing of it is sent." />,
  ],
  'not-sent-again': ['console', <TryAgainPage frame={counted} now={now} send={send} />],
};

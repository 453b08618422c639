import type { JSX } from 'preact';
import type { ConnectionView, StopView } from '#contract/connection.ts';
import { ConnectionPage, type ConnectionProps } from '../../server/web/console/connection.tsx';
import { Connections } from '../../server/web/console/connections.tsx';
import { StopPage } from '../../server/web/console/stop.tsx';
import { frame, gone, hubspot, now } from './gallery-data.ts';

const since = '2026-11-22T14:02:00Z';
const budget: StopView = {
  integration: 'c1',
  partner: 'HubSpot',
  whose: 'brand',
  why: 'More people than usual were about to be sent in a minute, with no open chat. If that was you, say so and go on.',
  at: since,
};
const operator: StopView = {
  integration: '',
  partner: '',
  whose: 'operator',
  why: 'Stopped by whoever runs the hub.',
  at: since,
};
const everything: StopView = { ...operator, whose: 'brand', why: 'HubSpot is in the news with a breach.' };
const over: StopView = {
  ...everything,
  at: '2026-11-03T09:12:00Z',
  resumed: { why: 'HubSpot says it concerns accounts in another country.', at: '2026-11-03T11:40:00Z' },
};
const stopped: ConnectionView = {
  ...hubspot,
  waiting: 3,
  stopped: budget,
  health: { state: 'degraded', cause: 'Calls to HubSpot are stopped. Nothing leaves until they go on.' },
};
const page = { frame, now, connections: [hubspot], stops: [], past: [] };
const ended = (revocation: ConnectionView['revocation']): ConnectionView => ({
  ...gone,
  health: { state: 'revoked', cause: 'Disconnected. Nothing is sent and no key is in use.' },
  ...(revocation ? { revocation } : {}),
});

/** Pages of what stops and what ends; `link` is a connection's page without the connection. */
export const killGallery = (link: Omit<ConnectionProps, 'connection' | 'mayChange'>) =>
  ({
    stop: ['console', <StopPage {...page} />],
    'stop-some': ['console', <StopPage {...page} connections={[stopped]} stops={[budget]} past={[over]} />],
    'stop-all': [
      'console',
      <StopPage
        {...page}
        connections={[stopped]}
        stops={[operator, everything]}
        done="Stopped. Nothing leaves any more; what is sent waits."
      />,
    ],
    'stop-refused': [
      'console',
      <StopPage {...page} refused="Nothing was changed. Write why, in 3 to 300 characters." />,
    ],
    'connections-stopped': ['console', <Connections frame={frame} now={now} connections={[stopped]} catalogue={[]} />],
    'connection-stopped': ['console', <ConnectionPage {...link} connection={stopped} mayChange />],
    'connection-listed': [
      'console',
      <ConnectionPage
        {...link}
        connection={{ ...hubspot, allowListed: since }}
        egressAddress="203.0.113.7"
        mayChange
      />,
    ],
    'revocation-pending': [
      'console',
      <ConnectionPage {...link} connection={ended({ state: 'pending', since, attempts: 6 })} mayChange />,
    ],
    'revocation-given-up': [
      'console',
      <ConnectionPage
        {...link}
        connection={ended({ state: 'unconfirmed', since, at: now, attempts: 151 })}
        mayChange
      />,
    ],
    'revocation-done': [
      'console',
      <ConnectionPage
        {...link}
        connection={{ ...hubspot, revocation: { state: 'revoked', since, at: since, attempts: 0 } }}
        mayChange
      />,
    ],
  }) satisfies Record<string, ['console', JSX.Element]>;

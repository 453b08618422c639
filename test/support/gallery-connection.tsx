import type { JSX } from 'preact';
import { ConnectionPage, type ConnectionProps, DisconnectPage } from '../../server/web/console/connection.tsx';
import { broken, frame, gone, hubspot, now, sheet } from './gallery-data.ts';
import { fields, refused, upgrade } from './gallery-fields.ts';

const link: ConnectionProps = {
  frame,
  now,
  connection: hubspot,
  sheet,
  fields,
  scopes: { surplus: [], missing: [] },
  mayChange: true,
  mayConnect: true,
};
const scopes = {
  surplus: ['crm.objects.deals.read'],
  missing: [{ scope: 'crm.objects.notes.write', fields: ['transcript' as const] }],
};
const ungranted = {
  ...fields,
  fields: fields.fields.map((f) => (f.field.name === 'transcript' ? { ...f, state: 'ungranted' as const } : f)),
};

/** A connection's page in its states, and the way out of it. */
export const connectionPages: Record<string, ['console', JSX.Element]> = {
  connection: ['console', <ConnectionPage {...link} />],
  'connection-read': ['console', <ConnectionPage {...link} mayChange={false} mayConnect={false} />],
  'connection-waits': [
    'console',
    <ConnectionPage {...link} connection={{ ...hubspot, changes: upgrade.waits.length }} refused={refused} />,
  ],
  'connection-trouble': ['console', <ConnectionPage {...link} connection={broken} />],
  'connection-scopes': ['console', <ConnectionPage {...link} fields={ungranted} scopes={scopes} />],
  disconnect: ['console', <DisconnectPage frame={frame} connection={broken} />],
  disconnected: ['console', <ConnectionPage {...link} connection={gone} done="HubSpot is disconnected." />],
};

import type { JSX } from 'preact';
import type { ConnectionView, DataSheet } from '#contract/connection.ts';
import { ConnectionPage, DisconnectPage } from '../../server/web/console/connection.tsx';
import { DataSheetPage } from '../../server/web/console/data-sheet.tsx';
import { KeyPage, type KeyProps } from '../../server/web/console/key.tsx';
import { frame, hubspot, now, sheet } from './gallery-data.ts';
import { fields } from './gallery-fields.ts';

const acme: KeyProps = {
  frame,
  provider: 'acme',
  partner: 'Acme CRM',
  sandbox: true,
  fields: [{ name: 'key', label: 'API key', hint: 'In Acme: Settings, then API keys.', hidden: true }],
  tried: true,
  scopes: ['people.write', 'notes.write'],
};
const basic = [
  { name: 'user', label: 'Account SID', hint: 'It begins with AC.', hidden: false },
  { name: 'password', label: 'Auth token', hidden: true },
];
const secret = [{ name: 'secret', label: 'Signing secret', hidden: true }];
const linked: ConnectionView = { ...hubspot, partner: 'Acme CRM', provider: 'acme', way: 'key' };
const hook: ConnectionView = {
  ...linked,
  way: 'incoming',
  account: 'Acme notes',
  health: { state: 'ok', cause: 'Waits for what it sends. It gets nothing from askfirst.' },
};
const typed: DataSheet = { ...sheet, name: 'Acme CRM', provider: 'acme', way: 'key' };
const only: DataSheet = {
  ...typed,
  way: 'incoming',
  fields: [],
  calls: [],
  scopes: [],
  receives: ['A note: to show it'],
};
const turnedDown = 'Acme CRM did not accept the API key. Nothing was stored.';

/** Connections by a typed key, in their states. */
export const keysGallery: Record<string, ['console', JSX.Element]> = {
  'key-sheet': ['console', <DataSheetPage frame={frame} sheet={typed} sandbox mayConnect />],
  key: ['console', <KeyPage {...acme} />],
  'key-refused': ['console', <KeyPage {...acme} trouble={turnedDown} />],
  'key-reconnect': ['console', <KeyPage {...acme} reconnect={{ account: 'Harbor at Acme' }} />],
  'key-named': ['console', <KeyPage {...acme} fields={basic} scopes={[]} label={{ now: '' }} />],
  'key-incoming': ['console', <KeyPage {...acme} fields={secret} tried={false} scopes={[]} label={{ now: 'Acme' }} />],
  'key-connection': [
    'console',
    <ConnectionPage
      frame={frame}
      now={now}
      connection={linked}
      sheet={typed}
      fields={fields}
      scopes={{ missing: [], surplus: [] }}
      mayChange
      mayConnect
    />,
  ],
  'key-hook': [
    'console',
    <ConnectionPage
      frame={frame}
      now={now}
      connection={hook}
      sheet={only}
      fields={{ version: 0, fields: [] }}
      scopes={{ missing: [], surplus: [] }}
      mayConnect
      mayChange
    />,
  ],
  'key-end': ['console', <DisconnectPage frame={frame} connection={linked} />],
};

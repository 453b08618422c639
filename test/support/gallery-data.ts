import type { IntegrationChoice } from '#contract/choices.ts';
import type { ConnectionView, DataSheet } from '#contract/connection.ts';
import type { LedgerView } from '#contract/ledger.ts';
import type { Frame } from '../../server/web/console/shell.tsx';
import type { PreferencesProps } from '../../server/web/preferences/types.ts';
import { words as english } from '../../server/web/preferences/words/en.ts';

/** Sample props for every page of the hub: the demo's people and brand, as the story leaves them at 14:10. */
export const now = '2026-11-22T14:10:00Z';
export const at = (time: string) => `2026-11-22T${time}:00Z`;

export const frame: Frame = {
  brand: 'Harbor Motors',
  me: { name: 'Maria Lund', role: 'owner' },
  operator: true,
  manages: true,
  rules: true,
  stop: true,
  csrf: 'csrf-sample',
  counts: { agents: 2, mails: 1 },
};

export const sheet: DataSheet = {
  way: 'signin',
  asks: [],
  provider: 'hubspot',
  name: 'HubSpot',
  fields: [
    ['name', 'identity', 'to greet you by name when we write back', false],
    ['email', 'contact', 'to find or create your contact record', true],
    ['phone', 'contact', 'to call you back', false],
    ['company', 'identity', 'to put your record beside your colleagues’', false],
  ].map(([name, cls, because, need]) => ({
    name: name as 'name',
    class: cls as 'identity',
    purpose: 'CustomerRelationshipManagement' as const,
    need: need as boolean,
    because: because as string,
    special: false,
    freeText: false,
  })),
  basis: 'consent',
  legalCitation: 'GDPR Art. 6(1)(a)',
  role: 'processor',
  sale: false,
  recipient: { legalName: 'HubSpot, Inc.', address: '2 Canal Park, Cambridge, MA 02141', countries: ['USA'] },
  retention: 'until you delete the contact in HubSpot',
  policy: 'https://legal.hubspot.com/privacy-policy',
  hosts: ['api.hubapi.com'],
  calls: ['POST /crm/v3/objects/contacts/batch/upsert', 'POST /crm/v3/objects/notes'],
  receives: ['The contact’s id in HubSpot'],
  capabilities: { erase: 'api', rectify: 'api', restrict: 'manual', suppress: 'none' },
  docs: 'https://developers.hubspot.com/docs/api/crm/contacts',
  scopes: ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
  verification: 'Checked against the vendor’s published description.',
};
sheet.fields.push({
  name: 'transcript',
  class: 'content',
  purpose: 'CustomerCare',
  need: false,
  because: 'to let a colleague read on where this chat ended',
  special: false,
  freeText: true,
});

export const hubspot: ConnectionView = {
  id: 'c1',
  provider: 'hubspot',
  partner: 'HubSpot',
  way: 'signin',
  sandbox: true,
  state: 'active',
  account: 'Harbor Motors Sandbox (146425426)',
  connectedAt: at('13:50'),
  lastGoodAt: at('14:06'),
  health: { state: 'ok', cause: 'Every call today was answered.' },
  waiting: 0,
  followUps: 2,
  changes: 0,
};
/** With a key that runs out. */
export const renewed: ConnectionView = { ...hubspot, renews: at('14:19') };
export const broken: ConnectionView = {
  ...hubspot,
  lastGoodAt: at('13:38'),
  health: {
    state: 'needs_reconnect',
    cause: 'HubSpot turned our key down at 13:40: somebody removed askfirst from the account.',
  },
  waiting: 3,
  followUps: 0,
};
export const slow: ConnectionView = {
  ...hubspot,
  id: 'c4',
  partner: 'Zoho CRM',
  lastGoodAt: at('13:10'),
  health: { state: 'degraded', cause: 'Zoho CRM did not answer in time.', nextTryAt: at('14:10') },
  renews: 'next call',
  waiting: 1,
};
export const gone: ConnectionView = {
  ...hubspot,
  state: 'revoked',
  health: { state: 'revoked', cause: 'Disconnected here at 15:02. HubSpot confirmed that the key is dead.' },
};

const row = (r: Partial<LedgerView> & Pick<LedgerView, 'at' | 'fields' | 'result' | 'rules'>): LedgerView => ({
  person: 'p-7c1e',
  partner: 'HubSpot',
  sandbox: true,
  purpose: 'CustomerRelationshipManagement',
  ...r,
});
export const ledger: LedgerView[] = [
  row({ at: at('14:09'), fields: ['email'], result: 'withheld', rules: { email: 'D09' } }),
  row({
    index: 4812,
    at: at('14:06'),
    fields: ['name', 'email'],
    result: 'sent',
    rules: { name: 'D18', email: 'D18', phone: 'D16' },
  }),
  row({
    at: at('14:06'),
    fields: ['transcript'],
    result: 'withheld',
    rules: { transcript: 'D20' },
    purpose: 'CustomerCare',
  }),
  row({
    at: '2026-11-21T13:52:00Z',
    person: 'p-03ab',
    fields: ['email', 'phone'],
    result: 'withheld',
    rules: { email: 'D20', phone: 'D20' },
  }),
  row({
    index: 4811,
    at: '2026-11-21T13:41:00Z',
    person: 'p-9d44',
    fields: ['email'],
    result: 'unknown',
    rules: { email: 'D18' },
  }),
  row({
    index: 4810,
    at: '2026-11-21T13:40:00Z',
    person: 'p-9d44',
    fields: ['email'],
    result: 'aborted',
    rules: { email: 'D18' },
  }),
];

export const choice: IntegrationChoice = {
  id: 'hubspot',
  partner: 'HubSpot',
  sandbox: true,
  connected: true,
  recipient: { legalName: 'HubSpot, Inc.', countries: ['USA'], policy: 'https://legal.hubspot.com/privacy-policy' },
  purposes: [
    {
      purpose: 'CustomerRelationshipManagement',
      notice:
        'HubSpot, Inc. (USA) may get what you say yes to here at Harbor Motors, for keeping your customer record. The chat goes on either way.',
      because: 'to find or create your contact record',
      fields: [
        { field: 'name', because: 'to greet you by name when we write back', state: 'yes' },
        { field: 'email', because: 'to find or create your contact record', state: 'yes' },
        { field: 'phone', because: 'to call you back', state: 'no' },
      ],
      state: 'yes',
      since: at('14:01'),
      receipt: '/privacy/harbor-motors/receipts/r1',
      answered: { version: 4, at: '2026-11-01T08:00:00Z', href: '/privacy/harbor-motors/notices/n4' },
      nonce: 'nonce-1',
    },
    {
      purpose: 'CustomerCare',
      notice:
        'HubSpot, Inc. (USA) may get what you say yes to here at Harbor Motors, for looking after you. The chat goes on either way.',
      because: 'to let a colleague read on where this chat ended',
      fields: [{ field: 'transcript', because: 'to let a colleague read on where this chat ended', state: 'open' }],
      state: 'open',
      nonce: 'nonce-2',
    },
  ],
  alreadyOut: { fields: ['name', 'email'], at: at('14:06') },
};
/** An add-on with AI that also knows something of the person: the last switch is about adding it (R22, R30). */
export const choiceKnows: IntegrationChoice = {
  ...choice,
  ai: true,
  purposes: [
    ...choice.purposes,
    {
      purpose: 'Personalisation',
      receives: true,
      because: 'to show the agent where you work',
      fields: [{ field: 'company', because: 'to show the agent where you work', state: 'open' }],
      notice:
        'What HubSpot, Inc. (USA), knows of you may be added to what Harbor Motors knows, where you say yes to it here. It is shown with its source, never sent on, and deleted when you take your yes back. The chat goes on either way.',
      state: 'open',
      nonce: 'nonce-3',
    },
  ],
};
/** The same integration after it was turned off. */
export const choiceOff: IntegrationChoice = {
  ...choice,
  purposes: choice.purposes.map((p, n) => ({
    ...p,
    state: 'no',
    reason: n > 0 ? 'refused' : 'withdrawn',
    since: at('14:09'),
  })),
};
export const slack: IntegrationChoice = {
  ...choice,
  id: 'slack',
  partner: 'Slack',
  recipient: {
    legalName: 'Slack Technologies Ltd.',
    countries: ['Ireland'],
    policy: 'https://slack.com/privacy-policy',
  },
  purposes: [
    {
      purpose: 'CustomerCare',
      notice:
        'Slack Technologies Ltd. (Ireland) may get what you say yes to here at Harbor Motors, for looking after you. The chat goes on either way.',
      because: 'to reach a mechanic',
      fields: [{ field: 'name', because: 'to reach a mechanic', state: 'no' }],
      state: 'no',
      reason: 'refused',
      since: '2026-11-03T09:12:00Z',
      notBefore: '2027-11-03T09:12:00Z',
      nonce: 'nonce-3',
    },
  ],
};
delete slack.alreadyOut;

export const preferences: PreferencesProps = {
  words: english,
  brand: {
    name: 'Harbor Motors',
    slug: 'harbor-motors',
    legalName: 'Harbor Motors ApS',
    address: 'Nordre Kaj 4, 8000 Aarhus',
    contact: 'privacy@harbor.example',
  },
  now,
  known: true,
  integrations: [choice, slack],
  history: ledger.filter((r) => r.person === 'p-7c1e').map((r) => ({ ...r, saidNo: ['phone'] })),
  notice: { publishedAt: '2026-11-01T08:00:00Z', version: 4 },
  csrf: 'csrf-sample',
  about: { place: 'DK', age: '' },
  seen: ['DE'],
  stops: { all: false, profiling: true },
  held: [
    { field: 'name', value: 'Ada Brandt' },
    { field: 'email', value: 'ada@brandt.example' },
    { field: 'phone', value: '+45 20 55 04 18' },
  ],
  requests: [
    {
      kind: 'correct',
      field: 'email',
      receivedAt: '2026-11-22T09:12:00Z',
      dueOn: '2026-12-22',
      here: true,
      state: 'open',
      told: [{ partner: 'HubSpot', sandbox: true, state: 'waiting', dueAt: '2026-12-07T09:12:00Z' }],
    },
  ],
  rules: [
    { rule: 'places', text: 'We serve people in Denmark.' },
    {
      rule: 'dntActsLikeGpc',
      text: 'If your browser sends Do Not Track, we count it as a wish not to share.',
      since: '2026-11-20T09:00Z',
    },
  ],
};

/** What the page knows of a browser that never chatted here. */
export const nobodyKnown: Pick<PreferencesProps, 'known' | 'seen' | 'history'> = {
  known: false,
  seen: [],
  history: [],
};

import { renderToString } from 'preact-render-to-string';
import { expect, test, vi } from 'vitest';
import type { Card, ConversationView, Entry, StripCell } from '#contract/chat.ts';
import { plainLayout } from '../../../extension/panel/layout.ts';
import { Side } from '../../../extension/panel/views/side.tsx';
import { askedWords, stayWords } from '../../../extension/panel/words.ts';

const now = new Date(2026, 10, 24, 9, 0).getTime();
const at = new Date(2026, 10, 22, 14, 1).toISOString();
const today = new Date(2026, 10, 24, 8, 30).toISOString();
const cell: StripCell = {
  integration: 'hubspot',
  partner: 'HubSpot',
  sandbox: false,
  mark: 'yes',
  state: 'yes',
  since: at,
  purposes: [
    {
      purpose: 'CustomerRelationshipManagement',
      because: 'to find your record',
      fields: ['email'],
      state: 'yes',
      mayAsk: false,
    },
    {
      purpose: 'Personalisation',
      because: 'to show the agent where you work',
      fields: ['company'],
      state: 'open',
      mayAsk: true,
      receives: true,
    },
  ],
};
const card: Card = {
  integration: 'hubspot',
  partner: 'HubSpot',
  sandbox: false,
  rows: [{ label: 'company', value: 'Nordwind' }],
  at,
};
const view: ConversationView = {
  conversation: 'c1',
  brand: 'b',
  number: 7,
  signedIn: false,
  title: 'Ada Brandt',
  marks: { seen: { n: 0 }, read: { n: 0 } },
  visit: [{ kind: 'country', value: ['DE', 'DK'], source: 'network address', at }],
  facts: [
    { field: 'email', label: 'e-mail', value: 'ada@brandt.example', source: 'typed', at },
    { field: 'company', label: 'company', value: 'Nordwind', partner: 'HubSpot', at: today },
  ],
  strip: [cell],
  cards: [card],
  entries: [],
  lastSeq: 1,
};
const html = renderToString(
  <Side
    view={view}
    entries={[] as Entry[]}
    now={now}
    acts={{ onAsk: vi.fn(), onSend: vi.fn(), onFill: vi.fn() }}
    arranging={{ layout: plainLayout, onArrange: vi.fn() }}
    onOpen={vi.fn()}
    onReveal={vi.fn()}
    age={{ onFlag: vi.fn(), onClear: vi.fn() }}
  />,
);
const words = html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

test('R22 what a partner gave stands with its name and date, on its card and among the facts', () => {
  expect(words).toContain('Company Nordwind HubSpot, 08:30');
  expect(words).toContain('Company Nordwind HubSpot, 22 Nov');
  expect(words).toContain('ada@brandt.example typed');
});

test('R67 every country that counts stands with its source', () => {
  expect(words).toContain('Country Germany and Denmark network address');
});

test('R22 what only comes back can be asked about and never sent', () => {
  expect(words).toContain('To show the agent where you work: company, from HubSpot. Not asked');
  expect(
    [...html.matchAll(/data-act="(\w+)" data-purpose="(\w+)"/g)].map(([, act, purpose]) => [act, purpose]),
  ).toEqual([
    ['send', 'CustomerRelationshipManagement'],
    ['ask', 'Personalisation'],
  ]);
  expect(askedWords('You', 'HubSpot', ['company'], true)).toBe('You asked whether company may be added from HubSpot.');
});

test('R22 k.15 in the send preview it stays, and says where it came from', () => {
  const row = {
    field: 'company',
    label: 'company',
    leaves: false,
    rule: 'D03',
    reason: 'purpose_not_declared',
  } as const;
  expect(stayWords({ ...row, saidNo: false, from: 'HubSpot' }, 'Ada', 'Other CRM')).toBe(
    'It came from HubSpot, so it is never sent on.',
  );
});

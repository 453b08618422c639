import { renderToString } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import type { Question as Asked } from '#contract/chat.ts';
import { Lines } from '../../../server/web/widget/lines.tsx';
import { emptyLog, topicKey } from '../../../server/web/widget/log.ts';
import type { Chat } from '../../../server/web/widget/session.ts';
import type { State } from '../../../server/web/widget/state.ts';

const topic = { integration: 'i1', partner: 'HubSpot', purpose: 'CustomerRelationshipManagement' } as const;
const question: Asked = {
  ...topic,
  nonce: 'n',
  sandbox: false,
  because: 'to open your case',
  notice: 'HubSpot keeps the records.',
  recipient: { legalName: 'HubSpot, Inc.', address: 'Cambridge', countries: ['US'], retention: 'a year', policy: '' },
  fields: [{ field: 'email', label: 'E-mail', because: 'to open your case', need: true }],
};
const asked = { seq: 1, n: 1, conversation: 'c', at: '2026-11-22T14:00:00Z', kind: 'asked', by: 'Maria', ...topic };
const drawn = (signal: boolean) => {
  const state: State = {
    phase: 'chat',
    open: true,
    form: { values: { text: '', name: '', email: '', phone: '' }, sending: false, errors: {} },
    log: { ...emptyLog, entries: [asked as State['log']['entries'][number]] },
    loaded: true,
    signal,
    asking: {
      [topicKey(topic)]: {
        topic,
        again: false,
        step: 'open',
        question: signal ? { ...question, signal } : question,
        saving: false,
        more: false,
      },
    },
    ending: {},
    picked: [],
    receipts: {},
    said: '',
    unread: 0,
  };
  return renderToString(<Lines chat={{} as Chat} state={state} />);
};

test('R23 the chat says once that the wish is honored, and the question that a yes counts for this partner only', () => {
  const page = drawn(true);
  expect(page.match(/Opt-out request honored: your browser asks sites not to share/g)).toHaveLength(1);
  expect(page).toContain('Your browser asks sites not to share. A yes here counts for HubSpot only.');
  expect(page).not.toContain('checked');
  expect(drawn(false)).not.toContain('browser asks');
});

import { renderToString } from 'preact-render-to-string';
import { expect, it, vi } from 'vitest';
import type { Preview } from '#contract/chat.ts';
import { LeavePreview } from '../../../extension/panel/views/leave.tsx';

const preview: Preview = {
  integration: 'i-1',
  partner: 'HubSpot',
  sandbox: true,
  purpose: 'CustomerRelationshipManagement',
  because: 'to find or create your contact record',
  lacking: [],
  rows: [{ field: 'email', label: 'e-mail', leaves: true, value: 'ada@brandt.example', rule: 'D18' }],
};
const drawn = (more: Partial<Preview>) =>
  renderToString(
    <LeavePreview
      leave={{
        conversation: 'c1',
        integration: 'i-1',
        partner: 'HubSpot',
        purpose: preview.purpose,
        status: 'ready',
        preview: { ...preview, ...more },
      }}
      who="Ada"
      offline={false}
      mayAsk={false}
      onAsk={vi.fn()}
      onSend={vi.fn()}
      onCancel={vi.fn()}
      onRetry={vi.fn()}
    />,
  ).replace(/<[^>]+>/g, ' ');

it('control 8 the panel’s Send says plainly that sending is stopped, before it is pressed', () => {
  expect(drawn({ stopped: true })).toContain('Sending to HubSpot is stopped. What you send now waits here');
  expect(drawn({})).not.toContain('stopped');
});

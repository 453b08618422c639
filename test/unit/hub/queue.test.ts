import { afterEach, beforeEach, expect, test } from 'vitest';
import type { QueueRow } from '#contract/chat.ts';
import { queueOf } from '../../../server/chat/views.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';

let door: FrontDoor;
beforeEach(async () => {
  door = await frontDoor();
});
afterEach(() => door.close());

test('R76 the last line of a chat says You to its author alone, and the name to every other agent', async () => {
  const maria = await door.owner();
  const ada = await door.visitor({ name: 'Ada Brandt' });
  const panel = { 'x-askfirst': '1' };
  const said = { clientId: 'm1', text: 'It is.' };
  await maria.json('POST', `/api/panel/conversations/${ada.conversation}/messages`, said, panel);
  const { body } = await maria.json<{ brands: { id: string }[]; rows: QueueRow[] }>(
    'GET',
    '/api/panel/queue',
    undefined,
    panel,
  );
  expect(body.rows[0]?.lastLine).toBe('You: It is.');
  expect(
    queueOf(door.hub.deps, body.brands[0]?.id ?? '', { id: 'jens', name: 'Jens' }, () => undefined).rows[0]?.lastLine,
  ).toBe('Maria: It is.');
});

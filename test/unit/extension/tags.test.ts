import { expect, it } from 'vitest';
import { suggested } from '../../../extension/panel/views/tags.tsx';

it('R66 tags of other chats are suggested, each once whatever the case, and none the chat has', () => {
  expect(suggested(['Refund'], ['boat show', 'refund', 'VIP', 'vip', 'Boat show'])).toEqual(['Boat show', 'vip']);
  expect(suggested([], [])).toEqual([]);
});

import { expect, it } from 'vitest';
import { holdPanel, panelIsOpen } from '../../../extension/lib/alert.ts';

it('R74 the worker knows of a panel that is open, in whatever window, and of none', async () => {
  expect(await panelIsOpen()).toBe(false);
  holdPanel();
  holdPanel(); // a second window: held side by side
  await expect.poll(panelIsOpen).toBe(true);
});

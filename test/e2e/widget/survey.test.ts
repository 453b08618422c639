import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ada, begin, check, has, hub, openWidget, page, shots } from './stage.ts';

describe('the question after a chat', { timeout: 60_000 }, () => {
  for (const theme of ['light', 'dark'] as const)
    for (const [width, height] of [
      [320, 700],
      [390, 844],
      [1280, 800],
    ] as const)
      it(`R59 leaves the chat its part of the room, and is answered without a second look, ${theme}, ${width} px`, async () => {
        hub.extras.survey = { question: 'How was this chat?', comment: true };
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
        await page.setViewport({ width, height });
        const frame = await openWidget(page);
        await begin(frame, 'Is the blue Marlin still there?', ada);
        hub.says('It is, with one owner and serviced here. Come and see it any day from nine to five.');
        await has(frame, 'nine to five');
        hub.put({ kind: 'ended', by: 'agent', name: 'Jens' });
        await frame.waitForSelector('.scores');
        await page.screenshot({ path: join(shots, `widget-survey-${width}-${theme}.png`) });
        const room = await frame.evaluate(() => {
          const box = (of: string) => document.querySelector(of)?.getBoundingClientRect();
          const [log, ending, last] = [box('.log'), box('.ending'), box('.scores label:last-child')];
          const line = Number.parseFloat(getComputedStyle(document.querySelector('.msg') as Element).lineHeight);
          return { lines: (log?.height ?? 0) / line, hidden: (last?.bottom ?? 0) - (ending?.bottom ?? 0) };
        });
        expect(room.lines).toBeGreaterThan(5);
        expect(room.hidden).toBeLessThan(0); // every score is in view
        await check('survey');
      });
});

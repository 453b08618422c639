import type { Frame } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { ada, begin, count, focused, has, hub, openWidget, page, say, text } from './stage.ts';

describe('the question', { timeout: 60_000 }, () => {
  async function asked(): Promise<Frame> {
    const frame = await openWidget(page);
    await begin(frame, 'Is the blue Marlin still there?', ada);
    hub.says('It is. Shall I open a case?');
    await has(frame, 'Shall I open');
    await frame.focus('#m');
    hub.asks();
    await frame.waitForSelector('fieldset.ask');
    return frame;
  }
  const answered = () => hub.talks[0]?.entries.filter((e) => e.kind === 'answered') ?? [];

  it('R20 names partner, fields and reason, with an equal yes and no for each and nothing chosen', async () => {
    const frame = await asked();
    expect(await text(frame, '.ask legend')).toBe('May HubSpot get these, to open your case?');
    expect(await text(frame, '.ask .hint')).toBe(
      'HubSpot, Inc. (United States) keeps Harbor Motors’ customer records. The chat goes on either way.',
    );
    expect(await count(frame, '.ask :checked')).toBe(0);
    const boxes = await frame.$$eval('.ask .pair label', (all) =>
      all.map((l) => {
        const { width, height } = l.getBoundingClientRect();
        const { backgroundColor, color, fontWeight, fontSize } = getComputedStyle(l);
        return { width: Math.round(width), height: Math.round(height), backgroundColor, color, fontWeight, fontSize };
      }),
    );
    expect(boxes).toHaveLength(6);
    const [yes] = boxes;
    // The dividing line belongs to the no: one pixel.
    for (const box of boxes) {
      expect(Math.abs(box.width - (yes?.width ?? 0))).toBeLessThanOrEqual(1);
      expect({ ...box, width: 0 }).toEqual({ ...yes, width: 0 });
      expect(box.height).toBeGreaterThanOrEqual(44);
    }
    expect(await focused(frame)).toBe('m'); // announced, the focus is not moved
    expect(await text(frame, '.sr[role=status]')).toContain('May HubSpot get these');
  });

  it('R20 is answered by keyboard alone: Tab enters a pair, arrows choose, Tab leaves', async () => {
    const frame = await asked();
    await frame.focus('.log');
    const press = async (key: 'Tab' | 'ArrowRight' | 'Space' | 'Enter') => {
      await page.keyboard.press(key);
      return focused(frame);
    };
    expect(await press('Tab')).toBe('name yes');
    expect(await count(frame, '.ask :checked')).toBe(0);
    expect(await press('Tab')).toBe('email yes');
    await press('Space');
    expect(await press('Tab')).toBe('phone yes');
    expect(await press('ArrowRight')).toBe('phone no');
    expect(await press('Tab')).toContain('Answer');
    expect(await press('Tab')).toBe('Not now');
    expect(await press('Tab')).toBe('What is this?');
    await press('Enter');
    await has(frame, '2 Canal Park');
    await has(frame, 'until you or Harbor Motors ask for erasure');
    // Unfolded details come into view by themselves.
    await frame.waitForFunction(() => {
      const [log, what] = [document.querySelector('.log'), document.querySelector('.what')];
      return log && what && what.getBoundingClientRect().bottom <= log.getBoundingClientRect().bottom + 1;
    });
    await page.keyboard.down('Shift');
    await press('Tab');
    await press('Tab');
    await page.keyboard.up('Shift');
    await press('Enter');
    await has(frame, 'Done: HubSpot may get');
    expect(answered()).toMatchObject([{ yes: ['email'], no: ['phone'], later: false }]);
    expect((await text(frame, '.answered p')).replace(/\s+/g, ' ')).toBe(
      'Done: HubSpot may get your e-mail, not your phone.',
    );
    expect(await frame.evaluate(() => document.activeElement?.className)).toBe('answered');
    expect(await text(frame, '.sr[role=status]')).toBe('HubSpot: e-mail yes, phone no.');
    expect(await frame.$eval('.answered a', (a) => (a as HTMLAnchorElement).href)).toContain('/receipts/');
  });

  it('R19 R20 Not now answers nothing and the chat goes on the same', async () => {
    const frame = await asked();
    await frame.click('.ask [name=later]');
    await has(frame, 'Not now it is. We will not ask again in this chat.');
    expect(answered()).toMatchObject([{ yes: [], no: [], later: true }]);
    await say(frame, 'Thank you');
    await frame.waitForFunction(() => document.querySelectorAll('.msg.mine:not(.pending)').length === 2);
  });

  it('GATE-c a dead nonce asks again with a sentence and nothing chosen', async () => {
    const frame = await asked();
    await frame.click('.ask input[name=email][value=yes]');
    hub.killNonces();
    await frame.click('.ask [type=submit]');
    await has(frame, 'This question had run out, so nothing was saved.');
    expect(answered()).toEqual([]);
    expect(await count(frame, '.ask :checked')).toBe(0);
    await frame.click('.ask input[name=email][value=yes]');
    await frame.click('.ask [type=submit]');
    await has(frame, 'Done: HubSpot may get');
    expect(answered()).toMatchObject([{ yes: ['email'], no: [] }]);
  });

  it('R20 an answer that was not saved says so, keeps the choices and can be sent again', async () => {
    const frame = await asked();
    await frame.click('.ask input[name=phone][value=no]');
    hub.refuse('chatAnswer', 'store-failed');
    await frame.click('.ask [type=submit]');
    await has(frame, 'Your answer was not saved, so it is a no for now.');
    expect(await frame.$$eval('.ask :checked', (all) => all.map((e) => (e as HTMLInputElement).name))).toEqual([
      'phone',
    ]);
    await frame.click('.ask [type=submit]');
    await has(frame, 'Understood: HubSpot gets nothing. The chat goes on.');
  });

  it('Change asks again under a new nonce and what was said stands until a new answer', async () => {
    const frame = await asked();
    await frame.click('.ask input[name=email][value=yes]');
    await frame.click('.ask [type=submit]');
    await has(frame, 'Done: HubSpot may get');
    await frame.click('.answered button');
    await has(frame, 'ada@brandt.example, you said yes');
    expect(await count(frame, '.ask :checked')).toBe(0);
    await frame.click('.ask [name=later]'); // Leave it as it is
    await has(frame, 'Done: HubSpot may get');
    expect(answered()).toHaveLength(1);
    await frame.click('.answered button');
    await frame.waitForSelector('fieldset.ask');
    await frame.click('.ask input[name=email][value=no]');
    await frame.click('.ask [type=submit]');
    await has(frame, 'Understood: HubSpot gets nothing.');
    expect(await count(frame, '.answered button')).toBe(1);
  });

  it('a partner switched off elsewhere closes its question and says what happened', async () => {
    const frame = await asked();
    hub.put({ kind: 'withdrawn', integration: 'int-1', partner: 'HubSpot', alreadyOut: 0, stopped: 2 });
    await has(frame, 'HubSpot is off. Two things that were waiting were not sent.');
    expect(await count(frame, 'fieldset.ask')).toBe(0);
  });

  it('R20 a question open at a reload is asked again, not carried over', async () => {
    await asked();
    await page.reload();
    const frame = await openWidget(page);
    await frame.waitForSelector('fieldset.ask');
    expect(hub.requests.filter((r) => r === 'POST /api/chat/question')).toHaveLength(2);
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ada, begin, check, has, hub, openWidget, page, say, shots } from './stage.ts';

describe('the look', { timeout: 60_000 }, () => {
  for (const theme of ['light', 'dark'] as const)
    for (const width of [360, 1280])
      it(`R21 several sign-ins stand below each other, each with its name, ${theme}, ${width} px`, async () => {
        hub.logins.push({ integration: 'one', name: 'GitHub', sandbox: false });
        hub.logins.push({ integration: 'two', name: 'Harbor ID', sandbox: true });
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
        await page.setViewport({ width, height: 800 });
        const frame = await openWidget(page);
        await frame.waitForSelector('#text');
        await page.screenshot({ path: join(shots, `widget-logins-${width}-${theme}.png`) });
        const buttons = await frame.$$eval('button[form=fill]', (all) =>
          all.map((e) => ({ words: e.textContent?.replaceAll('\u2060', ''), top: e.getBoundingClientRect().top })),
        );
        expect(buttons.map((b) => b.words)).toEqual(['Fill in from GitHub', 'Fill in from Harbor ID (sandbox)']);
        expect(buttons[0]?.top).toBeLessThan(buttons[1]?.top ?? 0);
        expect(await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      });

  for (const theme of ['light', 'dark'] as const)
    for (const width of [320, 360, 1280])
      it(`has no violation that axe can find, ${theme}, ${width} px`, async () => {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
        await page.setViewport({ width, height: 800 });
        const shot = (name: string) => page.screenshot({ path: join(shots, `widget-${name}-${width}-${theme}.png`) });
        await shot('shop');
        await check('shop');
        const frame = await openWidget(page);
        await frame.waitForSelector('#text');
        await shot('form');
        await check('form');
        await frame.click('.begin [type=submit]');
        await has(frame, 'Write a message first.');
        await check('form with an error');
        await begin(frame, 'Is the blue Marlin still there?', ada);
        hub.says('It is, with one owner and serviced here. Shall I open a case, so that nobody sells it meanwhile?');
        await has(frame, 'Shall I open');
        hub.asks();
        await frame.waitForSelector('fieldset.ask');
        await shot('question');
        await check('question');
        await frame.click('.ask .bare');
        await has(frame, 'Canal Park');
        await shot('what');
        await check('what is this');
        await frame.click('.ask input[name=email][value=yes]');
        await frame.click('.ask input[name=phone][value=no]');
        await frame.click('.ask [type=submit]');
        await has(frame, 'Done: HubSpot may get');
        hub.put({
          kind: 'share',
          share: 's1',
          integration: 'int-1',
          partner: 'HubSpot',
          purpose: 'CustomerRelationshipManagement',
          state: 'sent',
          fields: ['email'],
          withheld: [],
        });
        await has(frame, 'HubSpot got your e-mail.');
        hub.put({
          kind: 'asked',
          integration: 'int-1',
          partner: 'HubSpot',
          purpose: 'Personalisation',
          by: 'Jens',
          receives: true,
        });
        await has(frame, 'May we add your company, as HubSpot has it, to show the agent where you work?');
        await shot('adds');
        await check('question about what comes back');
        await frame.click('.ask input[name=company][value=yes]');
        await frame.click('.ask [type=submit]');
        await has(frame, 'Done: from HubSpot we add');
        hub.put({ kind: 'withdrawn', integration: 'int-1', partner: 'HubSpot', alreadyOut: 1, stopped: 0 });
        hub.refuse('chatSend', 'store-failed');
        await say(frame, 'Thank you, see you on Saturday.');
        await has(frame, 'Not sent.');
        await shot('answered');
        await check('answered');
        hub.cut(true);
        await has(frame, 'Offline since');
        await check('offline');
      });
});

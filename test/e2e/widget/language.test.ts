import { join } from 'node:path';
import type { Frame } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { ada, begin, check, count, has, hub, openWidget, page, say, shots, text } from './stage.ts';

const button = '[data-askfirst] >>> button';
/** Sets `data-lang` before the script runs, as the page of a brand has it. */
const speaking = async (lang: string) => {
  await page.evaluateOnNewDocument((tag) => {
    new MutationObserver((_, seen) => {
      const script = document.querySelector<HTMLScriptElement>('script[data-brand]');
      if (!script) return;
      script.dataset.lang = tag;
      seen.disconnect();
    }).observe(document, { childList: true, subtree: true });
  }, lang);
  await page.goto(hub.shop);
};
const answered = async (frame: Frame) => {
  await frame.waitForSelector('.answered');
  return (await text(frame, '.answered p')).replace(/\s+/g, ' ').replaceAll(' ,', ',').trim();
};
const langOf = (target: { evaluate(read: () => string): Promise<string> }) =>
  target.evaluate(() => document.documentElement.lang);

describe('the page’s language', { timeout: 60_000 }, () => {
  it('DESIGN-5 data-lang="da": button, form, question and answer are Danish; the add-on’s own words say that they are not', async () => {
    await speaking('da');
    const label = await page.waitForSelector(button);
    expect(await label?.evaluate((b) => b.textContent)).toBe('Chat med Harbor Motors');
    const frame = await openWidget(page);
    expect(await langOf(frame)).toBe('da');
    await has(frame, 'Hvad kan vi hjælpe med?');
    expect(await text(frame)).not.toMatch(/Your|What can we|Send it/);
    await frame.click('.begin [type=submit]');
    await has(frame, 'Skriv en besked først.');
    await begin(frame, 'Er den blå Marlin der stadig?', ada);
    hub.asks();
    await has(frame, 'Må HubSpot få disse oplysninger?');
    const reason = await frame.$eval('.ask .hint [lang]', (e) => [e.getAttribute('lang'), e.textContent]);
    expect(reason).toEqual(['en', 'to open your case']);
    await frame.click('.ask input[name=email][value=yes]');
    await frame.click('.ask input[name=phone][value=no]');
    await frame.click('.ask [type=submit]');
    expect(await answered(frame)).toBe('Gemt: HubSpot må få din e-mail, ikke dit telefonnummer.');
    await frame.waitForFunction(() =>
      document.querySelector('[role=status]')?.textContent?.includes('Telefonnummer nej'),
    );
  });

  it('DESIGN-5 one words’ script is loaded beside the app, and none for English', async () => {
    await openWidget(page);
    expect(hub.requests.filter((r) => r.includes('words-'))).toEqual([]);
    await speaking('de-AT');
    await openWidget(page);
    expect(hub.requests.filter((r) => r.includes('words-'))).toEqual(['GET /widget/words-de.js']);
  });

  it('DESIGN-5 askfirst.language() redraws from the next opening on; what is not spoken here falls back to English', async () => {
    await speaking('fr');
    const before = await openWidget(page);
    await has(before, 'Comment pouvons-nous vous aider');
    await page.evaluate(() => window.askfirst?.language('ar'));
    expect(await count(before, '.begin')).toBe(1);
    await page.evaluate(() => window.askfirst?.close());
    expect(await (await page.$(button))?.evaluate((b) => b.textContent)).toBe('Chat with Harbor Motors');
    await (await page.$(button))?.click();
    const frame = await page.waitForFrame((f) => f.url().endsWith('lang=ar'));
    await has(frame, 'What can we help with?');
    expect(await langOf(frame)).toBe('en');
  });

  for (const theme of ['light', 'dark'] as const)
    for (const width of [320, 390])
      it(`UI-6 German has room and no violation that axe can find, ${theme}, ${width} px`, async () => {
        const next = new Date(Date.now() + 86_400_000).toISOString();
        Object.assign(hub.extras, {
          away: { next, email: 'needed' },
          files: true,
          survey: { question: 'Wie war dieser Chat?', comment: true },
        });
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
        await page.setViewport({ width, height: 800 });
        await speaking('de');
        const seen = async (name: string) => {
          await page.screenshot({ path: join(shots, `widget-de-${name}-${width}-${theme}.png`) });
          await check(name);
        };
        const frame = await openWidget(page);
        await has(frame, 'Harbor Motors ist morgen um');
        await seen('form');
        await frame.click('.begin [type=submit]');
        await has(frame, 'Schreiben Sie zuerst eine Nachricht.');
        await seen('wrong');
        await begin(frame, 'Ist der blaue Marlin noch da?', ada);
        hub.says('Ja, er hat einen Vorbesitzer und wurde hier gewartet. Soll ich einen Vorgang anlegen?');
        hub.asks();
        await has(frame, 'Darf HubSpot diese Angaben erhalten?');
        await frame.click('.ask .bare');
        await has(frame, 'Vereinigte Staaten');
        await seen('question');
        await frame.click('.ask input[name=name][value=yes]');
        await frame.click('.ask input[name=email][value=yes]');
        await frame.click('.ask input[name=phone][value=no]');
        await frame.click('.ask [type=submit]');
        expect(await answered(frame)).toBe(
          'Erledigt. HubSpot darf erhalten: Ihren Namen und Ihre E-Mail-Adresse, nicht Ihre Telefonnummer.',
        );
        hub.put({ kind: 'withdrawn', integration: 'int-1', partner: 'HubSpot', alreadyOut: 1, stopped: 2 });
        await has(frame, 'Zwei Sachen, die noch warteten, wurden nicht gesendet.');
        const picker = await frame.$('input[type=file]');
        await (picker as unknown as { uploadFile(path: string): Promise<void> }).uploadFile('package.json');
        await has(frame, 'Diese Art von Datei kann nicht gesendet werden.');
        hub.put({
          kind: 'file',
          file: 'f1',
          author: 'agent',
          by: 'Maria',
          name: 'Rechnung.pdf',
          bytes: 2_400_000,
          type: 'application/pdf',
          clientId: crypto.randomUUID(),
        });
        await has(frame, '2,4 MB');
        hub.refuse('chatSend', 'store-failed');
        await say(frame, 'Danke, bis Samstag.');
        await has(frame, 'Nicht gesendet.');
        await seen('answered');
        await frame.click('.msg-by .btn.bare:last-child');
        hub.put({ kind: 'ended', by: 'agent', name: 'Maria' });
        await has(frame, 'Maria hat den Chat beendet.');
        await has(frame, 'Nicht so gut');
        await seen('ended');
        hub.cut(true);
        await has(frame, 'Offline seit');
        await seen('offline');
      });
});

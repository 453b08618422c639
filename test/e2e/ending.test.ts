import type { Browser, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, look, lookInto, openWidget, press, sees, until } from '../support/story.ts';

let hub: RunningHub;
let browser: Browser;
let desk: Page;
let shop: Page;
let widget: Frame;
beforeAll(async () => {
  hub = await runHub();
  browser = await launchPlain();
  desk = await browser.newPage();
  await desk.goto(hub.signIn);
  await press(desk, 'form [type=submit]');
  await sees(desk, 'Connections');
  shop = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const words = (where: Page | Frame): Promise<string> =>
  where.evaluate(() => document.body.innerText.replaceAll('\u2060', ''));
const focused = (where: Page | Frame): Promise<string> =>
  where.evaluate(() => document.activeElement?.id || (document.activeElement?.textContent?.trim() ?? ''));
/** Presses what reads like this. */
const pressWords = async (where: Page | Frame, says: string): Promise<void> => {
  await until(
    () =>
      where.evaluate((w) => {
        const found = [...document.querySelectorAll('button')].find((b) => b.textContent?.trim() === w);
        found?.click();
        return found !== undefined;
      }, says),
    `a button “${says}”`,
  );
};
const lookAtChat = async (name: string): Promise<void> => expect(await lookInto(shop, widget, name)).toEqual([]);

test('R58 R63 the console’s form and notice stand before the chat; what is needed is explained and nothing is lost', async () => {
  await desk.goto(`${hub.origin}/console/chat`);
  await sees(desk, 'Before the chat');
  await desk.goto(`${hub.origin}/console/chat/form`);
  await press(desk, '[name="phone-ask"][value="needed"]');
  await fill(desk, '[name="phone-help"]', 'We call back within the hour.');
  await fill(desk, '[name="privacy"]', 'https://harbor.example/privacy');
  await press(desk, 'main button.main');
  await sees(desk, 'A message, with phone');
  await desk.goto(`${hub.origin}/console/chat/recording`);
  await press(desk, '[name="on"][value="yes"]');
  await press(desk, 'main button.main');
  await sees(desk, 'Whoever does not say yes');
  await desk.goto(`${hub.origin}/console/chat/survey`);
  await press(desk, '[name="on"][value="yes"]');
  await press(desk, 'main button.main');
  await sees(desk, 'none chosen beforehand');

  await shop.goto(hub.shop);
  widget = await openWidget(shop);
  await sees(widget, 'May Harbor Motors use what is said in this chat to train our team?');
  expect(await widget.$$eval(':checked, [type=checkbox]', (all) => all.length)).toBe(0);
  expect(await widget.$eval('a[href="https://harbor.example/privacy"]', (a) => a.getAttribute('rel'))).toContain(
    'noopener',
  );
  await lookAtChat('before-chat');
  await fill(widget, '#text', 'Is the blue Marlin still there?');
  await fill(widget, '#name', 'Ada Brandt');
  await fill(widget, '#email', 'ada@brandt.example');
  await press(widget, '.recording [value="no"]');
  await press(widget, '.begin button.main');
  await sees(widget, 'Please write your phone number');
  expect(await focused(widget)).toBe('phone');
  expect(await widget.$eval('#phone', (e) => e.getAttribute('aria-describedby'))).toBe('phone-wrong phone-help');
  const typed = await widget.$$eval('.begin [name]', (all) =>
    all.map((e) =>
      (e as HTMLInputElement).type === 'radio' ? (e as HTMLInputElement).checked : (e as HTMLInputElement).value,
    ),
  );
  expect(typed).toEqual(['Is the blue Marlin still there?', 'Ada Brandt', 'ada@brandt.example', '', false, true]);
  await lookAtChat('before-chat-needed');
  await fill(widget, '#phone', '+45 20 55 04 18');
  await press(widget, '.begin button.main');
  await widget.waitForSelector('.msg.mine:not(.pending)');
}, 60_000);

test('R63 the agent reads that this chat is not recorded; an end takes two steps, by keyboard', async () => {
  await desk.goto(`${hub.origin}/panel`);
  await sees(desk, 'Not recorded.');
  await fill(desk, '#text', 'It is. See you at the pier.');
  await press(desk, '.dock button.main');
  await sees(widget, 'It is. See you at the pier.');
  await desk.bringToFront();
  await desk.focus('[data-act="end"]');
  await desk.keyboard.press('Enter');
  await until(async () => (await focused(desk)) === 'Cancel', 'the second step');
  expect(await look(desk, 'end-sure')).toEqual([]);
  await desk.bringToFront();
  await desk.keyboard.press('Enter');
  await until(async () => (await focused(desk)) === 'End chat', 'the way back');
  await desk.keyboard.press('Enter');
  await until(() => desk.$('[data-act="end-sure"]'), 'the second step again');
  await press(desk, '[data-act="end-sure"]');
  await sees(desk, 'This chat has ended.');
  await sees(desk, 'No chats.');
  expect(await words(desk)).toContain('You ended the chat.');
  expect(await look(desk, 'ended')).toEqual([]);
}, 60_000);

test('R59 nothing is chosen in the question; skipped it is gone, also after a reload; writing opens the chat again', async () => {
  await sees(widget, 'How was this chat?');
  await sees(widget, 'Maria ended the chat.');
  expect(await widget.$$eval('.scores :checked', (all) => all.length)).toBe(0);
  await lookAtChat('survey');
  await pressWords(widget, 'Skip');
  await until(async () => !(await words(widget)).includes('How was this chat?'), 'the question gone');
  expect(await focused(widget)).toBe('m');
  await shop.reload();
  widget = await openWidget(shop);
  await sees(widget, 'This chat is over.');
  expect(await words(widget)).not.toContain('How was this chat?');
  await fill(widget, '#m', 'One more thing');
  await press(widget, '.say-back [type=submit]');
  await sees(desk, 'One more thing');
  await until(async () => !(await words(widget)).includes('This chat is over.'), 'the chat going on');
}, 60_000);

test('R60 the visitor reads the transcript, has it mailed, and it arrives in the outbox without a word that is for agents', async () => {
  await desk.bringToFront();
  await pressWords(desk, 'Write a note');
  await fill(desk, '#text', 'Haggles a lot');
  await press(desk, '.dock button.main');
  await sees(desk, 'Note, only agents see this');
  await pressWords(widget, 'Copy of this chat');
  await widget.waitForSelector('.copy');
  expect(await widget.$eval('#to', (e) => (e as HTMLInputElement).value)).toBe('ada@brandt.example');
  await lookAtChat('copy');
  await fill(widget, '#to', 'ada@brandt');
  await pressWords(widget, 'Mail it');
  await sees(widget, 'does not look like an e-mail address');
  await fill(widget, '#to', 'ada.two@brandt.example');
  await pressWords(widget, 'Mail it');
  await sees(widget, 'A transcript is on its way to ada.two@brandt.example.');
  await sees(desk, 'A transcript is on its way to ada.two@brandt.example, as Ada asked.');
  const shown = await widget.$eval('.copy', (e) => e.textContent ?? '');
  await desk.goto(`${hub.origin}/console/outbox`);
  await sees(desk, 'Your chat with Harbor Motors');
  await desk.evaluate(() =>
    [...document.querySelectorAll('a')].find((a) => a.textContent?.includes('Your chat with'))?.click(),
  );
  await sees(desk, 'Is the blue Marlin still there?');
  const mail = await words(desk);
  for (const line of shown.split('\n').filter((l) => l.trim())) expect(mail).toContain(line.trim());
  expect(mail).toContain(`${hub.origin}/privacy/harbor-motors`);
  expect(mail.slice(mail.indexOf('Is the blue'))).not.toMatch(/Haggles|Lund|maria@/);
}, 60_000);

test('R59 R62 the visitor ends a chat in two steps, answers the question, and starts a new one that knows nothing', async () => {
  await desk.goto(`${hub.origin}/panel`);
  await sees(desk, 'One more thing');
  await pressWords(widget, 'Close the copy');
  await pressWords(widget, 'End chat');
  await sees(widget, 'End this chat?');
  expect(await focused(widget)).toBe('Go on chatting');
  await lookAtChat('end-widget');
  await pressWords(widget, 'End chat');
  await sees(widget, 'You ended the chat.');
  await sees(desk, 'Ada ended the chat.');
  expect(await words(widget)).not.toContain('How was this chat?'); // it was skipped in this chat
  await pressWords(widget, 'Start a new chat');
  await fill(widget, '#text', 'Hello again');
  await fill(widget, '#phone', '+45 20 55 04 18');
  await press(widget, '.begin button.main');
  await widget.waitForSelector('.msg.mine:not(.pending)');
  expect(await words(widget)).not.toContain('One more thing');
  await pressWords(widget, 'End chat');
  await sees(widget, 'End this chat?');
  await pressWords(widget, 'End chat');
  await sees(widget, 'How was this chat?');
  await press(widget, '.scores [value="4"]');
  await fill(widget, '#comment', 'Quick and kind');
  await press(widget, '.ending [type=submit]');
  await sees(widget, 'You said: 4, good. Quick and kind');
  expect(await words(widget)).not.toContain('How was this chat?');
}, 60_000);

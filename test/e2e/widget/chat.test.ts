import { describe, expect, it, vi } from 'vitest';
import { ada, begin, browser, count, focused, has, held, hub, openWidget, page, say, text } from './stage.ts';

describe('the form', { timeout: 60_000 }, () => {
  it('R58 sends with every optional field left empty', async () => {
    await begin(await openWidget(page), 'Hello');
    expect(Object.keys(hub.talks[0]?.input ?? {}).sort()).toEqual(['brand', 'clientId', 'text', 'token']);
  });

  it('R58 explains a bad e-mail, moves to it and loses nothing that was typed', async () => {
    const frame = await openWidget(page);
    await frame.type('#text', 'Is it still there?');
    await frame.type('#name', ada.name);
    await frame.type('#email', 'ada@brandt');
    await frame.click('.begin [type=submit]');
    await has(frame, 'does not look like an e-mail address');
    expect(await focused(frame)).toBe('email');
    expect(
      await frame.$eval(
        '#email',
        (e) => document.getElementById(e.getAttribute('aria-describedby') ?? '')?.textContent,
      ),
    ).toContain('can stay empty');
    expect(await frame.$$eval('.begin [name]', (all) => all.map((e) => (e as HTMLInputElement).value))).toEqual([
      'Is it still there?',
      ada.name,
      'ada@brandt',
      '',
    ]);
    expect(hub.requests).not.toContain('POST /api/chat/start');
    await frame.type('#email', '.example');
    await frame.click('.begin [type=submit]');
    await frame.waitForSelector('.log .msg.mine');
    expect(hub.talks[0]?.input).toMatchObject({ name: ada.name, email: ada.email, text: 'Is it still there?' });
  });

  it('R62 a first message whose acknowledgement was lost is not doubled, across a reload', async () => {
    hub.swallow('chatStart', true);
    let frame = await openWidget(page);
    await frame.type('#text', 'Hello');
    await frame.click('.begin [type=submit]');
    await has(frame, 'Not sent.');
    hub.swallow('chatStart', false);
    await page.reload();
    frame = await openWidget(page);
    await has(frame, 'This was not sent yet.');
    expect(await frame.$eval('#text', (e) => (e as HTMLTextAreaElement).value)).toBe('Hello');
    await frame.click('.begin [type=submit]');
    await frame.waitForSelector('.log .msg.mine');
    expect(hub.talks).toHaveLength(1);
    expect(await count(frame, '.msg')).toBe(1);
  });
});

describe('the chat', { timeout: 60_000 }, () => {
  it('keeps the newest on the screen in less room, and shows what came while it was closed', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'Hello');
    for (let n = 1; n <= 15; n++) hub.says(`Answer ${n}`);
    await has(frame, 'Answer 15');
    const newest = () =>
      frame.evaluate(() => {
        const bottom = [...document.querySelectorAll('.log .msg')].at(-1)?.getBoundingClientRect().bottom;
        return bottom !== undefined && bottom <= (document.querySelector('.log')?.getBoundingClientRect().bottom ?? 0);
      });
    for (const [width, height] of [
      [1280, 900],
      [360, 800],
      [360, 540],
      [360, 800],
    ] as const) {
      await page.setViewport({ width, height });
      await expect.poll(newest, { message: `${width} by ${height}` }).toBe(true);
    }
    await frame.click('.chat-head .btn');
    for (let n = 1; n <= 3; n++) hub.says(`Later ${n}`);
    await expect.poll(() => page.$eval('[data-askfirst] >>> button', (b) => b.textContent)).toContain('3 new');
    await (await page.$('[data-askfirst] >>> button'))?.click();
    await expect.poll(newest, { message: 'opened again' }).toBe(true);
  });

  it('shows an answer live, as text, with safe links', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'Hello');
    hub.says('<b>It is</b>, see https://harbor.example/marlin. javascript:alert(1)');
    await has(frame, '<b>It is</b>');
    expect(
      await frame.$$eval('.msg a', (all) =>
        all.map((a) => [(a as HTMLAnchorElement).href, (a as HTMLAnchorElement).rel]),
      ),
    ).toEqual([['https://harbor.example/marlin', 'noopener noreferrer']]);
    await has(frame, 'Maria is here');
  });

  it('R62 after a network loss nothing is lost and nothing doubled', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'One');
    await frame.waitForFunction(() => true);
    hub.cut(true);
    await has(frame, 'Offline since');
    await say(frame, 'Two');
    await has(frame, 'waiting');
    hub.says('Written meanwhile');
    hub.says('And more');
    hub.cut(false);
    await has(frame, 'And more');
    await frame.waitForFunction(() => !document.querySelector('.pending'), { timeout: 10_000 });
    expect(await frame.$$eval('.msg', (all) => all.map((m) => m.textContent))).toEqual([
      'One',
      'Written meanwhile',
      'And more',
      'Two',
    ]);
    expect(hub.talks[0]?.entries.filter((e) => e.kind === 'message')).toHaveLength(4);
    expect(await text(frame, '.sr[role=status]')).toBe('Two new messages.');
  });

  it('R62 an unsent message survives a reload and arrives once', async () => {
    let frame = await openWidget(page);
    await begin(frame, 'One');
    hub.cut(true);
    await has(frame, 'Offline since');
    await say(frame, 'Two');
    await has(frame, 'waiting');
    hub.cut(false);
    hub.swallow('chatSend', true);
    await page.reload();
    frame = await openWidget(page);
    await has(frame, 'Two');
    await vi.waitFor(() => expect(hub.talks[0]?.entries).toHaveLength(2), { timeout: 8000 });
    hub.swallow('chatSend', false);
    await frame.waitForFunction(() => document.querySelectorAll('.msg:not(.pending)').length === 2, {
      timeout: 10_000,
    });
    expect(hub.talks[0]?.entries).toHaveLength(2);
    expect((await held(frame)).local).toEqual(['askfirst/harbor-motors/token']);
  });

  it('a refused message says so and is sent again by a press', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'One');
    hub.refuse('chatSend', 'store-failed');
    await say(frame, 'Two');
    await has(frame, 'Not sent. The chat cannot store anything just now.');
    await (await frame.waitForSelector('.msg-by button'))?.click();
    await frame.waitForFunction(() => !document.querySelector('.pending'));
    expect(hub.talks[0]?.entries).toHaveLength(2);
  });

  it('counts what came while it was closed on its button', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'One');
    await (await frame.waitForSelector('.chat-head button'))?.click();
    hub.says('Still here');
    await page.waitForFunction(
      () => document.querySelector('[data-askfirst]')?.shadowRoot?.querySelector('b')?.textContent === '1 new',
    );
    hub.asks();
    await page.waitForFunction(
      () => document.querySelector('[data-askfirst]')?.shadowRoot?.querySelector('b')?.textContent === '2 new',
    );
    // A notice nobody sees was not shown: the question is fetched at opening.
    expect(hub.requests).not.toContain('POST /api/chat/question');
    await (await page.waitForSelector('[data-askfirst] >>> button'))?.click();
    await frame.waitForSelector('.chat');
  });

  it('an ended chat says so, keeps what was unsent and begins anew', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'One');
    hub.refuse('chatSend', 'token-ended');
    await say(frame, 'Two');
    await has(frame, 'This chat has ended.');
    await (await frame.waitForSelector('.over button'))?.click();
    await frame.waitForSelector('#text');
    expect(await frame.$eval('#text', (e) => (e as HTMLTextAreaElement).value)).toBe('Two');
    await frame.click('.begin [type=submit]');
    await frame.waitForSelector('.log .msg.mine:not(.pending)');
    expect(hub.talks).toHaveLength(2);
  });

  it('opens My data in a new tab with a code in a body, never in an address', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'One');
    const opened = browser.waitForTarget((t) => t.url().endsWith('/privacy/harbor-motors'));
    await frame.click('.chat-foot button');
    const tab = await (await opened).page();
    await tab?.waitForSelector('h1');
    expect(await tab?.$eval('h1', (h) => h.textContent)).toBe('Known');
    expect(hub.requests).toContain('POST /privacy/harbor-motors');
  });
});

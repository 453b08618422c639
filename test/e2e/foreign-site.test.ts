import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadAssets } from '../../server/routes/assets.ts';
import { type FrontDoor, frontDoor } from '../support/front-door.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { press, sees, until } from '../support/story.ts';

/** A site of somebody else, with pages of its own and headers as it likes. */
interface Site {
  origin: string;
  serve(html: string, headers?: Record<string, string>): void;
  close(): void;
}
async function openSite(): Promise<Site> {
  let answer: { html: string; headers: Record<string, string> } = { html: '', headers: {} };
  const server: Server = createServer((_, res) => {
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...answer.headers });
    res.end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><body>${answer.html}</body></html>`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (html, headers = {}) => {
      answer = { html, headers };
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

let door: FrontDoor;
let browser: Browser;
let evil: Site;
let page: Page;
/** What the browser itself said against. */
let refusals: string[] = [];

beforeAll(async () => {
  [door, browser, evil] = await Promise.all([frontDoor(), launchPlain(), openSite()]);
  door.hub.deps.asset = loadAssets(['dist/widget', 'dist/pages']);
  // The owner is signed in here, in the very browser that meets the foreign site.
  const desk = await browser.newPage();
  await desk.goto(door.origin + door.hub.deps.people.signIn.printedLink('maria@harbor.example'));
  await press(desk, 'form [type=submit]');
  await sees(desk, 'Connections');
  await desk.close();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  evil?.close();
  await door?.close();
});
beforeEach(async () => {
  page = await browser.newPage();
  refusals = [];
  page.on('console', (line) => void (line.type() === 'error' && refusals.push(line.text())));
});
afterEach(() => page.close());

/** Who may stand on a page of the brand, as the hub keeps it. */
async function listed(sites: readonly string[]): Promise<void> {
  const row = door.store.read.hot("select settings_json from brand where id = 'harbor-motors'").get();
  const settings = { ...JSON.parse(row?.settings_json as string), sites };
  await door.store.write((tx) =>
    tx.hot("update brand set settings_json = ? where id = 'harbor-motors'").run(JSON.stringify(settings)),
  );
}

describe('SECURITY.md 4.3: a foreign site', { timeout: 60_000 }, () => {
  it.each([
    '/console',
    '/console/ledger',
    '/panel',
    '/sign-in',
    '/privacy/harbor-motors',
    '/widget/frame?brand=harbor-motors',
  ])('sec-H07 cannot frame %s, although somebody is signed in', async (path) => {
    evil.serve(`<iframe src="${door.origin}${path}"></iframe>`);
    await page.goto(evil.origin, { waitUntil: 'networkidle0' });
    // The network can be idle before the frame has its error page, and before the browser said why.
    const inside = () => page.frames().find((f) => f !== page.mainFrame());
    await expect.poll(() => inside()?.url()).toBe('chrome-error://chromewebdata/');
    await expect.poll(() => refusals.join('\n')).toMatch(/frame-ancestors|X-Frame-Options/);
  });

  it.each(['kit.css', 'panel.js', 'console.css', 'frame.js'])(
    'sec-H07 cannot load /assets/%s into its page',
    async (name) => {
      const tag = name.endsWith('.css')
        ? `<link rel="stylesheet" href="${door.origin}/assets/${name}">`
        : `<script src="${door.origin}/assets/${name}"></script>`;
      expect((await fetch(`${door.origin}/assets/${name}`)).status).toBe(200); // it is there, for the hub's own pages
      evil.serve(tag);
      await page.goto(evil.origin, { waitUntil: 'networkidle0' });
      await expect.poll(() => refusals.join('\n')).toContain('NotSameOrigin');
    },
  );

  it.each([
    ['/api/panel/queue', {}],
    ['/api/panel/queue', { headers: { 'x-askfirst': '1' } }],
    ['/api/chat/entries', { headers: { authorization: 'Bearer none' } }],
    ['/privacy/harbor-motors', {}],
    ['/console', {}],
    ['/.well-known/none', {}],
  ] as const)('sec-H07 cannot read %s with credentials (%j)', async (path, init) => {
    evil.serve('<p>Nothing here.</p>');
    await page.goto(evil.origin);
    const read = await page.evaluate(
      async (address, more) => {
        try {
          const res = await fetch(address, { credentials: 'include', ...more });
          return await res.text();
        } catch (e) {
          return String(e);
        }
      },
      door.origin + path,
      init,
    );
    expect(read).toContain('TypeError: Failed to fetch');
  });

  it('sec-H07 cannot post a form of the console, nor start a chat', async () => {
    const rows = () =>
      door.store.read.hot('select (select count(*) from audit) as a, (select count(*) from conversation) as c').get();
    const before = rows();
    evil.serve(
      `<form method="post" action="${door.origin}/console/chat/look"><input name="version" value="0"><input name="colour" value=""><input name="csrf" value="x"></form>`,
    );
    await page.goto(evil.origin);
    await Promise.all([page.waitForNavigation(), page.evaluate(() => document.forms[0]?.submit())]);
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('Saved');
    await page.goto(evil.origin);
    await page.evaluate(
      (address, body) =>
        fetch(address, { method: 'POST', mode: 'no-cors', body, credentials: 'include' }).catch(() => {}),
      `${door.origin}/api/chat/start`,
      JSON.stringify({ brand: 'harbor-motors', token: 'x'.repeat(43), clientId: 'c', text: 'Hello' }),
    );
    expect(rows()).toEqual(before);
  });

  it('sec-H05 shows its button but not the chat: the script says that nothing answers, and the page goes on', async () => {
    evil.serve(
      `<script src="${door.origin}/widget.js?brand=harbor-motors" data-brand="harbor-motors"></script><h1>Mine</h1>`,
    );
    await page.evaluateOnNewDocument(() => {
      const real = window.setTimeout;
      Object.assign(window, { setTimeout: (act: () => void, ms: number) => real(act, Math.min(ms, 300)) });
    });
    await page.goto(evil.origin);
    await (await page.waitForSelector('[data-askfirst] >>> button'))?.click();
    const note = await page.waitForSelector('[data-askfirst] >>> p:not([hidden])');
    expect(await note?.evaluate((p) => p.textContent)).toContain('Nothing was sent.');
    expect(refusals.join('\n')).toContain('frame-ancestors');
  });
});

describe('SECURITY.md 4.8: words for the frame', { timeout: 60_000 }, () => {
  afterEach(() => listed([door.shop]));

  it('sec-H05 are heard from the listed page that holds it alone, in their own shape alone', async () => {
    await listed([door.shop, evil.origin]);
    evil.serve(
      `<script src="${door.origin}/widget.js?brand=harbor-motors" data-brand="harbor-motors"></script><iframe id="other" srcdoc="<p>x</p>"></iframe>`,
    );
    await page.goto(evil.origin);
    await page.waitForSelector('[data-askfirst] >>> button');
    const answers = () => page.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard);
    await page.evaluate(() => {
      const heard: unknown[] = [];
      Object.assign(globalThis, { heard });
      addEventListener('message', (e) => heard.push(e.data));
    });
    // Held by hand, so that the script's own first word is not what opens it.
    await page.evaluate(async (address) => {
      const frame = document.createElement('iframe');
      frame.id = 'held';
      frame.src = address;
      document.body.append(frame);
      await new Promise((done) => {
        frame.onload = done;
      });
    }, `${door.origin}/widget/frame?brand=harbor-motors`);
    const say = (from: 'page' | 'other', what: unknown) =>
      page.evaluate(
        (who, data, hub) => {
          const to = document.querySelector<HTMLIFrameElement>('#held')?.contentWindow;
          const other = document.querySelector<HTMLIFrameElement>('#other')?.contentWindow as
            | (Window & typeof globalThis)
            | null;
          if (who === 'page') to?.postMessage(data, hub);
          // The same words out of another window of the same origin: the source is not the page that holds the frame.
          else
            other?.eval(
              `parent.document.querySelector('#held').contentWindow.postMessage(${JSON.stringify(data)}, ${JSON.stringify(hub)})`,
            );
        },
        from,
        what,
        door.origin,
      );
    for (const shape of [
      null,
      'open',
      [],
      {},
      { askfirst: 'ready', name: 'x' },
      { askfirst: ['open'] },
      { askfirst: 'plain' },
    ])
      await say('page', shape);
    await say('other', { askfirst: 'open' });
    // What was said before is worked off in order: once the right word is answered, the others were not.
    expect(await answers()).toEqual([]);
    await say('page', { askfirst: 'open' });
    await until(async () => (await answers()).length > 0, 'the answer');
    expect(await answers()).toEqual([{ askfirst: 'ready', name: 'Harbor Motors' }]);
  });

  it('sec-H05 are not heard by the script from anybody but the hub’s own frame', async () => {
    await page.goto(door.shop);
    await (await page.waitForSelector('[data-askfirst] >>> button'))?.click();
    const frame = await page.waitForFrame((f) => f.url().includes('/widget/frame'));
    await frame.waitForSelector('#text');
    await page.evaluate(() => {
      for (const word of ['close', 'plain', 'ready']) postMessage({ askfirst: word, name: 'Evil' }, '*');
    });
    await page.evaluate(() => new Promise((done) => setTimeout(done)));
    const label = await page.$eval('[data-askfirst] >>> button', (b) => [(b as HTMLElement).hidden, b.textContent]);
    expect(label).toEqual([true, 'Chat with Harbor Motors']);
  });
});

describe('a brand with a policy of its own', { timeout: 60_000 }, () => {
  afterEach(() => listed([door.shop]));

  it('sec-H07 names the hub in script-src and frame-src and nothing else: no inline style, Trusted Types on, the chat is there', async () => {
    await listed([evil.origin]);
    evil.serve(
      `<script src="${door.origin}/widget.js?brand=harbor-motors" data-brand="harbor-motors"></script><h1>Mine</h1>`,
      {
        'content-security-policy': `default-src 'none'; img-src data:; script-src ${door.origin}; frame-src ${door.origin}; require-trusted-types-for 'script'; trusted-types 'none'`,
        'cross-origin-embedder-policy': 'unsafe-none',
      },
    );
    await page.goto(evil.origin);
    await (await page.waitForSelector('[data-askfirst] >>> button'))?.click();
    const frame = await page.waitForFrame((f) => f.url().includes('/widget/frame'));
    await frame.waitForSelector('#text');
    await frame.type('#text', 'Hello');
    await frame.click('.begin [type=submit]');
    await frame.waitForSelector('.log .msg.mine:not(.pending)');
    const styled = await page.$eval('[data-askfirst] >>> iframe', (f) => getComputedStyle(f).position);
    expect([styled, refusals]).toEqual(['fixed', []]);
  });
});

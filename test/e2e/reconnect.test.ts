import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoPeople } from '../../server/people/seed.ts';
import { type FrontDoor, frontDoor } from '../support/front-door.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { press, sees } from '../support/story.ts';

let browser: Browser;
let door: FrontDoor;
beforeEach(async () => {
  browser = await launchPlain();
  door = await frontDoor();
});
afterEach(async () => {
  await browser.close();
  await door.close();
});

const rows = (table: string) => door.store.read.hot(`select count(*) as n from ${table}`).get()?.n;
const linkOf = () => door.origin + door.hub.deps.people.signIn.printedLink(demoPeople.maria.email);
const sessionOf = async (context: BrowserContext) =>
  (await context.cookies()).find((c) => c.name === '__Host-askfirst.session_token')?.value;

/** Somebody in a browser of their own, signed in as the owner. */
async function person(): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(linkOf());
  await press(page, 'form [type=submit]');
  await sees(page, 'Connections');
  return { page, context };
}
/** From the button to the page that asks whether it is the right account. */
async function allow(page: Page, account: string): Promise<void> {
  await sees(page, 'HubSpot');
  await page.waitForSelector('button[value=allow]');
  await press(page, `[name=account][value="${account}"]`);
  await press(page, 'button[value=allow]');
}
/** The same, but the callback is caught on its way: its address. */
async function caught(page: Page): Promise<string> {
  await page.goto(`${door.origin}/console/add/hubspot`);
  await press(page, 'main form [type=submit]');
  await page.setRequestInterception(true);
  const back = new Promise<string>((resolve) => {
    page.on('request', (request) => {
      if (!request.url().includes('/oauth/callback/')) return void request.continue();
      resolve(request.url());
      void request.abort();
    });
  });
  await allow(page, '4810000');
  return back;
}

test('sec-O07 R1 the callback of admin A opened in the browser of admin B: refused, and nothing is stored', async () => {
  const a = await person();
  const b = await person();
  const back = await caught(a.page);
  await b.page.goto(back);
  await sees(b.page, 'The connection was not made.');
  await b.page.goto(`${door.origin}/console/add/hubspot`);
  await press(b.page, 'main form [type=submit]'); // B has a connect of their own under way
  await b.page.waitForSelector('button[value=allow]');
  await b.page.goto(back);
  await sees(b.page, 'The connection was not made.');
  expect([rows('integration'), rows('vault')]).toEqual([0, 0]);
});

test('sec-O10 BA4 a session put there before the sign-in is worth nothing; its id changes at sign-in and at connect', async () => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const victim = await person();
  const fixed = (await sessionOf(victim.context)) ?? '';
  const { hostname: domain } = new URL(door.origin);
  await context.setCookie({ name: '__Host-askfirst.session_token', value: fixed, domain, path: '/', secure: true });
  await page.goto(linkOf());
  await press(page, 'form [type=submit]');
  await sees(page, 'Connections');
  const signedIn = await sessionOf(context);
  expect(signedIn).not.toBe(fixed);
  await victim.page.goto(`${door.origin}/console`);
  await sees(victim.page, 'Sign in'); // what was fixed is dead

  await page.goto(`${door.origin}/console/add/hubspot`);
  await press(page, 'main form [type=submit]');
  await allow(page, '4810000');
  await sees(page, 'Is this the right HubSpot account?');
  const connecting = await sessionOf(context);
  expect(new Set([fixed, signedIn, connecting]).size).toBe(3);
});

test('R6 one press on the connection’s page reconnects it in place; another account is refused and changes nothing', async () => {
  const { page } = await person();
  await page.goto(`${door.origin}/console/add/hubspot`);
  await press(page, 'main form [type=submit]');
  await allow(page, '4810000');
  await sees(page, 'Is this the right HubSpot account?');
  await press(page, 'button[value=connect]');
  await sees(page, 'Connected. Nothing leaves');
  const before = door.store.read.hot('select * from integration').get();
  const address = `${door.origin}/console/connections/${door.integration()}`;

  await page.goto(address);
  await press(page, '.bar form [type=submit]');
  await allow(page, '4820000');
  await sees(page, 'Is this the right HubSpot account?');
  await press(page, 'button[value=connect]');
  await sees(page, 'You signed in to a different HubSpot account. Nothing was changed.');
  expect(door.store.read.hot('select * from integration').get()).toEqual(before);

  await page.goto(address);
  await press(page, '.bar form [type=submit]');
  await allow(page, '4810000');
  await sees(page, 'Is this the right HubSpot account?');
  await press(page, 'button[value=connect]');
  await sees(page, 'Connected. Nothing leaves');
  expect(door.store.read.hot('select id, account_id, connection, trouble from integration').all()).toEqual([
    { id: before?.id, account_id: '4810000', connection: 'active', trouble: null },
  ]);
});

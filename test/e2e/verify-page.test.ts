import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Question } from '#contract/chat.ts';
import { type RunningHub, runHub } from '../support/hub.ts';
import { peopleAt } from '../support/people-at.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { look, until } from '../support/story.ts';

const folder = mkdtempSync(join(tmpdir(), 'askfirst-verify-'));
const saved = join(folder, 'verify.html');
let hub: RunningHub;
let jws: string;
let proofKeys: string;

const keep = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** Ada's receipt for a yes to e-mail and a no to phone, and her proof keys after a send, as her page hands them out. */
async function filesOfAda(): Promise<{ jws: string; proofKeys: string }> {
  const people = peopleAt(hub);
  const maria = people.client();
  await maria.submit(hub.signIn, { token: hub.signIn.split('/').at(-1) ?? '' });
  await people.connect(maria);
  const db = new DatabaseSync(join(hub.data, 'hub.db'), { readOnly: true });
  const integration = db.prepare("select id from integration where provider = 'hubspot'").get()?.id as string;
  db.close();
  const ada = await people.visitor({ name: 'Ada Brandt', email: 'ada@brandt.example', phone: '+45 20 55 04 18' });
  const purpose = 'CustomerRelationshipManagement';
  const { body } = (await ada.say('/api/chat/question', { integration, purpose })) as { body: Question };
  const said = (await ada.say('/api/chat/answer', {
    nonce: body.nonce,
    answers: { email: 'yes', phone: 'no' },
  })) as { body: { receipt: string } };
  await maria.json(
    'POST',
    `/api/panel/conversations/${ada.conversation}/shares`,
    { integration, purpose, clientId: 'c1' },
    { 'x-askfirst': '1' },
  );
  const { code, action } = (await ada.say('/api/chat/my-data', {})).body as { code: string; action: string };
  const browser = people.client();
  await browser.submit(action, { code });
  const proofKeys = await until(async () => {
    const file = await (await browser.get('/privacy/harbor-motors/proof-keys')).text();
    const { rows } = JSON.parse(file) as { rows: { row: { t: string }; tlog: unknown }[] };
    return rows.some((r) => r.row.t === 'disclosure' && typeof r.tlog === 'string') ? file : undefined;
  }, 'the send in the proof keys');
  // Its proof is there within a second; until then the file is another one.
  const jws = await until(async () => {
    const file = await (await fetch(hub.origin + said.body.receipt)).text();
    const { tlog } = JSON.parse(Buffer.from(file.split('.')[1] ?? '', 'base64url').toString());
    return typeof tlog === 'string' ? file : undefined;
  }, 'a proof');
  return { jws, proofKeys };
}

beforeAll(async () => {
  hub = await runHub();
  ({ jws, proofKeys } = await filesOfAda());
  writeFileSync(saved, await (await fetch(`${hub.origin}/verify`)).text());
});
afterAll(async () => {
  await hub?.close();
  rmSync(folder, { recursive: true, force: true });
});

const verdict = (page: Page) => page.$eval('#verdict', (p) => p.textContent ?? '');
async function give(page: Page, path: string): Promise<string> {
  await page.$eval('#verdict', (p) => {
    p.textContent = '';
  });
  await ((await page.$('#file')) as ElementHandle<HTMLInputElement>).uploadFile(path);
  return until(async () => (await verdict(page)) || undefined, 'a verdict');
}
const setKey = (page: Page, key: string) =>
  page.$eval(
    '#key',
    (field, value) => {
      (field as HTMLTextAreaElement).value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    },
    key,
  );
const factsOf = (page: Page) =>
  page.$$eval('#facts > div', (rows) => rows.map((r) => [...r.children].map((c) => c.textContent)));

describe.each(['chromium', 'firefox'] as const)('the page that checks receipts, in %s', (name) => {
  let browser: Browser;
  let page: Page;
  const asked: string[] = [];

  beforeAll(async () => {
    browser = await launchPlain(name);
    page = await browser.newPage();
    page.on('request', (r) => asked.push(r.url()));
  });
  afterAll(() => browser?.close());

  test('R29 served by the hub: its key is there, and a genuine receipt is told in plain words', async () => {
    await page.goto(`${hub.origin}/verify`);
    const key = readFileSync(join(hub.data, 'receipt-key.pub'), 'utf8').trim();
    expect(await page.$eval('#key', (k) => (k as HTMLTextAreaElement).value)).toBe(key);
    expect(await give(page, keep('mine.jws', jws))).toBe('mine.jws: This receipt is genuine.');
    const facts = Object.fromEntries((await factsOf(page)).map(([term, line]) => [term, line]));
    expect(facts).toMatchObject({
      Answer: expect.stringMatching(/^Yes, at \d{4}-/),
      'May get it': expect.stringContaining('HubSpot'),
      What: 'e-mail',
      'Asked by': 'Harbor Motors ApS, Nordre Kaj 4, 8000 Aarhus',
      Ledger: expect.stringMatching(/^row \d+ of the \d+ rows signed as \S+$/),
    });
    if (name === 'chromium') expect(await look(page, 'verify')).toEqual([]);
  });

  test('R29 saved on a disk: the same, with no request but for the file itself', async () => {
    asked.length = 0;
    const url = pathToFileURL(saved).href;
    await page.goto(url);
    expect(await give(page, keep('mine.jws', jws))).toBe('mine.jws: This receipt is genuine.');
    expect(asked.filter((to) => to !== url)).toEqual([]);
    expect(await page.evaluate(() => performance.getEntriesByType('resource').map((e) => e.name))).toEqual([]);
    const reached = await page.evaluate(
      (to) =>
        fetch(to).then(
          () => true,
          () => false,
        ),
      `${hub.origin}/healthz`,
    );
    expect(reached).toBe(false); // the page's own policy keeps even a changed script from sending
  });

  test('R29 GATE-37 one bit, another key, one more character, nothing, ten megabytes: not genuine, and why', async () => {
    const [head = '', content = '', seal = ''] = jws.trim().split('.');
    const flip = (text: string, at: number) => {
      const changed = Buffer.from(text, 'base64url');
      changed[at] = (changed[at] ?? 0) ^ 1;
      return changed.toString('base64url');
    };
    for (const [file, text, why] of [
      ['content', `${head}.${flip(content, 200)}.${seal}`, 'not valid: the signature does not fit.'],
      ['seal', `${head}.${content}.${flip(seal, 40)}`, 'not valid: the signature does not fit.'],
      ['trailing', `${jws.trim()}A`, 'not valid: the signature does not fit.'],
      ['space', `${jws.trim()} `, 'This file is not a receipt.'],
      ['empty', '', 'This file is not a receipt.'],
      ['large', 'A'.repeat(10_000_000), 'This file is too large to be a receipt.'],
    ] as const) {
      expect(await give(page, keep(file, text))).toContain(why);
      expect(await factsOf(page)).toEqual([]);
    }
    await give(page, join(folder, 'mine.jws'));
    await setKey(page, Buffer.alloc(32, 5).toString('base64url'));
    await until(async () => (await verdict(page)).includes('signed with another key'), 'the other key’s verdict');
    expect(await factsOf(page)).toEqual([]);
    await setKey(page, '');
    await until(async () => (await verdict(page)).includes('public key is missing'), 'the missing key');
    if (name === 'chromium') expect(await look(page, 'verify-refused')).toEqual([]);
  });

  test('R33 proof keys say that the receipt is mine and what was sent; one letter changed, and they open nothing', async () => {
    await page.goto(pathToFileURL(saved).href);
    await give(page, keep('mine.jws', jws));
    const load = async (name: string, text: string) =>
      ((await page.$('#openings-file')) as ElementHandle<HTMLInputElement>).uploadFile(keep(name, text));
    await load('keys.json', proofKeys);
    await until(async () => (await factsOf(page)).some(([term]) => term === 'Yours'), 'the own row');
    const facts = Object.fromEntries((await factsOf(page)).map(([term, line]) => [term, line]));
    expect(facts.Sends).toMatch(/^Row \d+, \S+Z: your e-mail was ada@brandt\.example$/);
    expect(await verdict(page)).toBe('mine.jws: This receipt is genuine.');
    if (name === 'chromium') expect(await look(page, 'verify-mine')).toEqual([]);
    await load('changed.json', proofKeys.replace('ada@brandt.example', 'bda@brandt.example'));
    const no = /genuine\. Your proof keys do not open this receipt: the key for f:email does not open row \d+\.$/;
    await until(async () => no.test(await verdict(page)), 'the refusal');
    expect((await factsOf(page)).some(([term]) => term === 'Yours')).toBe(false);
  });

  test('R29 a file dropped beside the zone is checked, and the zone works by keyboard', async () => {
    await page.goto(pathToFileURL(saved).href);
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'dropped.jws'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    }, jws);
    await until(async () => (await verdict(page)) === 'dropped.jws: This receipt is genuine.', 'the dropped file');
    const opened = page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const field = document.getElementById('file') as HTMLInputElement;
          field.addEventListener('click', (event) => {
            event.preventDefault(); // no dialog of the system in a test
            resolve(document.activeElement?.id ?? '');
          });
        }),
    );
    await page.keyboard.press('Tab'); // skip link
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await opened).toBe('choose');
  });

  test('R29 a browser without Ed25519 says so, and calls nothing genuine or false', async () => {
    const old = await browser.newPage();
    await old.evaluateOnNewDocument(() => {
      SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'));
    });
    await old.goto(pathToFileURL(saved).href);
    expect(await give(old, join(folder, 'mine.jws'))).toContain('This browser cannot check Ed25519 signatures.');
    await old.close();
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chat, openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeAll(async () => {
  stage = await openStage();
  chat = await openChat(stage);
});
afterAll(() => stage.close());

const kept = [
  'content-security-policy',
  'x-frame-options',
  'cross-origin-resource-policy',
  'cross-origin-opener-policy',
  'referrer-policy',
  'cache-control',
  'strict-transport-security',
  'x-content-type-options',
  'content-type',
];
const profile = (res: Response) =>
  Object.fromEntries(
    kept.flatMap((name) => {
      const value = res.headers
        .get(name)
        ?.replace(/nonce-[\w+/=]+/g, 'nonce-N')
        .replaceAll(stage.door.shop, 'SHOP')
        .replaceAll(stage.door.origin, 'HUB');
      return value ? [[name, value]] : [];
    }),
  );
const cookie = () => ({ cookie: [...stage.maria.cookies].map(([k, v]) => `${k}=${v}`).join('; ') });
const page = { accept: 'text/html' };
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(stage.door.origin + path, { headers, redirect: 'manual' });

test('sec-H07 each class of route has its headers, on 401, 403, 404, 413 and 500 too', async () => {
  const seen: Record<string, unknown> = {};
  const note = async (name: string, res: Promise<Response>) => {
    const r = await res;
    seen[`${r.status} ${name}`] = profile(r);
  };
  await note('console', get('/console', { ...page, ...cookie() }));
  await note('console, nothing there', get('/console/connections/none', { ...page, ...cookie() }));
  await note('console, with pages inside', get('/console/notice/preview', { ...page, ...cookie() }));
  await note('console, inside', get('/console/notice/preview/question', { ...page, ...cookie() }));
  await note('sign-in', get('/sign-in', page));
  await note('sign-in by a dead link', get('/sign-in/none', page));
  await note('callback', get('/oauth/callback/hubspot', page));
  await note('preference page', get('/privacy/harbor-motors', page));
  await note('mailed link', get('/privacy/harbor-motors/prove/none', page));
  await note('mailed link without a code', get('/privacy/harbor-motors/prove', page));
  await note('preference page of nobody', get('/privacy/none', page));
  await note('receipt of nobody', get('/receipts/none'));
  await note('keys of the ledger', get('/.well-known/consent-keys.json'));
  await note('proof of no row', get('/ledger/proof/99999'));
  await note('widget frame', get('/widget/frame?brand=harbor-motors'));
  await note('widget frame of nobody', get('/widget/frame?brand=none'));
  await note('panel page', get('/panel', { ...page, ...cookie() }));
  await note('asset that is not there', get('/assets/none.js'));
  await note('API', get('/api/chat/entries', chat.ada.auth));
  await note('API without a token', get('/api/chat/entries'));
  await note('API, no such call', get('/api/none'));
  await note('panel API without its header', get('/api/panel/queue', cookie()));
  await note('nowhere, for a browser', get('/nowhere', page));
  await note('nowhere', get('/nowhere'));
  await stage.door.store.write((tx) => tx.exec("update brand set settings_json = '{' where id = 'harbor-motors'"));
  await note(
    'API, broken',
    fetch(`${stage.door.origin}/api/panel/conversations/${chat.ada.conversation}/preview`, {
      method: 'POST',
      headers: { ...cookie(), ...panel, 'content-type': 'application/json' },
      body: JSON.stringify({ integration: stage.integration, purpose: 'CustomerCare' }),
    }),
  );
  await note('widget frame, broken', get('/widget/frame?brand=harbor-motors', page));
  expect(seen).toMatchSnapshot();
  for (const [name, headers] of Object.entries(seen) as [string, Record<string, string>][]) {
    expect(headers['x-content-type-options'], name).toBe('nosniff');
    expect(headers['strict-transport-security'], name).toMatch(/max-age=31536000/);
    expect(headers['content-security-policy'], name).toContain("default-src 'none'");
    expect(headers['content-security-policy'], name).toContain('frame-ancestors');
  }
});

test('sec-H26 no error names a file, a statement, a host or a person', async () => {
  const errors = await Promise.all([
    get('/widget/frame?brand=harbor-motors', page),
    get('/widget/frame?brand=harbor-motors'),
    get('/privacy/harbor-motors', page),
    get('/oauth/callback/hubspot?code=secret-code&state=secret-state', page),
    get('/console/connections/%00', { ...page, ...cookie() }),
    get("/receipts/' or 1=1 --", page),
    get('/sign-in/secret-link', page),
    get('/privacy/none/prove/secret-link', page),
    get('/api/panel/conversations/none', { ...cookie(), ...panel }),
  ]);
  for (const res of errors) {
    const text = await res.text();
    if (res.status >= 400)
      expect(text).not.toMatch(
        /\bat .+:\d+|\.ts\b|node_modules|\bselect\b.+\bfrom\b|SQLITE|SyntaxError|JSON at|secret-|ada@brandt|127\.0\.0\.1/i,
      );
  }
  expect(errors.filter((r) => r.status >= 500).length).toBeGreaterThan(0);
  expect(stage.door.logged()).not.toMatch(/secret-|ada@brandt/);
});

test('HO7 the log of a failure holds the kind of address and not what gives a right in it', async () => {
  const other = await openStage();
  const said = await openChat(other).then((c) => c.answer({ email: 'yes' }));
  const receipt = said.body.receipt ?? '';
  await other.door.store.write((tx) => tx.exec('alter table receipt rename to gone'));
  const res = await fetch(other.door.origin + receipt);
  expect([receipt.startsWith('/receipts/'), res.status]).toEqual([true, 503]);
  expect(other.door.logged()).toContain('"where":"/receipts"');
  expect(other.door.logged()).not.toContain(receipt.split('/')[2]);
  await other.close();
});

import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createCsrf } from '../../../server/people/csrf.ts';
import { createOutbox } from '../../../server/people/outbox.ts';
import { openStore } from '../../../server/store/open.ts';
import { baseUrl, dump, slugOf } from './desk.ts';

it('mail waits sealed: address and body are in no column, another key or row does not open it', async () => {
  const store = openStore(':memory:');
  const outbox = createOutbox({ store, key: randomBytes(32), now: Date.now });
  await outbox.put('ada@brandt.example', 'Sign in to askfirst', 'A body with a secret in it.');
  await outbox.put('maria@harbor.example', 'Sign in to askfirst', 'Another body.');
  const all = dump(store);
  expect(all).toContain('Sign in to askfirst');
  for (const text of ['ada@brandt', 'a secret in it']) expect(all).not.toContain(text);
  const list = await outbox.list();
  const ada = list.find((m) => m.to === 'ada@brandt.example');
  const maria = list.find((m) => m.to === 'maria@harbor.example');
  expect(await outbox.open(ada?.id ?? '')).toMatchObject({
    to: 'ada@brandt.example',
    body: 'A body with a secret in it.',
  });
  expect(await slugOf(() => outbox.open('nothing'))).toBe('not-found');
  await expect(createOutbox({ store, key: randomBytes(32), now: Date.now }).open(ada?.id ?? '')).rejects.toThrow();
  await store.write((tx) =>
    tx
      .hot('update outbox set body_enc = (select body_enc from outbox where id = ?) where id = ?')
      .run(ada?.id ?? '', maria?.id ?? ''),
  );
  await expect(outbox.open(maria?.id ?? '')).rejects.toThrow();
  store.close();
});

it('HO2 a CSRF token counts for its own session only', () => {
  const csrf = createCsrf(randomBytes(32), baseUrl);
  const token = csrf.csrfFor('session-1');
  expect(csrf.checkCsrf('session-1', token)).toBe(true);
  for (const wrong of ['', `${token}x`, token.toLowerCase(), undefined, null, {}, [token], 1])
    expect(csrf.checkCsrf('session-1', wrong)).toBe(false);
  expect(csrf.checkCsrf('session-2', token)).toBe(false);
  expect(createCsrf(randomBytes(32), baseUrl).checkCsrf('session-1', token)).toBe(false);
});

it('HO2 a form without a session must come from our own page', () => {
  const { checkOrigin } = createCsrf(randomBytes(32), `${baseUrl}/`);
  const table: [Record<string, string>, boolean][] = [
    [{ origin: baseUrl }, true],
    [{ origin: baseUrl, 'sec-fetch-site': 'same-origin' }, true],
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{}, false],
    [{ origin: 'null' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ origin: baseUrl, 'sec-fetch-site': 'cross-site' }, false],
    [{ origin: 'null', 'sec-fetch-site': 'cross-site' }, false],
    [{ origin: 'http://127.0.0.1:8787' }, false],
    [{ origin: 'http://localhost:8788' }, false],
    [{ origin: 'http://localhost:8787.evil.example' }, false],
    [{ origin: 'https://localhost:8787' }, false],
  ];
  for (const [headers, ok] of table) expect([headers, checkOrigin(new Headers(headers))]).toEqual([headers, ok]);
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Evil, openEvil } from '../../support/evil.ts';
import { insideHosts } from '../../support/ssrf.ts';
import { about, openChat, openPreferences, openStage, type Stage } from './stage.ts';

let canary: Evil;
let stage: Stage;
beforeEach(async () => {
  canary = await openEvil();
});
afterEach(async () => {
  await stage.close();
  await canary.close();
});
const inside = () => `https://127.0.0.1:${canary.port}`;

describe('sec-H10 addresses that are shown or compared, and never asked for', () => {
  test('sec-H10 links of an add-on and of its notice: drawn on every page, called by nobody', async () => {
    stage = await openStage({
      adapters: (list) =>
        list.map((a) => ({ ...a, facts: { ...a.facts, docs: `${inside()}/docs`, policy: `${inside()}/policy` } })),
    });
    const { maria, integration } = stage;
    const chat = await openChat(stage, about);
    await chat.answer({ email: 'yes' });
    await chat.send();
    const preferences = await openPreferences(stage, chat);
    const pages = [
      '/console',
      '/console/add/hubspot',
      `/console/connections/${integration}`,
      `/console/connections/${integration}/changes`,
      '/console/notice',
      '/console/notice/preview',
      '/console/website',
    ];
    const drawn = await Promise.all(pages.map(async (path) => (await maria.get(path)).text()));
    expect(`${drawn.join('')}${await preferences.page()}`).toContain(`${inside()}/policy`);
    expect((await chat.lastShare())?.state).toBe('sent');
    expect(canary.connections()).toBe(0);
  });

  test('sec-H10 what strangers write: callback, Host, forwarded headers, chat and forms lead nowhere', async () => {
    stage = await openStage();
    const { door } = stage;
    for (const host of ['127.0.0.1', ...insideHosts.slice(0, 12)]) {
      const url = `https://${host}:${canary.port}/`;
      const query = new URLSearchParams({ code: url, state: url, iss: url, returnTo: url, redirect_uri: url });
      for (const provider of ['hubspot', 'openid', encodeURIComponent(url)])
        await fetch(`${door.origin}/oauth/callback/${provider}?${query}`, {
          headers: {
            'x-forwarded-host': `127.0.0.1:${canary.port}`,
            forwarded: `host=127.0.0.1:${canary.port}`,
            referer: url,
          },
        });
      await fetch(`${door.origin}/console/add/${encodeURIComponent(url)}`, { redirect: 'manual' });
      await fetch(`${door.origin}/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: door.origin },
        body: new URLSearchParams({ email: `maria@127.0.0.1:${canary.port}`, next: url }),
      });
    }
    const chat = await openChat(
      stage,
      { ...about, name: inside() },
      `Look at ${inside()}/ and <img src="${inside()}/x">`,
    );
    await chat.answer({ email: 'yes', name: 'yes' });
    await chat.send();
    expect((await chat.lastShare())?.state).toBe('sent');
    await chat.message(`${inside()}/again`);
    expect(canary.connections()).toBe(0);
    expect(stage.recorder.calls.every((call) => call.path.startsWith('/sandbox/hubspot/crm/'))).toBe(true);
  });
});

import { randomBytes } from 'node:crypto';
import type { OutputOf } from '#contract/endpoints.ts';
import type { FrontDoor } from '../../support/front-door.ts';
import type { Client } from '../../support/people-at.ts';

/** 256 random bits, as a chat's frame makes them. */
export const newPick = (): string => randomBytes(32).toString('base64url');

/** Maria turns a sign-in on, the sandbox's own if no other is named; the id of the connection. */
export async function turnOn(door: FrontDoor, provider = 'openid'): Promise<string> {
  const maria = await door.owner();
  const done = await maria.submit(`/console/add/${provider}`, { csrf: maria.csrf });
  if (done.status !== 303) throw new Error(`turning on ended with ${done.status}`);
  return door.integration(provider);
}

/** A visitor whose frame asked for a sign-in: the frame, its `pick`, and the browser whose tab has opened. */
export async function begun(door: FrontDoor, integration: string) {
  const browser = door.client();
  const pick = newPick();
  const asked = await browser.json<OutputOf<'chatLogin'>>('POST', '/api/chat/login', {
    brand: 'harbor-motors',
    integration,
    pick,
  });
  const opened = await browser.submit(asked.body.action, { code: asked.body.code });
  const page = await opened.text();
  const to = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
  /** What the frame is told. */
  const result = async () =>
    (await browser.json<OutputOf<'chatLoginResult'>>('POST', '/api/chat/login/result', { pick })).body;
  return { browser, pick, asked, opened, to, result };
}

/** Answers the page of what came, as its form does. */
export async function choose(browser: Client, fields: Record<string, string>): Promise<Response> {
  const page = await (await browser.get('/login/pick')).text();
  return browser.submit('/login/pick', { csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '', ...fields });
}

/** Sends the first message, as the frame does. */
export async function start(door: FrontDoor, values: Record<string, string>) {
  const token = newPick();
  const body = { brand: 'harbor-motors', token, clientId: newPick().slice(0, 20), text: 'Hello', ...values };
  return door.client().json<{ conversation: string }>('POST', '/api/chat/start', body);
}

/** Stored sources by field. */
export const sourcesIn = (door: FrontDoor): Record<string, string> =>
  Object.fromEntries(
    door.store.read
      .hot('select field, source from value')
      .all()
      .map((row) => [row.field as string, row.source as string]),
  );

import { createServer, request } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import { checkFiles } from '../../server/commands/doctor-files.ts';
import { readEnvironment, SettingError } from '../../server/env.ts';
import { withFileHost } from '../../server/routes/file-host.ts';
import { type FrontDoor, frontDoor } from '../support/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await frontDoor();
});
afterAll(() => door.close());

const hub = 'https://hub.example.org';
const read = (files?: string, origin: string | undefined = hub) =>
  readEnvironment({ ASKFIRST_ORIGIN: origin, ASKFIRST_FILES_ORIGIN: files }).filesOrigin;

test('SECURITY 4.8 files have a host of their own or none', () => {
  expect([read(), read(''), read('https://files.example.net')]).toEqual([
    undefined,
    undefined,
    'https://files.example.net',
  ]);
  for (const bad of [hub, `${hub}:8443`, 'http://files.example.net', 'https://files.example.net/a', 'files']) {
    expect(() => read(bad), bad).toThrow(SettingError);
    expect(() => read(bad), bad).toThrow('ASKFIRST_FILES_ORIGIN');
  }
  expect(() => readEnvironment({ ASKFIRST_FILES_ORIGIN: hub })).toThrow('needs ASKFIRST_ORIGIN');
});

test('SECURITY 4.8 behind one port each host answers its own addresses alone', async () => {
  const { deps } = door.hub;
  const whole = withFileHost(createApp(deps), deps, 'https://files.example.net');
  const server = createServer(getRequestListener(whole.fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const at = (host: string, path: string, method = 'GET') =>
    new Promise<{ status: number | undefined; policy: string }>((resolve, reject) => {
      request({ port, path, method, headers: { host } }, (res) => {
        res.resume();
        resolve({ status: res.statusCode, policy: String(res.headers['content-security-policy']) });
      })
        .on('error', reject)
        .end();
    });
  const sandboxed = "sandbox; default-src 'none'; frame-ancestors 'none'";
  for (const path of ['/', '/healthz', '/console', '/widget.js', '/api/chat/entries', '/chat-file'])
    expect(await at('files.example.net', path)).toEqual({ status: 404, policy: sandboxed });
  expect(await at('FILES.example.net', '/healthz')).toEqual({ status: 404, policy: sandboxed });
  expect((await at('files.example.net', '/chat-file', 'POST')).status).toBe(415); // no form came along
  expect((await at('hub.example.org', '/healthz')).status).toBe(200);
  expect((await at('hub.example.org', '/chat-file', 'POST')).status).toBe(404);
  await new Promise((resolve) => server.close(resolve));
});

test('R87 the doctor says whether files can be sent, and what to do', async () => {
  expect(await checkFiles(undefined, undefined)).toMatchObject({ mark: 'ok' });
  expect(await checkFiles(hub, undefined)).toMatchObject({
    mark: 'unknown',
    says: expect.stringMatching(/ASKFIRST_FILES_ORIGIN/),
  });
  const files = 'https://files.example.net';
  expect(await checkFiles(hub, files, async () => "sandbox; default-src 'none'")).toMatchObject({ mark: 'ok' });
  expect(await checkFiles(hub, files, async () => "default-src 'none'")).toMatchObject({
    mark: 'fix',
    says: expect.stringMatching(/Host header/),
  });
  expect(await checkFiles(hub, 'https://127.0.0.1:9')).toMatchObject({
    mark: 'fix',
    says: expect.stringMatching(/127/),
  });
});

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chatRoutes, HubError, hubClient } from '#contract/client.ts';

let server: Server;
let answer: (res: ServerResponse) => void;
beforeEach(async () => {
  server = createServer((_, res) => answer(res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const failed = async (): Promise<HubError> => {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = hubClient({ routes: chatRoutes, base, fetch, token: async () => 'x', patienceMs: 50 });
  const error = await client.call('chatEntries', {}).catch((e: unknown) => e);
  if (!(error instanceof HubError)) throw error;
  return error;
};

test('R62 a call that nobody answers ends by itself, as one the hub did not hear', async () => {
  answer = () => {};
  expect(await failed()).toMatchObject({ status: 0, unheard: true });
});

test('R62 so does an answer that stops in its middle, and one that is cut off there', async () => {
  const half = (res: ServerResponse) => res.writeHead(200, { 'content-length': 100 }).write('{"entries":');
  answer = half;
  expect(await failed()).toMatchObject({ status: 0, unheard: true });
  answer = (res) => {
    half(res);
    res.destroy();
  };
  expect(await failed()).toMatchObject({ status: 0, unheard: true });
});

test.each([502, 503, 504])(
  'R62 a proxy that says %i for a hub that is away: the hub did not hear it',
  async (status) => {
    answer = (res) => res.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    expect(await failed()).toMatchObject({ status, unheard: true });
  },
);

test('R62 what the hub itself refuses was heard, whatever its status', async () => {
  const problem = { type: '/problems/store-failed', title: 'Nothing can be stored just now.', status: 503 };
  answer = (res) => res.writeHead(503, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
  expect(await failed()).toMatchObject({ status: 503, unheard: false, message: problem.title });
  answer = (res) => res.writeHead(500).end();
  expect(await failed()).toMatchObject({ status: 500, unheard: false });
});

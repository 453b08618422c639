import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived at the partner. */
interface Arrived {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Answers a request itself and returns true, or leaves it to the sandbox partner behind. */
export type Answer = (request: Arrived, res: ServerResponse) => boolean;

/** A socket in front of the sandbox partners: it keeps what arrives, and misbehaves as told. */
export interface Recorder {
  origin: string;
  host: string;
  /** Every call of the partner's API, in order; OAuth calls are in `tokenCalls`. */
  calls: Arrived[];
  tokenCalls: Arrived[];
  connections(): number;
  answer(next: Answer): void;
  /** Where the sandbox partners really are. */
  behind(origin: string): void;
  close(): Promise<void>;
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** Opens one on 127.0.0.1, port chosen by the system. */
export async function openRecorder(): Promise<Recorder> {
  let current: Answer = () => false;
  let target = '';
  let connections = 0;
  const calls: Arrived[] = [];
  const tokenCalls: Arrived[] = [];
  const server = createServer(async (req, res) => {
    const request = { method: req.method ?? '', path: req.url ?? '', headers: req.headers, body: await bodyOf(req) };
    (request.path.includes('/oauth/') ? tokenCalls : calls).push(request);
    if (current(request, res)) return;
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const answer = await fetch(target + request.path, {
      method: request.method,
      headers: headers as Record<string, string>,
      ...(request.body ? { body: request.body } : {}),
    });
    res.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    res.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.on('connection', (socket) => {
    connections++;
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    calls,
    tokenCalls,
    connections: () => connections,
    answer: (next) => {
      current = next;
    },
    behind: (origin) => {
      target = origin;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** JSON with a status, as a partner would. */
export const json = (
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true => {
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  res.end(JSON.stringify(body));
  return true;
};

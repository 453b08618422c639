import { createServer, type Socket } from 'node:net';

/** One request as it arrived. */
interface EvilRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** How to misbehave on one connection. */
interface EvilReply {
  json(status: number, value: unknown, headers?: Record<string, string>): void;
  text(status: number, type: string, body: string, headers?: Record<string, string>): void;
  /** Writes raw bytes and leaves the connection open. */
  raw(bytes: string | Buffer): void;
  hangUp(): void;
  /** Head at once, then one byte each `everyMs` until the connection is gone. */
  drip(everyMs: number): void;
  socket: Socket;
}

/** What answers; silence is an answer too. */
export type EvilAnswer = (request: EvilRequest, reply: EvilReply) => void;

/** A partner or authorization server that misbehaves as told and keeps every byte it was sent. */
export interface Evil {
  origin: string;
  /** `127.0.0.1:port`, for the allow-list. */
  host: string;
  port: number;
  requests: EvilRequest[];
  /** Requests whose path begins with `prefix`. */
  hits(prefix: string): number;
  /** Every byte received, on all connections. */
  bytes(): Buffer;
  connections(): number;
  answer(next: EvilAnswer): void;
  close(): Promise<void>;
}

const headOf = (status: number, headers: Record<string, string | number>) =>
  `HTTP/1.1 ${status} x\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

function replyOn(socket: Socket): EvilReply {
  const text: EvilReply['text'] = (status, type, body, headers = {}) => {
    const bytes = Buffer.from(body);
    socket.write(headOf(status, { 'content-type': type, 'content-length': bytes.length, ...headers }));
    socket.write(bytes);
  };
  return {
    text,
    json: (status, value, headers) => text(status, 'application/json', JSON.stringify(value), headers),
    raw: (bytes) => void socket.write(bytes),
    hangUp: () => socket.destroy(),
    drip: (everyMs) => {
      socket.write(headOf(200, { 'content-type': 'application/json', 'content-length': 100_000 }));
      const timer = setInterval(() => socket.write('{'), everyMs);
      socket.once('close', () => clearInterval(timer));
    },
    socket,
  };
}

function takeRequest(buffer: Buffer): { request: EvilRequest; rest: Buffer } | undefined {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) return;
  const [first = '', ...lines] = buffer.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
  const stop = end + 4 + Number(headers['content-length'] ?? 0);
  if (buffer.length < stop) return;
  const [method = '', path = ''] = first.split(' ');
  const request = { method, path, headers, body: buffer.subarray(end + 4, stop).toString() };
  return { request, rest: buffer.subarray(stop) };
}

/** Opens one on 127.0.0.1, port chosen by the system. */
export async function openEvil(first: EvilAnswer = (_, reply) => reply.json(200, {})): Promise<Evil> {
  let current = first;
  const requests: EvilRequest[] = [];
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    let buffer = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      buffer = Buffer.concat([buffer, chunk]);
      for (let taken = takeRequest(buffer); taken; taken = takeRequest(buffer)) {
        buffer = Buffer.from(taken.rest);
        requests.push(taken.request);
        current(taken.request, replyOn(socket));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    port,
    requests,
    hits: (prefix) => requests.filter((request) => request.path.startsWith(prefix)).length,
    bytes: () => Buffer.concat(received),
    connections: () => connections,
    answer: (next) => {
      current = next;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

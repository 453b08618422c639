import { type AddressInfo, createServer, type Socket } from 'node:net';

/**
 * What the partner does with one request: `hang` reads it and never answers, `stop reading` takes no more than has come
 * already, `held` has its answer ready and waits for `letGo`, `close mid-body` and `reset` end the connection (FIN, RST) on the head, `cut answer` ends it within the answer.
 */
export type Fault =
  | 'none'
  | 'slow'
  | '500'
  | '429'
  | 'hang'
  | 'held'
  | 'stop reading'
  | 'close mid-body'
  | 'cut answer'
  | 'reset';

/** One connection: everything that arrived on it, byte by byte and as it came. */
interface Line {
  bytes: Buffer[];
  socket: Socket;
}

/** A partner on a real socket. It keeps raw bytes, reads requests by its own few lines, and leaves answers to a sandbox partner behind. */
export interface Simulator {
  origin: string;
  host: string;
  /** Faults of the calls to come, in order of their arrival; a call beyond them is answered. */
  faults: Fault[];
  /** Calls of the partner's API begun so far, and of its OAuth endpoints, which meet no fault. */
  readonly calls: number;
  readonly tokenCalls: number;
  /** Every byte that arrived, one text per connection, oldest first; Latin-1, so that no byte is lost. */
  raw(): string[];
  /** How many bytes that are. */
  readonly received: number;
  connections(): number;
  /** Where the sandbox partners really are. */
  behind(origin: string): void;
  /** Goes on reading on connections that stopped. */
  read(): void;
  /** Gives the answers that are held. */
  letGo(): void;
  /** How many answers are held now. */
  readonly held: number;
  /** Ends every connection that hangs. */
  release(): void;
  close(): Promise<void>;
}

interface Head {
  method: string;
  path: string;
  headers: [name: string, value: string][];
  /** Bytes of head and body together. */
  length: number;
}

function headOf(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  const [method = '', path = ''] = first.split(' ');
  const body = Number(headers.find(([name]) => name === 'content-length')?.[1] ?? 0);
  return { method, path, headers, length: end + 4 + body };
}

const answerOf = (status: number, body: string | Buffer, length = Buffer.byteLength(body)) =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status} x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`),
    Buffer.from(body),
  ]);

/** Opens one on 127.0.0.1, port chosen by the system. */
export async function openSimulator(): Promise<Simulator> {
  const lines: Line[] = [];
  const faults: Fault[] = [];
  const hanging = new Set<Socket>();
  const holding: (() => void)[] = [];
  let target = '';
  let calls = 0;
  let tokenCalls = 0;
  let received = 0;

  async function forward({ method, path, headers }: Head, body: Buffer): Promise<Buffer> {
    const kept = headers.filter(([name]) => !/^(host|connection|content-length)$/.test(name));
    const sent = body.length > 0 ? { body: new Uint8Array(body) } : {};
    const answer = await fetch(target + path, { method, headers: Object.fromEntries(kept), ...sent });
    return answerOf(answer.status, Buffer.from(await answer.arrayBuffer()));
  }

  async function answer(socket: Socket, fault: Fault, head: Head, body: Buffer): Promise<void> {
    if (fault === '500' || fault === '429') return void socket.write(answerOf(Number(fault), '{}'));
    if (fault === 'hang') return void hanging.add(socket);
    if (fault === 'cut answer') return void socket.end(answerOf(200, '{"results": [', 4_000));
    if (fault === 'slow') await new Promise((done) => setTimeout(done, 4));
    const whole = await forward(head, body).catch(() => undefined);
    if (whole && fault === 'held') return void holding.push(() => socket.write(whole));
    if (whole) socket.write(whole);
    else socket.destroy();
  }

  const server = createServer({ noDelay: true }, (socket) => {
    const line: Line = { bytes: [], socket };
    lines.push(line);
    let open = Buffer.alloc(0);
    /** The request that arrives now, once its head stands. */
    let current: { head: Head; fault: Fault } | undefined;
    socket.on('error', () => {});
    socket.on('close', () => hanging.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      line.bytes.push(chunk);
      received += chunk.length;
      if (current?.fault === 'stop reading') return;
      open = Buffer.concat([open, chunk]);
      for (;;) {
        if (!current) {
          const head = headOf(open);
          if (!head) return;
          const oauth = head.path.includes('/oauth/');
          if (oauth) tokenCalls++;
          else calls++;
          current = { head, fault: (oauth ? undefined : faults.shift()) ?? 'none' };
          if (current.fault === 'reset') return void socket.resetAndDestroy();
          if (current.fault === 'close mid-body') return void socket.destroy();
          if (current.fault === 'stop reading') {
            hanging.add(socket);
            return void socket.pause();
          }
        }
        const { head, fault } = current;
        if (open.length < head.length) return;
        const whole = open.subarray(0, head.length);
        open = open.subarray(head.length);
        current = undefined;
        void answer(socket, fault, head, whole.subarray(whole.indexOf('\r\n\r\n') + 4));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    faults,
    get calls() {
      return calls;
    },
    get tokenCalls() {
      return tokenCalls;
    },
    get received() {
      return received;
    },
    raw: () => lines.map(({ bytes }) => Buffer.concat(bytes).toString('latin1')),
    connections: () => lines.length,
    behind(origin) {
      target = origin;
    },
    read() {
      for (const { socket } of lines) socket.resume();
    },
    letGo() {
      for (const give of holding.splice(0)) give();
    },
    get held() {
      return holding.length;
    },
    release() {
      for (const socket of hanging) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const { socket } of lines) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

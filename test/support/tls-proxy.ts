import { request } from 'node:http';
import { createServer } from 'node:https';

/** How a proxy names its callers: behind what they wrote, in place of it, only where they wrote nothing, or not at all. */
export type Naming = 'append' | 'keep' | 'never';

/** Whom the proxy says it is called by; a test's own requests all come from this machine. */
export const caller = '198.51.100.20';

/** A real TLS proxy on a port of its own before `behind`, an http origin. `date` stands in for the time it names. */
export async function openTlsProxy(o: {
  behind: string;
  cert: { cert: string; key: string };
  naming?: Naming;
  date?: Date;
}): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer(o.cert, (req, res) => {
    const { 'x-forwarded-for': wrote, host: _, ...headers } = req.headers;
    const named = {
      append: wrote === undefined ? caller : `${wrote}, ${caller}`,
      keep: wrote ?? caller,
      never: undefined,
    }[o.naming ?? 'append'];
    const onward = request(
      new URL(req.url ?? '/', o.behind),
      { method: req.method, headers: { ...headers, ...(named === undefined ? {} : { 'x-forwarded-for': named }) } },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, {
          ...answer.headers,
          ...(o.date ? { date: o.date.toUTCString() } : {}),
        });
        answer.pipe(res);
      },
    );
    onward.on('error', () => res.writeHead(502).end());
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    origin: `https://localhost:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

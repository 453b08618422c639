import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Draws each message in the row of its chat, as little as a page can do. */
const page = `<!doctype html><meta charset="utf-8"><title>bare</title><script>
const rows = new Map();
new EventSource('/stream').onmessage = ({ data }) => {
  const { chat, text } = JSON.parse(data);
  const row = rows.get(chat) ?? document.body.appendChild(document.createElement('p'));
  rows.set(chat, row);
  row.textContent = text;
};
</script>`;

/** Bare node:http: a POST is parsed and written to the streams that want it; nothing is stored or checked. */
export async function bareChat() {
  const agents = new Set<ServerResponse>();
  const visitors = new Map<string, ServerResponse>();
  const server = createServer((req, res) => {
    const chat = (req.headers['x-chat'] as string | undefined) ?? '';
    if (req.method === 'GET' && req.url === '/page')
      return void res.writeHead(200, { 'content-type': 'text/html' }).end(page);
    if (req.method === 'GET') {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write(': beat\n\n');
      if (chat) visitors.set(chat, res);
      else agents.add(res);
      return;
    }
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const { text } = JSON.parse(Buffer.concat(parts).toString()) as { text: string };
      const event = `id: 1\ndata: ${JSON.stringify({ chat, text, at: new Date().toISOString() })}\n\n`;
      for (const agent of agents) agent.write(event);
      visitors.get(chat)?.write(event);
      res.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ text }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sheets: Record<string, string> = {
  'tokens.css': 'extension/panel/kit/tokens.css',
  'kit.css': 'extension/panel/kit/kit.css',
  'web.css': 'server/web/web.css',
  'start.css': 'server/web/start/start.css',
  'preferences.css': 'server/web/preferences/preferences.css',
  'sign-in.css': 'server/web/sign-in/sign-in.css',
  'console.css': 'server/web/console/console.css',
  'rows.css': 'server/web/console/rows.css',
  'notice.css': 'server/web/console/notice.css',
  'question.css': 'server/web/widget/question.css',
};
const scripts: Record<string, string> = {
  'start.js': 'server/web/start/start.ts',
  'preferences.js': 'server/web/preferences/preferences.ts',
  'notice.js': 'server/web/console/notice.ts',
};

/** Answers one request, or returns false to let the next one try. */
export type Answer = (req: IncomingMessage, res: ServerResponse, url: URL) => boolean | Promise<boolean>;

/** One enhancement script, bundled as the hub serves it. */
async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: `${root}/${entry}`, formats: ['es'], fileName: 'x' } },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (!first || !('output' in first)) throw new Error(`nothing was built from ${entry}`);
  return first.output[0].code;
}

/** Serves pages and assets under the strict policy of the hub on a free port of 127.0.0.1. */
export async function servePages(nonce: string, answer: Answer): Promise<{ origin: string; close(): Promise<void> }> {
  const assets = new Map<string, string>();
  for (const [name, file] of Object.entries(sheets)) assets.set(name, await readFile(`${root}/${file}`, 'utf8'));
  for (const [name, entry] of Object.entries(scripts)) assets.set(name, await bundle(entry));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
  ].join('; ');
  const server = createServer(async (req, res) => {
    const url = new URL(req.url ?? '/', 'http://127.0.0.1');
    res.setHeader('content-security-policy', policy);
    const asset = assets.get(url.pathname.replace('/assets/', ''));
    if (asset !== undefined) {
      res.setHeader('content-type', url.pathname.endsWith('.js') ? 'text/javascript' : 'text/css');
      res.end(asset);
    } else if (!(await answer(req, res, url))) {
      res.statusCode = 404;
      res.end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** The fields of a posted form. */
export async function posted(req: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

import { BlockList, isIP } from 'node:net';
import { Hono } from 'hono';
import { rawPublicKey, thumbprint } from './gate/keys.ts';
import { chatRoutes } from './routes/api-chat.ts';
import { panelRoutes } from './routes/api-panel.ts';
import { clientAddress, type Env } from './routes/callers.ts';
import { consoleRoutes } from './routes/console.ts';
import type { HubDeps } from './routes/deps.ts';
import { noticeRoutes } from './routes/notice.ts';
import { preferenceRoutes } from './routes/preferences.ts';
import { onError, onNotFound } from './routes/problems.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { signalRoutes } from './routes/signals.ts';
import { verifyPageRoutes } from './routes/verify-page.ts';
import { widgetRoutes } from './routes/widget.ts';

function proxyList(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const a of addresses) {
    const [address = '', bits] = a.split('/');
    const kind = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, kind);
    else list.addSubnet(address, Number(bits), kind);
  }
  return list;
}

/** Everything the hub answers, in one list. Errors become problems in one place (DESIGN.md 6.5). */
export function createApp(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const proxies = proxyList(d.proxies);
  app.use(async (c, next) => {
    const peer = c.env?.incoming?.socket?.remoteAddress;
    c.set('client', clientAddress(peer, c.req.header('x-forwarded-for'), proxies));
    c.set('log', d.log);
    c.header('strict-transport-security', 'max-age=31536000; includeSubDomains');
    c.header('x-content-type-options', 'nosniff');
    if (c.req.path.startsWith('/api/')) {
      c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
      c.header('x-frame-options', 'DENY');
      c.header('cross-origin-resource-policy', 'same-origin');
      c.header('cache-control', 'no-store');
    }
    await next();
  });
  app.onError(onError);
  app.notFound(onNotFound);
  app.get('/healthz', (c) => c.json({ ok: d.store.read.hot('select 1 as ok').get()?.ok === 1 }));
  app.get('/.well-known/consent-keys.json', (c) =>
    c.json({
      origin: d.signer.origin,
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: rawPublicKey(d.signer.publicKey).toString('base64url'),
          kid: thumbprint(d.signer.publicKey),
        },
      ],
    }),
  );
  app.route('/', signalRoutes());
  app.route('/', chatRoutes(d));
  app.route('/', panelRoutes(d));
  app.route('/', signInRoutes(d));
  app.route('/', consoleRoutes(d));
  app.route('/', noticeRoutes(d));
  app.route('/', preferenceRoutes(d));
  app.route('/', widgetRoutes(d));
  app.route('/', verifyPageRoutes(d));
  return app;
}

import { BlockList, isIP } from 'node:net';
import { Hono } from 'hono';
import { alertRoutes } from './routes/alerts.ts';
import { chatRoutes } from './routes/api-chat.ts';
import { panelRoutes } from './routes/api-panel.ts';
import { availabilityRoutes } from './routes/availability-settings.ts';
import { clientAddress, type Env } from './routes/callers.ts';
import { chatSettingRoutes } from './routes/chat-settings.ts';
import { consoleRoutes } from './routes/console.ts';
import type { HubDeps } from './routes/deps.ts';
import { doctorRoutes } from './routes/doctor.ts';
import { visitorFileRoutes } from './routes/files.ts';
import { followUpRoutes } from './routes/follow-ups.ts';
import { hookRoutes } from './routes/hooks.ts';
import { importRoutes } from './routes/import.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { loginRoutes } from './routes/login.ts';
import { notSentRoutes } from './routes/not-sent.ts';
import { noticeRoutes } from './routes/notice.ts';
import { preferenceRoutes } from './routes/preferences.ts';
import { onError, onNotFound } from './routes/problems.ts';
import { replyRoutes } from './routes/replies.ts';
import { rulesRoutes } from './routes/rules.ts';
import { secondStepRoutes } from './routes/second-step.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { signalRoutes } from './routes/signals.ts';
import { stopRoutes } from './routes/stop.ts';
import { verifyPageRoutes } from './routes/verify-page.ts';
import { websiteRoutes } from './routes/website.ts';
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
  app.route('/', signalRoutes());
  app.route('/', doctorRoutes(d));
  app.route('/', ledgerRoutes(d));
  app.route('/', chatRoutes(d));
  app.route('/', visitorFileRoutes(d));
  app.route('/', panelRoutes(d));
  app.route('/', signInRoutes(d));
  app.route('/', secondStepRoutes(d));
  app.route('/', loginRoutes(d)); // before the console: its callbacks are visitors'
  app.route('/', consoleRoutes(d));
  app.route('/', hookRoutes(d));
  app.route('/', followUpRoutes(d));
  app.route('/', importRoutes(d));
  app.route('/', notSentRoutes(d));
  app.route('/', alertRoutes(d));
  app.route('/', websiteRoutes(d));
  app.route('/', rulesRoutes(d));
  app.route('/', replyRoutes(d));
  app.route('/', chatSettingRoutes(d));
  app.route('/', availabilityRoutes(d));
  app.route('/', stopRoutes(d));
  app.route('/', noticeRoutes(d));
  app.route('/', preferenceRoutes(d));
  app.route('/', widgetRoutes(d));
  app.route('/', verifyPageRoutes(d));
  return app;
}

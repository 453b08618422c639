import { Hono } from 'hono';
import { every } from 'hono/combine';
import { isSaid } from '#contract/chat.ts';
import { endpoints, streams } from '#contract/endpoints.ts';
import { visitorBegins, visitorSays } from '../chat/keywords.ts';
import { keepDevice } from '../chat/visit.ts';
import { answerQuestion } from '../consent/answers.ts';
import { wantedLanguages } from '../consent/languages.ts';
import { identify, signOut } from '../consent/merge.ts';
import { newPreferenceCode } from '../consent/preferences.ts';
import { serveQuestion } from '../consent/questions.ts';
import { hearing, signalInForce } from '../consent/signals.ts';
import { chatRow } from '../store/chats.ts';
import { entriesOf, newestEntries } from '../store/entries.ts';
import { marksOf } from '../store/marks.ts';
import type { Tx } from '../store/open.ts';
import { endingRoutes } from './api-ending.ts';
import { readJson } from './body.ts';
import { type Env, visitorFrom, visitorOnly } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { consume, limited } from './limits.ts';
import { loginPaths } from './login.ts';
import { ownOrigin } from './origins.ts';
import { presenceOfVisitor } from './presence.ts';
import { heardFrom, hears } from './signals.ts';
import { stream } from './streams.ts';

/** The visitor's calls: only from the hub's own frame, by the token of one conversation. */
export function chatRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const visitor = every(visitorOnly(d), hears(d));
  const client = (c: { get(name: 'client'): string }) => c.get('client');
  const chat = (c: { get(name: 'visitor'): { conversationId: string } }) => c.get('visitor').conversationId;
  const e = endpoints;

  app.post(e.chatStart.path, ownOrigin(d.origin), limited(d.limits.start, client), async (c) => {
    const { brand, token, clientId, text, login, recorded, ...values } = await readJson(c, e.chatStart.input);
    const came = login ? { sources: (tx: Tx, brandId: string) => d.logins.sources(tx, brandId, login, values) } : {};
    const heard = hearing(d, heardFrom(d, c));
    const first = { brandSlug: brand, token, clientId, text, values, recorded, ...came };
    const started = await visitorBegins(d, first, (tx, who) => {
      heard.inside(tx, who);
      keepDevice(tx, d, who, c.req.header('user-agent'));
    });
    heard.after();
    return c.json(started, 201);
  });

  app.post(e.chatLogin.path, ownOrigin(d.origin), limited(d.limits.start, client), async (c) => {
    const { brand, integration, pick } = await readJson(c, e.chatLogin.input);
    const code = await d.logins.ask({ brandSlug: brand, integrationId: integration, pick });
    return c.json({ code, action: loginPaths.open }, 201);
  });
  app.post(e.chatLoginResult.path, ownOrigin(d.origin), async (c) => {
    const { pick } = await readJson(c, e.chatLoginResult.input);
    await consume(d.limits.loginResult, pick);
    return c.json(await d.logins.collect(pick));
  });

  app.get(e.chatEntries.path, visitor, (c) => {
    const v = c.get('visitor');
    const key = d.keys.of(d.store.read, v.brandId, v.subjectId);
    const entries = newestEntries(d.store.read, key, v.conversationId, 'visitor');
    const brand = d.store.read.hot('select name, slug from brand where id = ?').get(v.brandId);
    const spoke = entries.filter(isSaid).findLast((x) => x.author === 'agent');
    const agent = spoke ? { agent: spoke.by } : {};
    const signal = signalInForce(d.store.read, v) ? { signal: true } : {};
    const marks = marksOf(chatRow(d.store.read, v));
    return c.json({ brand, entries, lastSeq: entries.at(-1)?.seq ?? 0, ...agent, ...signal, marks });
  });

  app.post(e.chatSend.path, ownOrigin(d.origin), visitor, limited(d.limits.message, chat), async (c) => {
    const { clientId, text } = await readJson(c, e.chatSend.input);
    const v = c.get('visitor');
    return c.json({ entry: await visitorSays(d, v, { text, clientId }) }, 201);
  });

  app.post(e.chatQuestion.path, ownOrigin(d.origin), visitor, limited(d.limits.choice, chat), async (c) => {
    const { integration, purpose, lang } = await readJson(c, e.chatQuestion.input);
    const { brandId, subjectId, tokenHash } = c.get('visitor');
    const wanted = wantedLanguages(lang, c.req.header('accept-language'));
    const reader = { brandId, subjectId, integrationId: integration, purpose, sessionHash: tokenHash, wanted };
    return c.json(await d.store.write((tx) => serveQuestion(tx, d, { ...reader, surface: 'question' })));
  });

  app.post(e.chatAnswer.path, ownOrigin(d.origin), visitor, limited(d.limits.choice, chat), async (c) => {
    const { nonce, answers, later } = await readJson(c, e.chatAnswer.input);
    const v = c.get('visitor');
    const { entry, receipt, confirm } = await answerQuestion(d, {
      ...v,
      sessionHash: v.tokenHash,
      method: 'question',
      nonce,
      answers,
      later: later ?? false,
    });
    if (confirm) return c.json({ confirm });
    return c.json({ entry, ...(receipt ? { receipt: `/receipts/${receipt}` } : {}) });
  });

  app.post(e.chatMyData.path, ownOrigin(d.origin), visitor, limited(d.limits.choice, chat), async (c) => {
    await readJson(c, e.chatMyData.input);
    const v = c.get('visitor');
    const brand = d.store.read.hot('select slug from brand where id = ?').get(v.brandId);
    return c.json({ code: await newPreferenceCode(d, v), action: `/privacy/${brand?.slug}/open` });
  });

  app.post(e.chatIdentify.path, ownOrigin(d.origin), visitor, limited(d.limits.choice, chat), async (c) => {
    const { identity } = await readJson(c, e.chatIdentify.input);
    await identify(d, c.get('visitor'), identity);
    return c.json({ signedIn: true });
  });

  app.post(e.chatSignOut.path, ownOrigin(d.origin), visitor, limited(d.limits.choice, chat), async (c) => {
    await readJson(c, e.chatSignOut.input);
    await signOut(d, c.get('visitor'));
    return c.json({ signedOut: true });
  });

  app.route('/', endingRoutes(d));
  presenceOfVisitor(app, d, visitor);

  app.get(streams.visitor, visitor, (c) => {
    const v = c.get('visitor');
    const { headers } = c.req.raw;
    const { read } = d.store;
    const key = d.keys.of(read, v.brandId, v.subjectId);
    return stream(c, {
      interests: [{ brandId: v.brandId, conversationId: v.conversationId }],
      live: d.live,
      after: (seq, limit) => entriesOf(read, key, v.conversationId, seq, limit),
      knows: (seq) =>
        !!read
          .hot('select 1 as ok from entry where seq = ? and conversation_id = ? and n > 0')
          .get(seq, v.conversationId),
      strips: false,
      stillAllowed: async () => visitorFrom(d, headers) !== undefined,
      onGone: () => () => {},
    });
  });
  return app;
}

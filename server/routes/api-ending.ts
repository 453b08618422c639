import { Hono } from 'hono';
import { every } from 'hono/combine';
import { endpoints as e } from '#contract/endpoints.ts';
import { endChat, rateChat } from '../chat/ending.ts';
import { mailTranscript, readTranscript } from '../chat/transcript.ts';
import { wantedLanguages } from '../consent/languages.ts';
import { digest } from '../store/seal.ts';
import { readJson, readQuery } from './body.ts';
import { type Env, visitorOnly } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { consume, limited } from './limits.ts';
import { ownOrigin } from './origins.ts';
import { hears } from './signals.ts';

/** What a visitor does at the end of a chat: end it, say how it was, take the transcript (R59, R60). */
export function endingRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const visitor = every(visitorOnly(d), hears(d));
  const often = limited(d.limits.message, (c) => c.get('visitor').conversationId);

  app.post(e.chatEnd.path, ownOrigin(d.origin), visitor, often, async (c) => {
    await readJson(c, e.chatEnd.input);
    await endChat(d, c.get('visitor'), { by: 'visitor' });
    return c.json({ ended: true });
  });
  app.post(e.chatRate.path, ownOrigin(d.origin), visitor, often, async (c) => {
    const said = await readJson(c, e.chatRate.input);
    return c.json({ entry: await rateChat(d, c.get('visitor'), said) }, 201);
  });
  app.get(e.chatTranscript.path, visitor, often, (c) => {
    const { lang } = readQuery(c, e.chatTranscript.input);
    return c.json(readTranscript(d, c.get('visitor'), wantedLanguages(lang, c.req.header('accept-language'))));
  });
  app.post(e.chatMail.path, ownOrigin(d.origin), visitor, async (c) => {
    const { to, clientId, lang } = await readJson(c, e.chatMail.input);
    await consume(d.limits.transcript, c.get('client'));
    await consume(d.limits.transcriptTo, digest(to.toLowerCase()));
    const wanted = wantedLanguages(lang, c.req.header('accept-language'));
    const entry = await mailTranscript({ ...d, mail: d.people.outbox.putIn }, c.get('visitor'), {
      to,
      clientId,
      wanted,
    });
    d.people.posting?.wake();
    return c.json({ entry }, 201);
  });
  return app;
}

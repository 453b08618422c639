import { Hono } from 'hono';
import * as z from 'zod/mini';
import { drop, notSent, notSentOne, tryAgain } from '../egress/not-sent.ts';
import { NotSentPage, TryAgainPage } from '../web/console/not-sent.tsx';
import { formOf } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';

const pressed = z.strictObject({
  csrf: z.string(),
  attempts: z.string().check(z.regex(/^\d{1,6}$/)),
  sure: z.optional(z.literal('yes')),
});

/** Sends that did not go: the list, and both ways to be done with one of them (R12). */
export function notSentRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const now = () => d.now().toISOString();
  const said: Record<string, string> = {
    again: 'It waits its turn again. If the visitor does not allow it now, it ends as withheld.',
    dropped: 'Dropped. Nothing of it is sent.',
  };
  app.get('/console/not-sent', signedIn(d, 'resend'), (c) => {
    const done = said[c.req.query('done') ?? ''];
    const sends = notSent(d, c.get('agent').brandId);
    const body = NotSentPage({ frame: frameOf(d, c), now: now(), sends, ...(done ? { done } : {}) });
    return consolePage(c, 'Not sent', body);
  });
  app.get('/console/not-sent/:share/again', signedIn(d, 'resend'), (c) => {
    const send = notSentOne(d, c.get('agent').brandId, c.req.param('share'));
    return consolePage(c, 'Send again', TryAgainPage({ frame: frameOf(d, c), now: now(), send }));
  });
  app.post('/console/not-sent/:share/again', signedIn(d, 'resend'), async (c) => {
    const form = await formOf(c, pressed);
    checkForm(c, d.people.csrf, form);
    const { brandId, userId } = c.get('agent');
    const share = c.req.param('share');
    const press = { brandId, userId, share, attempts: Number(form.attempts), sure: form.sure === 'yes' };
    d.publish([await tryAgain(d, press)], brandId);
    d.runner.wake();
    return c.redirect('/console/not-sent?done=again', 303);
  });
  app.post('/console/not-sent/:share/drop', signedIn(d, 'resend'), async (c) => {
    const form = await formOf(c, pressed);
    checkForm(c, d.people.csrf, form);
    const { brandId, userId } = c.get('agent');
    await drop(d, { brandId, userId, share: c.req.param('share'), attempts: Number(form.attempts) });
    return c.redirect('/console/not-sent?done=dropped', 303);
  });
  return app;
}

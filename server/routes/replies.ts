import { type Context, Hono } from 'hono';
import * as z from 'zod/mini';
import { Problem } from '#contract/problem.ts';
import { removeReply, repliesOf, saveReply } from '../chat/replies.ts';
import { paths } from '../web/console/paths.ts';
import { RepliesPage, type RepliesProps } from '../web/console/replies.tsx';
import { formOf } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';

const version = z.string().check(z.regex(/^\d{1,9}$/));
const form = {
  csrf: z.string(),
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(40), z.regex(/^\P{Cc}+$/u)),
  text: z.string().check(z.trim(), z.minLength(1), z.maxLength(2000)),
};
const id = z.string().check(z.minLength(1), z.maxLength(64));
const saved = z.union([z.strictObject(form), z.strictObject({ ...form, id, version })]);

const said: Record<string, string> = { saved: 'Saved. Agents find it by typing / in the reply.', removed: 'Removed.' };

/** The console's page Replies: what agents fill in by "/" (R66); owners and admins write them. */
export function replyRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const show = (c: Context<Env>, more: Pick<RepliesProps, 'done' | 'refused'>, status = 200) => {
    const replies = repliesOf(d.store.read, c.get('agent').brandId);
    return consolePage(c, 'Replies', RepliesPage({ frame: frameOf(d, c), replies, ...more }), undefined, status);
  };

  app.get(paths.replies, signedIn(d, 'edit-replies'), (c) => {
    const done = said[c.req.query('done') ?? ''];
    return show(c, done ? { done } : {});
  });
  app.post(paths.replies, signedIn(d, 'edit-replies'), async (c) => {
    const { csrf, ...kept } = await formOf(c, saved);
    checkForm(c, d.people.csrf, { csrf });
    // A browser sends a line's end as two characters; the visitor reads one.
    const reply = { name: kept.name, text: kept.text.replaceAll('\r\n', '\n') };
    const of = 'id' in kept ? { id: kept.id, seen: Number(kept.version) } : {};
    try {
      await saveReply(d, c.get('agent'), { ...reply, ...of });
    } catch (e) {
      if (!(e instanceof Problem) || e.slug !== 'bad-input') throw e;
      return show(c, { refused: { ...reply, ...('id' in of ? { id: of.id } : {}), words: e.detail ?? '' } }, e.status);
    }
    return c.redirect(`${paths.replies}?done=saved`, 303);
  });
  app.post(paths.removeReply, signedIn(d, 'edit-replies'), async (c) => {
    const gone = await formOf(c, z.strictObject({ csrf: z.string(), id, version }));
    checkForm(c, d.people.csrf, gone);
    await removeReply(d, c.get('agent'), gone.id, Number(gone.version));
    return c.redirect(`${paths.replies}?done=removed`, 303);
  });
  return app;
}

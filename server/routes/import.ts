import { Hono } from 'hono';
import { importAnswers, readList } from '../consent/import.ts';
import { note } from '../store/audit.ts';
import { ImportPage } from '../web/console/import.tsx';
import { readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';

/** Bytes of a pasted list as a form sends it. */
const listBytes = 512 * 1024;

/** Answers brought along from another system; nothing is stored before they were looked at. */
export function importRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const title = 'Bring answers along';
  app.get('/console/import', signedIn(d, 'import-answers'), (c) =>
    consolePage(c, title, ImportPage({ frame: frameOf(d, c) })),
  );
  app.post('/console/import', signedIn(d, 'import-answers'), async (c) => {
    const form = await readForm(c, listBytes);
    checkForm(c, d.people.csrf, form);
    const { list = '' } = form;
    const read = readList(list);
    if (form.sure !== 'yes') {
      const yes = read.rows.filter((r) => r.said === 'yes').length;
      const preview = { yes, no: read.rows.length - yes, bad: read.bad };
      return consolePage(c, title, ImportPage({ frame: frameOf(d, c), list, preview }));
    }
    const { brandId, userId } = c.get('agent');
    const done = await importAnswers(d, brandId, read);
    const detail = `${done.withdrawn} off, ${done.unknown} noted`;
    await d.store.write((tx) =>
      note(tx, d.now().getTime(), { brandId, actor: `user:${userId}`, act: 'imported-answers', detail }),
    );
    return consolePage(c, title, ImportPage({ frame: frameOf(d, c), done }));
  });
  return app;
}

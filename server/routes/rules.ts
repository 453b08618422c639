import { Hono } from 'hono';
import { Problem, problem } from '#contract/problem.ts';
import { type Rules, ruleSwitches, rulesForm } from '#contract/settings.ts';
import { changeRules, pastChanges } from '../consent/rules.ts';
import { brandConfigOrNone } from '../store/brand-config.ts';
import { RulesPage } from '../web/console/rules.tsx';
import { placeOf, readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';

const placeBox = 'place.';

/** The form as rules and the version they were read at. Raises `bad-input` for a name or a value that is not one (R19). */
function readRules(form: Record<string, string>): { rules: Rules; version: number } {
  const boxes = Object.entries(form).filter(([name]) => name.startsWith(placeBox));
  if (boxes.some(([, value]) => value !== 'on')) problem('bad-input', 'A place is ticked or left out.');
  const rest = Object.fromEntries(Object.entries(form).filter(([name]) => !name.startsWith(placeBox)));
  const read = rulesForm.safeParse({ ...rest, places: boxes.map(([name]) => name.slice(placeBox.length)) });
  if (!read.success) problem('bad-input', placeOf(read.error));
  const { data } = read;
  const switches = Object.fromEntries(ruleSwitches.map((rule) => [rule, data[rule] === 'yes']));
  const consentAge = data.consentAge === '13' ? 13 : 16;
  return { rules: { ...switches, consentAge, places: data.places } as Rules, version: Number(data.version) };
}

/** The console's page Privacy rules (GATE.md d, "Stricter than law"). */
export function rulesRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/console/rules', signedIn(d, 'change-rules'), (c) => {
    const { brandId } = c.get('agent');
    const config = brandConfigOrNone(d.store.read, brandId);
    const asked = c.req.query('done') ?? '';
    const changes = pastChanges(d.store.read, brandId);
    const done = /^\d$/.test(asked) ? { done: Number(asked) } : {};
    return consolePage(
      c,
      'Privacy rules',
      RulesPage({ frame: frameOf(d, c), ...(config ? { config } : {}), changes, ...done }),
    );
  });
  app.post('/console/rules', signedIn(d, 'change-rules'), async (c) => {
    const form = await readForm(c);
    checkForm(c, d.people.csrf, form);
    const { rules, version } = readRules(form);
    const agent = c.get('agent');
    try {
      const changes = await changeRules(d, agent, version, rules);
      return c.redirect(`/console/rules?done=${changes.length}`, 303);
    } catch (e) {
      if (!(e instanceof Problem) || e.slug !== 'conflict') throw e;
      const config = brandConfigOrNone(d.store.read, agent.brandId);
      const changes = pastChanges(d.store.read, agent.brandId);
      return consolePage(
        c,
        'Privacy rules',
        RulesPage({ frame: frameOf(d, c), ...(config ? { config } : {}), changes, late: true }),
        undefined,
        e.status,
      );
    }
  });
  return app;
}

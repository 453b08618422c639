import { type Context, Hono } from 'hono';
import { Problem, problem } from '#contract/problem.ts';
import type { Agent, Waiting } from '../people/who.ts';
import { OwnStep, TakeStepPage } from '../web/console/own-step.tsx';
import { paths } from '../web/console/paths.ts';
import { type Around, BackupCodes, NoStep, SetUpStep } from '../web/console/set-up-step.tsx';
import { pageStyles } from '../web/page.tsx';
import { EnterCode } from '../web/sign-in/enter-code.tsx';
import { readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, pageAfterSignIn, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';
import { page } from './pages.ts';

const wrongCode = 'This code does not fit. Nothing is lost: wait for the next one, since each works once.';
const wrongPaper = 'This is none of your backup codes, or it was used already.';

/** The second step: entering the code, setting it up, one's own page, and what managers do (SECURITY.md BA1). */
export function secondStepRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const { secondStep, brandSteps, csrf } = d.people;
  const perClient = limited(d.limits.secondStep, (c) => c.get('client'));
  const door = { styles: pageStyles.door, bodyClass: 'public' };

  const keep = (c: Context<Env>, cookies: Headers) => {
    for (const cookie of cookies.getSetCookie()) c.header('set-cookie', cookie, { append: true });
  };
  /** Resolves to nothing when the code did not fit: the page says so and asks again. */
  const unlessWrong = async <T>(call: Promise<T>): Promise<T | undefined> => {
    try {
      return await call;
    } catch (e) {
      if (e instanceof Problem && e.slug === 'wrong-code') return undefined;
      throw e;
    }
  };
  /** Who may set a step up: with all rights, or before it; whoever owes a code may not. Raises `not-signed-in`, `second-step`. */
  const settingUp = async (c: Context<Env>): Promise<Agent | Waiting> => {
    const { headers } = c.req.raw;
    const agent = await d.people.whoIs(headers);
    if (agent?.kind === 'console') return agent;
    const waiting = (await d.people.waiting(headers)) ?? problem('not-signed-in');
    return waiting.due === 'set-up' ? waiting : problem('second-step');
  };
  /** In the console for whoever has rights, on a bare page for whoever has none. */
  const around = (c: Context<Env>, person: Agent | Waiting): Around => {
    if ('due' in person) return { brand: person.brandName, csrf: csrf.csrfFor(person.sessionId) };
    c.set('agent', person);
    return { frame: frameOf(d, c) };
  };
  const draw = (c: Context<Env>, where: Around, title: string, body: Parameters<typeof page>[2], status = 200) =>
    page(
      c,
      'frame' in where
        ? { title: `${title} – ${where.frame.brand}`, styles: pageStyles.console, bodyClass: 'console' }
        : { ...door, title: `${title} – askfirst` },
      body,
      status,
    );

  app.get(paths.secondStep, async (c) => {
    const { headers } = c.req.raw;
    const waiting = await d.people.waiting(headers);
    if (!waiting) return c.redirect((await d.people.whoIs(headers)) ? paths.ownStep : paths.signIn, 303);
    const where = around(c, waiting);
    if (waiting.due === 'set-up') return draw(c, where, 'Set up your second step', NoStep({ around: where }));
    return draw(c, where, 'Enter the code', EnterCode({ csrf: csrf.csrfFor(waiting.sessionId) }));
  });
  app.post(paths.secondStep, perClient, async (c) => {
    const { headers } = c.req.raw;
    const form = await readForm(c);
    const waiting = (await d.people.waiting(headers)) ?? problem('not-signed-in');
    checkForm(c, csrf, form, waiting);
    if (waiting.due !== 'code') return c.redirect(paths.secondStep, 303);
    const code = form.code ?? '';
    const cookies = await unlessWrong(secondStep.enter(waiting, headers, code));
    if (cookies) {
      keep(c, cookies);
      return c.redirect(pageAfterSignIn(c), 303);
    }
    const trouble = /[a-z]/i.test(code)
      ? { field: 'paper' as const, words: wrongPaper }
      : { field: 'app' as const, words: wrongCode };
    const body = EnterCode({ csrf: csrf.csrfFor(waiting.sessionId), trouble });
    return draw(c, around(c, waiting), 'Enter the code', body, 400);
  });

  app.post(paths.beginStep, perClient, async (c) => {
    const person = await settingUp(c);
    checkForm(c, csrf, await readForm(c), person);
    if (!('due' in person) && person.hasStep) return c.redirect(paths.ownStep, 303);
    const where = around(c, person);
    const uri = await secondStep.begin(c.req.raw.headers);
    return draw(c, where, 'Set up your second step', SetUpStep({ around: where, uri }));
  });
  app.post(paths.confirmStep, perClient, async (c) => {
    const person = await settingUp(c);
    const form = await readForm(c);
    checkForm(c, csrf, form, person);
    const { headers } = c.req.raw;
    const uri = await secondStep.begun(person, headers);
    if (!uri) return c.redirect('due' in person ? paths.secondStep : paths.ownStep, 303);
    const on = await unlessWrong(secondStep.confirm(person, headers, form.code ?? ''));
    if (!on) {
      const where = around(c, person);
      const body = SetUpStep({ around: where, uri, trouble: wrongCode });
      return draw(c, where, 'Set up your second step', body, 400);
    }
    keep(c, on.cookies);
    // The session has a new id, so the page's hidden fields are those of the new one.
    const cookie = on.cookies.getSetCookie().map((x) => x.split(';', 1)[0]);
    const renewed = (await d.people.whoIs(new Headers({ cookie: cookie.join('; ') }))) ?? problem('not-signed-in');
    c.set('agent', renewed);
    const next = { href: pageAfterSignIn(c), label: 'I have kept them' };
    return consolePage(c, 'Backup codes', BackupCodes({ frame: frameOf(d, c), codes: on.backupCodes, next }));
  });

  const ownPage = async (c: Context<Env>, trouble?: { form: 'codes' | 'off'; words: string }) => {
    const { userId, stepDemanded: demanded } = c.get('agent');
    const left = await secondStep.codesLeft(userId);
    const body = OwnStep({ frame: frameOf(d, c), left, demanded, ...(trouble ? { trouble } : {}) });
    return draw(c, { frame: frameOf(d, c) }, 'Your second step', body, trouble ? 400 : 200);
  };
  app.get(paths.ownStep, signedIn(d, 'own-second-step'), async (c) => {
    if (c.get('agent').hasStep) return ownPage(c);
    const done = c.req.query('done') === 'off' ? { done: 'Your second step is off.' } : {};
    return consolePage(c, 'Your second step', NoStep({ around: { frame: frameOf(d, c) }, ...done }));
  });
  app.post(paths.newCodes, perClient, signedIn(d, 'own-second-step'), async (c) => {
    const form = await readForm(c);
    checkForm(c, csrf, form);
    if (!c.get('agent').hasStep) return c.redirect(paths.ownStep, 303);
    const codes = await unlessWrong(secondStep.renewCodes(c.get('agent'), c.req.raw.headers, form.code ?? ''));
    if (!codes) return ownPage(c, { form: 'codes', words: wrongCode });
    const next = { href: paths.ownStep, label: 'I have kept them' };
    const body = BackupCodes({ frame: frameOf(d, c), codes, next, again: true });
    return consolePage(c, 'Backup codes', body);
  });
  app.post(paths.stepOff, perClient, signedIn(d, 'own-second-step'), async (c) => {
    const form = await readForm(c);
    checkForm(c, csrf, form);
    if (!c.get('agent').hasStep) return c.redirect(paths.ownStep, 303);
    const off = await unlessWrong(
      secondStep.turnOff(c.get('agent'), c.req.raw.headers, form.code ?? '').then(() => true),
    );
    return off ? c.redirect(`${paths.ownStep}?done=off`, 303) : ownPage(c, { form: 'off', words: wrongCode });
  });

  app.get(paths.takeStep, signedIn(d, 'manage-agents'), (c) => {
    const agent = c.get('agent');
    const wanted = c.req.query('member');
    const member = d.people.agents.list(agent).find((m) => m.memberId === wanted) ?? problem('not-found');
    if (!brandSteps.mayTake(agent, member)) problem('not-allowed');
    const body = TakeStepPage({ frame: frameOf(d, c), member: { ...member, id: member.memberId } });
    return consolePage(c, 'Take away a second step', body);
  });
  app.post(paths.takeStep, signedIn(d, 'manage-agents'), async (c) => {
    const form = await readForm(c);
    checkForm(c, csrf, form);
    await brandSteps.take(c.get('agent'), form.member ?? '');
    return c.redirect(`${paths.agents}?done=taken`, 303);
  });
  app.post(paths.demandStep, signedIn(d, 'demand-second-step'), async (c) => {
    const form = await readForm(c);
    checkForm(c, csrf, form);
    const on = form.answer === 'everyone';
    if (!on && form.answer !== 'free') problem('bad-input', 'answer');
    await brandSteps.demand(c.get('agent'), on);
    return c.redirect(`${paths.agents}?done=${on ? 'demanded' : 'free'}`, 303);
  });
  return app;
}

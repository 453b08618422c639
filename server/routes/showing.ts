import { problem } from '#contract/problem.ts';
import { mostOffers, type Rule, type Showing, showing } from '#contract/showing.ts';
import { paths } from '../web/console/paths.ts';
import { ShowingPage } from '../web/console/showing.tsx';

const parts = ['starts', 'contains', 'never', 'seconds', 'screen'] as const;
const places = ['button', ...Array.from({ length: mostOffers }, (_, n) => `offer.${n}`)];
const known = new Set(places.flatMap((of) => [...parts.map((part) => `${of}.${part}`), `${of}.text`]));

const lines = (text: string | undefined): string[] => (text ?? '').split(/\r?\n/).flatMap((l) => l.trim() || []);

/** The rule under one name of the form; a number that is none is what the group then refuses. */
const ruleOf = (form: Record<string, string>, of: string): Rule => ({
  starts: lines(form[`${of}.starts`]),
  contains: lines(form[`${of}.contains`]),
  never: lines(form[`${of}.never`]),
  seconds: /^\s*$/.test(form[`${of}.seconds`] ?? '') ? 0 : Number(form[`${of}.seconds`]),
  screen: (form[`${of}.screen`] ?? 'any') as Rule['screen'],
});

/** The console's page When it shows (R61); an offer without words is none. */
export const showingPage = {
  path: paths.showing,
  title: 'When it shows',
  of: showing,
  parse(form: Record<string, string>): Showing {
    if (Object.keys(form).some((name) => !known.has(name))) problem('bad-input', 'There is no such field.');
    const offers = places.slice(1).flatMap((of) => {
      const text = form[`${of}.text`]?.trim();
      return text ? [{ text, when: ruleOf(form, of) }] : [];
    });
    return { button: ruleOf(form, 'button'), offers };
  },
  page: ShowingPage,
};

import type { Context, Hono } from 'hono';
import { Problem, problem } from '#contract/problem.ts';
import { aboutForm, objectForm } from '#contract/settings.ts';
import { sayAbout } from '../consent/about.ts';
import { object, objectionsOf } from '../consent/objections.ts';
import { newPreferenceReader, type PreferenceReader } from '../consent/preferences.ts';
import { pastChanges } from '../consent/rules.ts';
import { noteHeard } from '../consent/signals.ts';
import { rulesForVisitors } from '../i18n/rules.ts';
import { brandConfigOrNone } from '../store/brand-config.ts';
import { closureOf } from '../store/closure.ts';
import { saidOfAll } from '../store/statements.ts';
import { pageWords } from '../web/preferences/spoken.ts';
import type { PreferencesProps } from '../web/preferences/types.ts';
import { formOf } from './body.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import type { PreferencePage } from './preference-page.ts';
import { wantedOf } from './reader.ts';
import { heardFrom } from './signals.ts';

/** What the person said and stopped, and where the brand differs from the strict rules, since when (GATE.md d). */
export function aboutProps(
  d: HubDeps,
  brandId: string,
  reader: PreferenceReader | undefined,
  words: PreferencesProps['words'],
): Pick<PreferencesProps, 'about' | 'seen' | 'stops' | 'rules' | 'csrf'> {
  const config = brandConfigOrNone(d.store.read, brandId);
  const changes = pastChanges(d.store.read, brandId);
  const rules =
    config &&
    rulesForVisitors(config, words.rules).map((r) => {
      const last = changes.find((x) => x.setting === r.rule);
      return { ...r, ...(last ? { since: last.minute } : {}) };
    });
  const csrf = reader ? d.people.csrf.csrfFor(reader.sessionHash) : '';
  return { ...personOf(d, reader), rules, csrf };
}

/** A record that cannot be read shows as nothing said, and nothing leaves (R16). */
function personOf(
  d: HubDeps,
  reader: PreferenceReader | undefined,
): Pick<PreferencesProps, 'about' | 'seen' | 'stops'> {
  const nothing = { about: { place: '', age: '' }, seen: [], stops: { all: false, profiling: false } } as const;
  if (!reader) return nothing;
  const { read } = d.store;
  const stops = objectionsOf(read, reader);
  try {
    const closure = closureOf(read, reader.brandId, reader.subjectId);
    const { place = '', age = '', seen = [] } = saidOfAll(read, d.keys, reader.brandId, closure);
    return { about: { place, age }, seen, stops };
  } catch {
    return { ...nothing, stops };
  }
}

/** What a visitor says of themselves, and their objections (R26): nothing here is a yes, so no nonce is needed. */
export function aboutRoutes(app: Hono<Env>, d: HubDeps, p: PreferencePage): void {
  /**
   * Stored for this browser's person, who is made where nobody is known: then there is nothing of anybody's to change,
   * and no session to tie a token to. Without `csrf` none is asked for.
   */
  async function change(
    c: Context<Env>,
    csrf: string | undefined,
    what: (reader: PreferenceReader, words: PreferencesProps['words']) => Promise<string>,
  ): Promise<Response> {
    const slug = c.req.param('slug') ?? '';
    const brandId = p.brandOf(slug).id;
    const words = pageWords(wantedOf(c));
    let reader = p.readerOf(c, slug);
    try {
      if (reader && csrf !== undefined && !d.people.csrf.checkCsrf(reader.sessionHash, csrf)) problem('wrong-origin');
      if (!reader) {
        const made = await newPreferenceReader(d, brandId);
        p.remember(c, slug, made.cookie);
        reader = made;
      }
      await noteHeard(d, reader, heardFrom(d, c));
      return await p.show(c, slug, reader, { told: { text: await what(reader, words), stored: true } }, 200);
    } catch (e) {
      // The page itself says that nothing changed and shows what is true (R35).
      d.log.warn({ kind: e instanceof Problem ? e.slug : (e as Error).name }, 'choice not saved');
      const told = { text: words.changeLost, stored: false };
      return p.show(c, slug, reader, { told }, e instanceof Problem ? e.status : 503);
    }
  }

  app.post('/privacy/:slug/object', p.perBrowser, async (c) => {
    if (!d.people.csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    const { csrf, what, want } = await formOf(c, objectForm);
    // Like a no, an objection is taken from an old page too; taking it back is not.
    return change(c, want === 'no' ? csrf : undefined, async (reader, words) => {
      const { stopped } = await object(d, reader, what, want === 'yes');
      return words.saidStop(what, want === 'yes', stopped);
    });
  });

  app.post('/privacy/:slug/about', p.perBrowser, async (c) => {
    if (!d.people.csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    const { csrf, ...about } = await formOf(c, aboutForm);
    return change(c, csrf, async (reader, words) => {
      await sayAbout(d, reader, about);
      return words.aboutSaved;
    });
  });
}

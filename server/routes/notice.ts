import { type Context, Hono } from 'hono';
import { defaultLanguage } from '#contract/notice.ts';
import { problem } from '#contract/problem.ts';
import { strangersChoices } from '../consent/choices.ts';
import { offered, primaryLanguage } from '../consent/languages.ts';
import { discardDraft, draftedTexts, draftOf, saveTexts, seenOf, setLanguage } from '../consent/notice-draft.ts';
import { planOf, publishDraft } from '../consent/notice-publish.ts';
import { changesBetween, versionsOf } from '../consent/notice-versions.ts';
import { composeNotice, languagesOf, missingIn, topicOf, topicsOf, type Unpublished } from '../consent/notices.ts';
import { questionOf } from '../consent/questions.ts';
import { topicWords } from '../i18n/en.ts';
import { noticeTexts, sameTopic } from '../store/share-facts.ts';
import { NoticeList } from '../web/console/notice.tsx';
import { NoticePreview, QuestionPreview, surfacesOf } from '../web/console/notice-preview.tsx';
import { NoticeDiscardPage, NoticePublishPage } from '../web/console/notice-publish.tsx';
import { NoticeTextPage } from '../web/console/notice-text.tsx';
import { paths } from '../web/console/paths.ts';
import { pageStyles } from '../web/page.tsx';
import { PreferencesPage } from '../web/preferences/preferences-page.tsx';
import { pageWords } from '../web/preferences/spoken.ts';
import { aboutProps } from './about.ts';
import { readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consoleHead, consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { page } from './pages.ts';
import { visitorHead } from './preference-page.ts';
import { rightsProps } from './rights.ts';

/** The longest form: every language's text of one topic. Bytes. */
const longestForm = 512 * 1024;
/** How many versions the list shows. */
const listed = 25;

/** The editor of what visitors read (R19, R24; GATE.md k.1): texts, languages, preview, publishing. */
export function noticeRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const mayEdit = signedIn(d, 'edit-notice');
  const { read } = d.store;
  const frame = (c: Context<Env>) => frameOf(d, c);
  const brandOf = (c: Context<Env>) => c.get('agent').brandId;
  const editor = (c: Context<Env>) => ({
    brandId: brandOf(c),
    by: `user:${c.get('agent').userId}`,
    at: d.now().toISOString(),
  });
  /** A person by what a version or draft keeps of them; who left has no name here. */
  const nameOf = (c: Context<Env>) => {
    const names = new Map(d.people.agents.list(c.get('agent')).map((m) => [`user:${m.userId}`, m.name]));
    return (by: string) => names.get(by) ?? 'somebody who left';
  };
  const formOf = async (c: Context<Env>) => {
    const form = await readForm(c, longestForm);
    checkForm(c, d.people.csrf, form);
    return form;
  };

  app.get('/console/notice', mayEdit, (c) => {
    const brandId = brandOf(c);
    const draft = draftOf(read, brandId);
    const texts = composeNotice(read, brandId, draft);
    const topics = topicsOf(read, brandId);
    const changed = changesBetween(noticeTexts(read, brandId), texts, () => '');
    const whole = offered(texts);
    const versions = versionsOf(read, brandId, listed);
    const named = nameOf(c);
    const { brandSlug } = c.get('agent');
    const done = {
      published: 'Published. From now on visitors read the new words.',
      discarded: 'The draft is discarded.',
      language: 'The draft has the new set of languages.',
    }[c.req.query('done') ?? ''];
    const body = NoticeList({
      frame: frame(c),
      now: d.now().toISOString(),
      version: versions[0]?.version ?? 0,
      topics: topics.map((t) => ({
        integration: t.integration,
        partner: t.manifest.name,
        purpose: t.purpose,
        text: texts[0]?.blocks.find(sameTopic(t.integration, t.purpose))?.text ?? '',
        missing: texts.filter((x) => missingIn(x, [t]).length > 0).map((x) => x.lang),
        drafted: changed.filter(sameTopic(t.integration, t.purpose)).map((x) => x.lang),
      })),
      langs: texts.map((t) => ({ lang: t.lang, offered: whole.includes(t), missing: missingIn(t, topics).length })),
      ...(draft ? { draft: { by: named(draft.by), at: draft.at } } : {}),
      versions: versions.map(({ by, langs, ...v }) => ({
        ...v,
        ...(by ? { by: named(by) } : {}),
        langs: langs.map((l) => ({ lang: l.lang, href: `/privacy/${brandSlug}/notices/${l.hash}` })),
      })),
      ...(done ? { done } : {}),
    });
    return consolePage(c, 'Notice', body);
  });

  /** Draws one topic's form: what is stored, or what was typed and could not be kept. */
  function textPage(
    c: Context<Env>,
    after: { typed?: Record<string, string>; wrong?: Record<string, string>; moved?: true; done?: string } = {},
  ) {
    const brandId = brandOf(c);
    const topic = topicOf(read, brandId, c.req.param('integration') ?? '', c.req.param('purpose') ?? '');
    const draft = draftOf(read, brandId);
    const langs = draft?.langs ?? languagesOf(read, brandId);
    const stored = draftedTexts(topic, langs, draft);
    const { typed, wrong, moved, done } = after;
    const body = NoticeTextPage({
      frame: frame(c),
      integration: topic.integration,
      purpose: topic.purpose,
      manifest: topic.manifest,
      langs,
      texts: { ...stored, ...typed },
      automatic: topic.automatic,
      seen: seenOf(stored),
      ...(wrong ? { wrong } : {}),
      ...(moved ? { moved: stored } : {}),
      ...(done ? { done } : {}),
    });
    const head = {
      ...consoleHead(c, topicWords({ partner: topic.manifest.name, purpose: topic.purpose })),
      script: 'notice.js',
    };
    return page(c, head, body, moved ? 409 : wrong ? 400 : 200);
  }

  app.get('/console/notice/text/:integration/:purpose', mayEdit, (c) =>
    textPage(c, c.req.query('done') === 'saved' ? { done: 'Kept in the draft.' } : {}),
  );
  app.post('/console/notice/text/:integration/:purpose', mayEdit, async (c) => {
    const { integration = '', purpose = '' } = c.req.param();
    const form = await formOf(c);
    const brandId = brandOf(c);
    const topic = topicOf(read, brandId, integration, purpose);
    const typed = Object.fromEntries(
      Object.entries(form).flatMap(([name, text]) => (name.startsWith('text-') ? [[name.slice(5), text]] : [])),
    );
    const texts = form.automatic === defaultLanguage ? { ...typed, [defaultLanguage]: topic.automatic } : typed;
    const saved = await d.store.write((tx) =>
      saveTexts(tx, editor(c), { integration, purpose, texts, seen: form.seen ?? '' }),
    );
    if ('wrong' in saved) return textPage(c, { typed: texts, wrong: saved.wrong });
    if ('moved' in saved) return textPage(c, { typed: texts, moved: true });
    return c.redirect(`${paths.noticeText(integration, topic.purpose)}?done=saved`, 303);
  });

  app.post('/console/notice/language', mayEdit, async (c) => {
    const { lang = '', answer } = await formOf(c);
    if (answer !== 'add' && answer !== 'remove') problem('bad-input', 'answer is add or remove');
    await d.store.write((tx) => setLanguage(tx, editor(c), lang, answer === 'add'));
    return c.redirect(`${paths.notice}?done=language`, 303);
  });

  /** The text a preview draws: the draft's, in a language that it has. */
  function previewed(c: Context<Env>): { text: Unpublished; langs: string[]; draft: boolean } {
    const draft = draftOf(read, brandOf(c));
    const texts = composeNotice(read, brandOf(c), draft);
    const lang = primaryLanguage(c.req.query('lang')) ?? defaultLanguage;
    const text = texts.find((t) => t.lang === lang) ?? problem('not-found');
    return { text, langs: texts.map((t) => t.lang), draft: draft !== undefined };
  }
  app.get('/console/notice/preview', mayEdit, (c) => {
    const { text, langs, draft } = previewed(c);
    const { lang } = text;
    const missing = missingIn(text, topicsOf(read, brandOf(c))).length;
    const body = NoticePreview({ frame: frame(c), lang, langs, draft, missing, surfaces: surfacesOf(lang) });
    return page(c, { ...consoleHead(c, 'Preview'), frames: true }, body);
  });
  const lookOf = (c: Context<Env>) => (c.req.query('look') === 'dark' ? 'dark' : 'light');
  app.get('/console/notice/preview/question', mayEdit, (c) => {
    const { text } = previewed(c);
    const questions = topicsOf(read, brandOf(c)).flatMap((topic) => {
      const block = text.blocks.find(sameTopic(topic.integration, topic.purpose));
      return block ? [questionOf(topic, text, block)] : [];
    });
    const head = { title: 'Questions', styles: pageStyles.question, bodyClass: 'public', inside: lookOf(c) } as const;
    return page(c, head, QuestionPreview({ questions, brand: c.get('agent').brandName }));
  });
  app.get('/console/notice/preview/preferences', mayEdit, (c) => {
    const { text } = previewed(c);
    const b = read.hot('select * from brand where id = ?').get(brandOf(c)) ?? problem('not-found');
    const now = d.now().toISOString();
    const words = pageWords([text.lang]);
    const body = PreferencesPage({
      words,
      brand: {
        name: b.name as string,
        slug: b.slug as string,
        legalName: b.legal_name as string,
        address: b.address as string,
        contact: b.contact as string,
      },
      ...aboutProps(d, brandOf(c), undefined, words),
      ...rightsProps(d, undefined),
      now,
      known: true,
      integrations: strangersChoices(read, brandOf(c), text),
      history: [],
      notice: { publishedAt: now, version: (versionsOf(read, brandOf(c), 1)[0]?.version ?? 0) + 1, href: '#' },
    });
    return page(c, { ...visitorHead(words, words.title(b.name as string)), inside: lookOf(c) }, body);
  });

  app.get('/console/notice/publish', mayEdit, (c) => {
    const plan = planOf(read, brandOf(c), d.now());
    if (!plan) return c.redirect(paths.notice, 303);
    return consolePage(c, `Publish version ${plan.version}`, NoticePublishPage({ frame: frame(c), ...plan }));
  });
  app.post('/console/notice/publish', mayEdit, async (c) => {
    const { seen = '' } = await formOf(c);
    await publishDraft(d, c.get('agent'), seen);
    return c.redirect(`${paths.notice}?done=published`, 303);
  });

  app.get('/console/notice/discard', mayEdit, (c) => {
    const version = versionsOf(read, brandOf(c), 1)[0]?.version ?? 0;
    return consolePage(c, 'Discard the draft', NoticeDiscardPage({ frame: frame(c), version }));
  });
  app.post('/console/notice/discard', mayEdit, async (c) => {
    await formOf(c);
    await d.store.write((tx) => discardDraft(tx, brandOf(c)));
    return c.redirect(`${paths.notice}?done=discarded`, 303);
  });
  return app;
}

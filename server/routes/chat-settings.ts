import { type Context, Hono } from 'hono';
import type { JSX } from 'preact';
import { chatForm } from '#contract/chat-form.ts';
import type { ChatSetting } from '#contract/chat-setting.ts';
import { Problem, problem } from '#contract/problem.ts';
import { recording } from '#contract/recording.ts';
import { survey } from '#contract/survey.ts';
import { readChatSetting, saveChatSetting } from '../store/chat-settings.ts';
import { ChatPage, chatPages } from '../web/console/chat.tsx';
import { ChatFormPage, chatFormOf } from '../web/console/chat-form.tsx';
import { paths } from '../web/console/paths.ts';
import { RecordingPage, recordingOf } from '../web/console/recording.tsx';
import type { SettingPageProps } from '../web/console/setting.tsx';
import { SurveyPage, surveyOf } from '../web/console/survey.tsx';
import { readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { lookPage } from './look.ts';
import { showingPage } from './showing.ts';

/** One page of the console about one group of chat settings: GET shows it, POST saves all of it at once. */
export interface SettingPage<T> {
  path: string;
  title: string;
  of: ChatSetting<T>;
  /** The form without `csrf`, `version` and `show` as a value. Raises `bad-input`. */
  parse(form: Record<string, string>): T;
  page(props: SettingPageProps<T>): JSX.Element;
}

/** Routes of one such page; owners and admins save it. */
export function settingRoutes<T>(d: HubDeps, p: SettingPage<T>): Hono<Env> {
  const app = new Hono<Env>();
  const show = (c: Context<Env>, more: Partial<SettingPageProps<T>>, status = 200) => {
    const stored = readChatSetting(d.store.read, c.get('agent').brandId, p.of);
    return consolePage(c, p.title, p.page({ frame: frameOf(d, c), ...stored, ...more }), undefined, status);
  };
  app.get(p.path, signedIn(d, 'edit-chat'), (c) => show(c, c.req.query('done') === '1' ? { done: true } : {}));
  app.post(p.path, signedIn(d, 'edit-chat'), async (c) => {
    const { csrf = '', version = '', show: only, ...form } = await readForm(c, 64 * 1024);
    checkForm(c, d.people.csrf, { csrf });
    if (!/^\d{1,9}$/.test(version)) problem('bad-input', 'Send the form of the page.');
    const value = p.parse(form);
    if (only !== undefined) return show(c, { value, version: Number(version) }); // looked at, not saved
    try {
      await saveChatSetting(d, c.get('agent'), p.of, Number(version), value);
    } catch (e) {
      if (!(e instanceof Problem) || e.slug !== 'bad-input') throw e;
      return show(c, { value, version: Number(version), refused: e.detail ?? '' }, e.status);
    }
    return c.redirect(`${p.path}?done=1`, 303);
  });
  return app;
}

/** The console's page Chat, which leads to each group; and every group's page. */
export function chatSettingRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  app.get(paths.chat, signedIn(d, 'edit-chat'), (c) =>
    consolePage(c, 'Chat', ChatPage({ frame: frameOf(d, c), pages: chatPages })),
  );
  app.route('/', settingRoutes(d, lookPage));
  app.route('/', settingRoutes(d, showingPage));
  app.route(
    '/',
    settingRoutes(d, {
      path: paths.chatForm,
      title: 'Before the chat',
      of: chatForm,
      parse: chatFormOf,
      page: ChatFormPage,
    }),
  );
  app.route(
    '/',
    settingRoutes(d, { path: paths.survey, title: 'After the chat', of: survey, parse: surveyOf, page: SurveyPage }),
  );
  app.route(
    '/',
    settingRoutes(d, {
      path: paths.recording,
      title: 'Recording',
      of: recording,
      parse: recordingOf,
      page: RecordingPage,
    }),
  );
  return app;
}

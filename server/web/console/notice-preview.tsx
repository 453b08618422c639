import type { JSX } from 'preact';
import type { Question as Asked } from '#contract/chat.ts';
import { count, languageName, start } from '../../i18n/en.ts';
import { Question } from '../widget/question.tsx';
import type { Chat } from '../widget/session.ts';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** The preview and where its pictures come from. */
export interface NoticePreviewProps {
  frame: Frame;
  lang: string;
  /** Languages of the draft, or of the notice where there is none. */
  langs: string[];
  draft: boolean;
  /** Texts this language lacks: with one missing no visitor is offered it. */
  missing: number;
  /** Pages at phone width, in the order in which they stand. */
  surfaces: { title: string; href: string }[];
}

/** The four surfaces of one language: question and preference page, light and dark. */
export const surfacesOf = (lang: string): NoticePreviewProps['surfaces'] =>
  (['question', 'preferences'] as const).flatMap((surface) =>
    (['light', 'dark'] as const).map((look) => ({
      title: `${surface === 'question' ? 'The question in the chat' : 'The preference page'}, ${look}`,
      href: paths.noticeSurface(surface, lang, look),
    })),
  );

/** What a visitor will read, drawn by the widget's and the preference page's own parts at phone width. */
export const NoticePreview = ({ frame, lang, langs, draft, missing, surfaces }: NoticePreviewProps): JSX.Element => (
  <Shell
    frame={frame}
    here="notice"
    title={`Preview in ${languageName(lang)}`}
    lede={`${draft ? 'The draft' : 'The published notice'}, as a visitor reads it on a phone. Nothing can be sent from here.`}
    up={{ href: paths.notice, label: 'Notice' }}
  >
    {langs.length > 1 && (
      <ul class="choose-lang" aria-label="Language of the preview">
        {langs.map((l) => (
          <li key={l}>
            <a class="btn" href={paths.noticePreview(l)} aria-current={l === lang ? 'true' : undefined}>
              {languageName(l)}
            </a>
          </li>
        ))}
      </ul>
    )}
    {missing > 0 && (
      <p class="told warn">
        {start(count(missing, 'text'))} missing in {languageName(lang)}, so no visitor is offered it yet.
      </p>
    )}
    <ul class="phones">
      {surfaces.map(({ title, href }) => (
        <li key={href}>
          <h2>{title}</h2>
          <iframe src={href} title={title} />
        </li>
      ))}
    </ul>
  </Shell>
);

/** Nothing is pressed in a preview: the page around it cannot send, and has no script. */
const still = { ask: {} as Chat['ask'] };

/** Every question of the notice as the widget draws it, with "What is this?" unfolded. */
export const QuestionPreview = ({ questions, brand }: { questions: Asked[]; brand: string }): JSX.Element => (
  <main class="log-preview">
    <h1 class="sr">Questions in the chat with {brand}</h1>
    {questions.length === 0 && <p class="dim">No text in this language yet.</p>}
    {questions.map((question) => {
      const topic = { integration: question.integration, partner: question.partner, purpose: question.purpose };
      const asking = { topic, again: false, step: 'open', question, saving: false, more: true } as const;
      return (
        <Question
          key={`${question.integration}-${question.purpose}`}
          chat={still}
          topic={topic}
          asking={asking}
          id={`q-${question.integration}-${question.purpose}`}
        />
      );
    })}
  </main>
);

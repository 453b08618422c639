import type { JSX } from 'preact';
import type { Purpose } from '#contract/consent.ts';
import { defaultLanguage } from '#contract/notice.ts';
import { count, languageName, start, topicWords } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** One text before and after; absent where there was or will be none. */
interface ChangedText {
  lang: string;
  change: 'new' | 'changed' | 'removed';
  before?: string;
  after?: string;
}

/** What publishing would do, before it is done. */
export interface NoticePublishProps {
  frame: Frame;
  version: number;
  /** Names what is shown here; only this is published. */
  seen: string;
  effects: {
    integration: string;
    partner: string;
    purpose: Purpose;
    changes: ChangedText[];
    /** How many people's yes stops counting, and how many stay. */
    stale: number;
    stays: number;
  }[];
  langs: { lang: string; offered: boolean; missing: number; change?: 'added' | 'removed' }[];
  /** Why it cannot be published, a sentence each. */
  obstacles: string[];
}

const people = (n: number): string => (n === 0 ? 'Nobody' : start(count(n, 'person', 'people')));
const yeses = (n: number): string => start(count(n, 'yes', 'yeses'));

/** Says which words change and what that does to the yeses that were given, from real data (GATE.md k.1). */
export function NoticePublishPage({
  frame,
  version,
  seen,
  effects,
  langs,
  obstacles,
}: NoticePublishProps): JSX.Element {
  const changed = effects.filter((e) => e.changes.length > 0);
  const untouched = effects.filter((e) => e.changes.length === 0).reduce((n, e) => n + e.stays, 0);
  const stale = effects.reduce((n, e) => n + e.stale, 0);
  return (
    <Shell
      frame={frame}
      here="notice"
      title={`Publish version ${version}?`}
      lede="Nothing is published yet. This is what it will do."
      up={{ href: paths.notice, label: 'Notice' }}
    >
      {obstacles.length > 0 && (
        <div class="told warn" role="alert">
          <strong>It cannot be published yet.</strong>
          <ul>
            {obstacles.map((o) => (
              <li key={o}>{o}</li>
            ))}
          </ul>
        </div>
      )}
      <p class="told">
        {stale > 0
          ? `${yeses(stale)} will stop counting, because ${stale === 1 ? 'its' : 'their'} words change. Nothing more leaves for ${stale === 1 ? 'that visitor' : 'those visitors'} until a new yes.`
          : 'No yes stops counting.'}
        {untouched > 0 &&
          ` ${yeses(untouched)} to other texts ${untouched === 1 ? 'stays' : 'stay'} as ${untouched === 1 ? 'it is' : 'they are'}.`}
      </p>
      {changed.map((e) => (
        <section key={`${e.integration}-${e.purpose}`} aria-labelledby={`${e.integration}-${e.purpose}`}>
          <h2 id={`${e.integration}-${e.purpose}`}>{topicWords(e)}</h2>
          <p>
            {people(e.stale)} said yes to words that change, and will be asked again. {people(e.stays)} said yes to
            words that stay.
          </p>
          <dl class="facts diff">
            {e.changes.map((c) => (
              <div key={c.lang}>
                <dt>
                  {languageName(c.lang)}, {c.change}
                </dt>
                {c.before !== undefined && (
                  <dd>
                    <span class="dim">Now:</span> <span lang={c.lang}>{c.before}</span>
                  </dd>
                )}
                <dd>
                  <span class="dim">Then:</span>{' '}
                  {c.after === undefined ? 'no text in this language' : <span lang={c.lang}>{c.after}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <section aria-labelledby="besides">
        <h2 id="besides">Besides</h2>
        <ul class="plain">
          {langs.map((l) => (
            <li key={l.lang}>{languageLine(l)}</li>
          ))}
          <li>
            Questions that stand open in chats are drawn anew with the new words; an answer to the old ones is refused.
          </li>
          <li>Every yes and no given before keeps the version it was given to.</li>
          <li>A row in the ledger names the new version.</li>
        </ul>
      </section>
      <PostForm action={paths.noticePublish} csrf={frame.csrf} class="acts">
        {obstacles.length === 0 && (
          <>
            <input type="hidden" name="seen" value={seen} />
            <button class="btn main" type="submit">
              Publish version {version}
            </button>
          </>
        )}
        <a class="btn" href={paths.noticePreview(defaultLanguage)}>
          Preview
        </a>
        <a class="btn" href={paths.notice}>
          Keep the draft
        </a>
      </PostForm>
    </Shell>
  );
}

function languageLine({ lang, offered, missing, change }: NoticePublishProps['langs'][number]): string {
  const name = languageName(lang);
  if (change === 'removed') return `${name} is removed: who said yes in it is asked again.`;
  const state = offered ? 'is offered' : `is not offered, ${count(missing, 'text')} missing`;
  return `${name} ${state}${change ? ', new in this version' : ''}.`;
}

/** The second step of discarding. */
export const NoticeDiscardPage = ({ frame, version }: { frame: Frame; version: number }): JSX.Element => (
  <Shell
    frame={frame}
    here="notice"
    title="Discard the draft?"
    lede={`Its texts and languages are forgotten. Visitors go on reading version ${version}.`}
    up={{ href: paths.notice, label: 'Notice' }}
  >
    <PostForm action={paths.noticeDiscard} csrf={frame.csrf} class="acts">
      <button class="btn" type="submit">
        Discard the draft
      </button>
      <a class="btn" href={paths.notice}>
        Keep it
      </a>
    </PostForm>
  </Shell>
);

import type { JSX } from 'preact';
import type { Purpose } from '#contract/consent.ts';
import { defaultLanguage, noticeLanguages } from '#contract/notice.ts';
import { count, dayAndTime, languageName, list, start, topicWords } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** One text that differs from the version before. */
interface Change {
  partner: string;
  purpose: Purpose;
  lang: string;
  change: 'new' | 'changed' | 'removed';
}

/** Everything the list of texts, languages and versions shows. */
export interface NoticeListProps {
  frame: Frame;
  now: string;
  /** Number of the version visitors read; 0 before the first. */
  version: number;
  topics: {
    integration: string;
    partner: string;
    purpose: Purpose;
    /** The default language's words, empty where none are written. */
    text: string;
    /** Languages without a text, and those the draft changes. */
    missing: string[];
    drafted: string[];
  }[];
  langs: { lang: string; offered: boolean; missing: number }[];
  draft?: { by: string; at: string };
  versions: { version: number; at: string; by?: string; langs: { lang: string; href: string }[]; changes: Change[] }[];
  done?: string;
}

/** What visitors read before they answer: its texts, its languages, and every version there was (R24). */
export function NoticeList(props: NoticeListProps): JSX.Element {
  const { frame, topics, draft, version, done } = props;
  const now = new Date(props.now);
  return (
    <Shell
      frame={frame}
      here="notice"
      title="Notice"
      lede="What visitors read before they say yes or no. Nothing in it can tick a box for them or make the chat depend on a yes."
      aside={
        draft ? (
          <a class="btn main" href={paths.noticePublish}>
            Look over and publish
          </a>
        ) : (
          topics.length > 0 && (
            <a class="btn" href={paths.noticePreview(defaultLanguage)}>
              Preview
            </a>
          )
        )
      }
    >
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      {draft && (
        <p class="told draft">
          <span>
            <strong>A draft waits.</strong> Saved on {dayAndTime(draft.at, now)} by {draft.by}. Visitors read version{' '}
            {version} until it is published.
          </span>{' '}
          <span class="ways">
            <a href={paths.noticePreview(defaultLanguage)}>Preview</a>{' '}
            <a href={paths.noticeDiscard}>Discard the draft</a>
          </span>
        </p>
      )}
      <section aria-labelledby="texts">
        <h2 id="texts">Texts</h2>
        {topics.length === 0 ? (
          <p class="none">Nothing is connected, so there is nothing to ask and nothing to read. Nothing leaves.</p>
        ) : (
          <ul class="links texts">
            {topics.map((t) => (
              <li key={`${t.integration}-${t.purpose}`}>
                <h3>
                  {topicWords(t)} {t.drafted.length > 0 && <span class="tag">changed in the draft</span>}
                </h3>
                <p class="cause">{t.text || 'No text yet. Without one the notice cannot be published.'}</p>
                {t.missing.length > 0 && <p class="times">Missing in {list(t.missing.map(languageName))}.</p>}
                <p class="do">
                  <a class="btn" href={paths.noticeText(t.integration, t.purpose)}>
                    Edit<span class="sr"> {topicWords(t)}</span>
                  </a>
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
      <Languages {...props} />
      <Versions {...props} />
    </Shell>
  );
}

function Languages({ frame, langs }: NoticeListProps): JSX.Element {
  const more = noticeLanguages.filter((l) => langs.every((known) => known.lang !== l));
  const named = more.map((lang) => ({ lang, name: languageName(lang) })).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <section aria-labelledby="languages">
      <h2 id="languages">Languages</h2>
      <p class="dim">
        A visitor reads the language of the page or browser if every text exists in it, else{' '}
        {languageName(defaultLanguage)}.
      </p>
      <ul class="links langs">
        {langs.map(({ lang, offered, missing }) => (
          <li key={lang}>
            <h3>{languageName(lang)}</h3>
            <p class="cause">
              {lang === defaultLanguage
                ? 'Always complete: the hub writes what nobody wrote.'
                : offered
                  ? 'Complete, so it is offered.'
                  : `${start(count(missing, 'text'))} missing, so it is not offered.`}
            </p>
            {lang !== defaultLanguage && (
              <PostForm action={paths.noticeLanguage} csrf={frame.csrf} class="do">
                <input type="hidden" name="lang" value={lang} />
                <button class="btn" type="submit" name="answer" value="remove">
                  Remove<span class="sr"> {languageName(lang)}</span>
                </button>
              </PostForm>
            )}
          </li>
        ))}
      </ul>
      <PostForm action={paths.noticeLanguage} csrf={frame.csrf} class="add-lang">
        <label for="lang">Add a language</label>
        <select id="lang" name="lang">
          {named.map(({ lang, name }) => (
            <option key={lang} value={lang}>
              {name}
            </option>
          ))}
        </select>
        <button class="btn" type="submit" name="answer" value="add">
          Add to the draft
        </button>
      </PostForm>
    </section>
  );
}

const did = { new: 'new', changed: 'changed', removed: 'removed' } as const;

function Versions({ versions, now }: NoticeListProps): JSX.Element | null {
  if (versions.length === 0) return null;
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      <p class="dim">Each answer keeps the version it was given to. None is ever changed or deleted.</p>
      <table class="rows versions">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Published</th>
            <th scope="col">What changed</th>
            <th scope="col">Words</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((v) => (
            <tr key={v.version}>
              <th scope="row">Version {v.version}</th>
              <td>
                <time dateTime={v.at}>{dayAndTime(v.at, new Date(now))}</time>
                <span class="kept">{v.by ? `by ${v.by}` : 'by the hub, because a connection changed'}</span>
              </td>
              <td>
                {v.changes.length === 0 && 'The same words in another set of languages.'}
                <ul>
                  {v.changes.map((c) => (
                    <li key={`${c.partner}-${c.purpose}-${c.lang}`}>
                      {topicWords(c)}: {languageName(c.lang)} {did[c.change]}
                    </li>
                  ))}
                </ul>
              </td>
              <td>
                {v.langs.map(({ lang, href }) => (
                  <a key={lang} href={href} hreflang={lang}>
                    {languageName(lang)}
                    <span class="sr"> words of version {v.version}</span>
                  </a>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

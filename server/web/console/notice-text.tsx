import type { JSX } from 'preact';
import { declaredFor, type Manifest } from '#contract/connection.ts';
import type { Purpose } from '#contract/consent.ts';
import { defaultLanguage, longestText } from '#contract/notice.ts';
import { visitorFields } from '#contract/visitor.ts';
import { country, languageName, start, topicWords } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** One topic's texts, a field a language. */
export interface NoticeTextProps {
  frame: Frame;
  integration: string;
  purpose: Purpose;
  manifest: Manifest;
  langs: string[];
  /** What the fields hold: what is stored, or what was typed and could not be. */
  texts: Record<string, string>;
  /** The hub's own words in the default language. */
  automatic: string;
  /** Names what is stored, so that another tab's words are not overwritten unseen. */
  seen: string;
  /** Why a text was not kept, by language. */
  wrong?: Record<string, string>;
  /** What another tab stored meanwhile, by language. */
  moved?: Record<string, string>;
  done?: string;
}

/** The editor of one text: words at the top, and below them the facts that nobody at the brand can change (R14, R19). */
export function NoticeTextPage(props: NoticeTextProps): JSX.Element {
  const { frame, integration, purpose, manifest, langs, seen, wrong, moved, done, automatic } = props;
  return (
    <Shell
      frame={frame}
      here="notice"
      title={topicWords({ partner: manifest.name, purpose })}
      lede="Visitors read this before they answer, in the chat and on the preference page."
      up={{ href: paths.notice, label: 'Notice' }}
    >
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      {wrong && (
        <p class="told warn" role="alert">
          Nothing was saved. Look at what stands below the text.
        </p>
      )}
      {moved && (
        <p class="told warn" role="alert">
          Nothing was saved: another tab changed this meanwhile. What is stored stands below yours; save again to put
          yours in its place.
        </p>
      )}
      <PostForm action={paths.noticeText(integration, purpose)} csrf={frame.csrf} class="words">
        <input type="hidden" name="seen" value={seen} />
        {langs.map((lang) => (
          <Field key={lang} {...props} lang={lang} />
        ))}
        <p class="acts">
          <button class="btn main" type="submit">
            Save the draft
          </button>
          <a class="btn" href={paths.noticePreview(defaultLanguage)}>
            Preview
          </a>
          <button class="btn bare" type="submit" name="automatic" value={defaultLanguage}>
            Use the hub’s own words
          </button>
        </p>
        <p class="dim" id="kept" role="status">
          Visitors read the published words until you publish.
        </p>
      </PostForm>
      <Fixed manifest={manifest} purpose={purpose} />
      <section aria-labelledby="guide">
        <h2 id="guide">Writing it well</h2>
        <ul class="plain">
          <li>One or two short sentences: what {manifest.name} does with it, and what the visitor gets from that.</li>
          <li>Name no field and no address. They stand with it by themselves, and stay right when they change.</li>
          <li>
            The buttons say Yes, No and Not now. They weigh the same, nothing is ticked beforehand, and the chat goes on
            after a no: none of this can be changed here.
          </li>
          <li>A changed text is a new question: a yes to the old words of that language stops counting.</li>
          <li>
            The hub’s own words, in {languageName(defaultLanguage)}: <q>{automatic}</q>
          </li>
        </ul>
      </section>
    </Shell>
  );
}

function Field({ lang, texts, wrong, moved }: NoticeTextProps & { lang: string }): JSX.Element {
  const id = `text-${lang}`;
  const why = wrong?.[lang];
  const stored = moved && moved[lang] !== texts[lang] ? (moved[lang] ?? '') : undefined;
  return (
    <div class="field">
      <label for={id}>{languageName(lang)}</label>
      <textarea
        id={id}
        name={id}
        lang={lang}
        dir="auto"
        rows={4}
        aria-describedby={`${id}-hint`}
        aria-invalid={why ? true : undefined}
      >
        {texts[lang]}
      </textarea>
      <p class={why ? 'wrong' : 'dim'} id={`${id}-hint`}>
        {why ?? `Up to ${longestText} characters, links with https:// only. Shown as text.`}
      </p>
      {stored !== undefined && (
        <p class="stored">Stored meanwhile: {stored ? <q lang={lang}>{stored}</q> : 'no text.'}</p>
      )}
    </div>
  );
}

const Fixed = ({ manifest: m, purpose }: { manifest: Manifest; purpose: Purpose }): JSX.Element => (
  <section aria-labelledby="fixed">
    <h2 id="fixed">What stands with it, always</h2>
    <p class="dim">From the add-on’s declaration. Nobody can change or leave out a line.</p>
    <dl class="facts">
      <div>
        <dt>Who gets it</dt>
        <dd>{m.recipient.legalName}</dd>
        <dd>{m.recipient.address}</dd>
        <dd>{m.recipient.countries.map(country).join(', ')}</dd>
      </div>
      <div>
        <dt>Fields</dt>
        {declaredFor(m, purpose).map((f) => (
          <dd key={f.name}>
            {start(visitorFields[f.name].label)}, {f.because}
          </dd>
        ))}
      </div>
      <div>
        <dt>Kept</dt>
        <dd>{start(m.retention)}</dd>
      </div>
      <div>
        <dt>The chat</dt>
        <dd>Goes on either way</dd>
      </div>
    </dl>
  </section>
);

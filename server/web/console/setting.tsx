import type { ComponentChildren, JSX } from 'preact';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** What a page about one group of chat settings is drawn from. */
export interface SettingPageProps<T> {
  frame: Frame;
  value: T;
  /** Goes back with the form. */
  version: number;
  done?: boolean;
  /** Why it was not saved; `value` is then what was sent. */
  refused?: string;
}

/** One such page: what was done, the form, and what a visitor meets with what is saved. Each leads back to Chat. */
export function SettingShell(p: {
  of: Pick<SettingPageProps<unknown>, 'frame' | 'version' | 'done' | 'refused'>;
  path: string;
  title: string;
  lede: string;
  /** What follows from saving, in a sentence; absent: the next visitor meets it. */
  saved?: string;
  /** Why it was not saved; absent: something below says it. */
  wrong?: string;
  /** Stands above the form. */
  above?: ComponentChildren;
  /** The form is one column of fields, not a list of groups. */
  column?: boolean;
  /** Stands on the button that saves. */
  save?: string;
  /** Other buttons beside it. */
  acts?: ComponentChildren;
  /** What a visitor reads, in a sentence or two; where words can say it. */
  preview?: string;
  children: ComponentChildren;
}): JSX.Element {
  const { frame, version, done, refused } = p.of;
  return (
    <Shell frame={frame} here="chat" up={{ href: paths.chat, label: 'Chat' }} title={p.title} lede={p.lede}>
      {done && (
        <p class="told" role="status">
          Saved. {p.saved ?? 'The next visitor who opens the chat meets it like this.'}
        </p>
      )}
      {refused !== undefined && (
        <p class="told failed" role="alert">
          {p.wrong ?? 'Nothing was saved: something below cannot stay like this.'}
        </p>
      )}
      {p.above}
      <PostForm action={p.path} csrf={frame.csrf} class={p.column ? 'fill wide' : 'rules'}>
        <input type="hidden" name="version" value={version} />
        {p.children}
        <p class="acts">
          <button class="btn main" type="submit">
            {p.save ?? 'Save'}
          </button>
          {p.acts}
        </p>
      </PostForm>
      {p.preview && (
        <section aria-labelledby="preview">
          <h2 id="preview">{refused === undefined ? 'What a visitor meets' : 'What a visitor would meet'}</h2>
          <p>{p.preview}</p>
        </section>
      )}
    </Shell>
  );
}

/** One line to write, with what is wrong with it beside it. */
export function SettingLine(p: {
  name: string;
  label: string;
  value: string;
  max: number;
  hint?: string;
  wrong?: string | false;
}): JSX.Element {
  const by = [p.hint && `${p.name}-hint`, p.wrong && `${p.name}-wrong`].filter(Boolean).join(' ');
  return (
    <div class="fill wide">
      <label for={p.name}>{p.label}</label>
      {p.hint && (
        <p class="dim" id={`${p.name}-hint`}>
          {p.hint}
        </p>
      )}
      <input
        id={p.name}
        name={p.name}
        value={p.value}
        maxLength={p.max}
        autocomplete="off"
        aria-invalid={p.wrong ? true : undefined}
        aria-describedby={by || undefined}
      />
      {p.wrong && (
        <p class="trouble" id={`${p.name}-wrong`}>
          {p.wrong}
        </p>
      )}
    </div>
  );
}

/** One of a few, as radio buttons under one name; `children` belongs to the same thing. */
export const SettingPick = (p: {
  name: string;
  label: string;
  value: string;
  of: readonly (readonly [value: string, words: string])[];
  children?: ComponentChildren;
}): JSX.Element => (
  <fieldset>
    <legend>{p.label}</legend>
    {p.of.map(([value, words]) => (
      <label class="pick" key={value}>
        <input type="radio" name={p.name} value={value} checked={p.value === value} required />
        <span>{words}</span>
      </label>
    ))}
    {p.children}
  </fieldset>
);

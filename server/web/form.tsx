import type { ComponentChildren, JSX } from 'preact';

/** A form that changes something: POST, with the hidden token every changing request needs (SECURITY.md HO6). */
export const PostForm = (props: {
  action: string;
  csrf: string;
  class?: string;
  children: ComponentChildren;
}): JSX.Element => (
  <form method="post" action={props.action} class={props.class}>
    <input type="hidden" name="csrf" value={props.csrf} />
    {props.children}
  </form>
);

/** The first stop of the keyboard: past everything that repeats. Its words are English, or the page's own. */
export const Skip = (p: { to: string } | { words: string }): JSX.Element => (
  <a class="skip btn" href="#main">
    {'words' in p ? p.words : `Skip to ${p.to}`}
  </a>
);

/** Marks whatever goes to a test partner (R15); `word` where the page is not in English. */
export const Sandbox = ({ on, word = 'sandbox' }: { on: boolean; word?: string }): JSX.Element | null =>
  on ? <span class="tag">{word}</span> : null;

/** Marks whoever works on what they get with AI (R30). */
export const UsesAi = ({ on, word = 'uses AI' }: { on: boolean | undefined; word?: string }): JSX.Element | null =>
  on ? <span class="tag">{word}</span> : null;

/** Where the enhancement scripts say what changed; it stays while `main` is swapped, so that readers hear it. */
export const Said = (): JSX.Element => <p class="sr" role="status" id="said" />;

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

/** The first stop of the keyboard: past everything that repeats. */
export const Skip = ({ to }: { to: string }): JSX.Element => (
  <a class="skip btn" href="#main">
    Skip to {to}
  </a>
);

/** Marks whatever goes to a test partner (R15). */
export const Sandbox = ({ on }: { on: boolean }): JSX.Element | null => (on ? <span class="tag">sandbox</span> : null);

/** Marks whoever works on what they get with AI (R30). */
export const UsesAi = ({ on }: { on: boolean | undefined }): JSX.Element | null =>
  on ? <span class="tag">uses AI</span> : null;

/** Where the enhancement scripts say what changed; it stays while `main` is swapped, so that readers hear it. */
export const Said = (): JSX.Element => <p class="sr" role="status" id="said" />;

import type { JSX } from 'preact';
import { CodeField } from '../console/code-field.tsx';
import { paths } from '../console/paths.ts';
import { PostForm } from '../form.tsx';
import { Door } from './sign-in.tsx';

/** After the link, before every right. */
export interface EnterCodeProps {
  csrf: string;
  /** Which field's code did not fit, and the sentence for it. */
  trouble?: { field: 'app' | 'paper'; words: string };
}

/** Asks for the code of the app, or for a backup code below. */
export const EnterCode = ({ csrf, trouble }: EnterCodeProps): JSX.Element => {
  const wrong = (field: 'app' | 'paper') => (trouble?.field === field ? trouble.words : undefined);
  return (
    <Door title="Enter the code">
      <p class="lede">Your link was right. Now the code that your app shows.</p>
      <PostForm action={paths.secondStep} csrf={csrf} class="fill">
        <CodeField id="code" label="Code of your app" kind="app" trouble={wrong('app')} />
        <button class="btn main" type="submit">
          Go on
        </button>
      </PostForm>
      <details class="lost" open={trouble?.field === 'paper'}>
        <summary>No phone at hand</summary>
        <PostForm action={paths.secondStep} csrf={csrf} class="fill">
          <CodeField id="backup" label="One of your backup codes" kind="paper" trouble={wrong('paper')} />
          <button class="btn" type="submit">
            Use this backup code
          </button>
        </PostForm>
        <p class="dim">No backup code either? An owner of your brand can take the second step away, under Agents.</p>
      </details>
      <PostForm action={paths.signOut} csrf={csrf} class="leave">
        <button class="btn bare" type="submit">
          Sign out
        </button>
      </PostForm>
    </Door>
  );
};

import type { JSX } from 'preact';
import { count, start } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { CodeField } from './code-field.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** A second step that is on. */
export interface OwnStepProps {
  frame: Frame;
  /** Backup codes that were not used yet. */
  left: number;
  /** True while the brand asks everyone for one. */
  demanded: boolean;
  /** Which form's code did not fit, and the sentence for it. */
  trouble?: { form: 'codes' | 'off'; words: string };
}

/** One's own second step: new backup codes and turning it off, each for a fresh code. */
export const OwnStep = ({ frame, left, demanded, trouble }: OwnStepProps): JSX.Element => {
  const wrong = (form: 'codes' | 'off') => (trouble?.form === form ? trouble.words : undefined);
  return (
    <Shell
      frame={frame}
      title="Your second step"
      lede={`On. ${start(count(left, 'backup code'))} ${left === 1 ? 'is' : 'are'} left for a day without your phone.`}
    >
      <section aria-labelledby="new-codes">
        <h2 id="new-codes">New backup codes</h2>
        <p class="dim">The old ones stop working. Other browsers and paired panels of yours are signed out.</p>
        <PostForm action={paths.newCodes} csrf={frame.csrf} class="fill">
          <CodeField
            id="code-new"
            label="A code of your app, or a backup code"
            kind="either"
            trouble={wrong('codes')}
          />
          <button class="btn" type="submit">
            Make new backup codes
          </button>
        </PostForm>
      </section>
      <section aria-labelledby="off">
        <h2 id="off">{demanded ? 'Move to another phone' : 'Turn off'}</h2>
        <p class="dim">
          {demanded
            ? `${frame.brand} asks everyone for a second step, so you set up a new one right after.`
            : 'From then on the mailed link alone signs you in.'}{' '}
          Other browsers and paired panels of yours are signed out.
        </p>
        <PostForm action={paths.stepOff} csrf={frame.csrf} class="fill">
          <CodeField id="code-off" label="A code of your app, or a backup code" kind="either" trouble={wrong('off')} />
          <button class="btn" type="submit">
            {demanded ? 'Replace my second step' : 'Turn my second step off'}
          </button>
        </PostForm>
      </section>
    </Shell>
  );
};

/** Whose second step would be taken away. */
export interface TakeStepProps {
  frame: Frame;
  member: { id: string; name: string; email: string };
}

/** Asks once more, with the person's name. */
export const TakeStepPage = ({ frame, member }: TakeStepProps): JSX.Element => (
  <Shell
    frame={frame}
    here="agents"
    title={`Take away ${member.name}’s second step?`}
    lede={`For when phone and backup codes are lost. Make sure that it is ${member.name} who asks: until a new one is set up, the link mailed to ${member.email} signs in alone.`}
    up={{ href: paths.agents, label: 'Agents' }}
  >
    <p class="next">{member.name} is signed out everywhere at once, paired panels included.</p>
    <PostForm action={paths.takeStep} csrf={frame.csrf} class="acts">
      <input type="hidden" name="member" value={member.id} />
      <button class="btn" type="submit">
        Take away {member.name}’s second step
      </button>
      <a class="btn" href={paths.agents}>
        Leave it on
      </a>
    </PostForm>
  </Shell>
);

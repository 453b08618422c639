import type { JSX } from 'preact';
import { type Field, fieldNames, visitorFields } from '#contract/visitor.ts';
import { start, whole } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { Door } from '../sign-in/sign-in.tsx';

/** Between the chat and the provider: goes on by itself, and by its link. */
export const LoginGoOn = (p: { partner: string; sandbox: boolean; href: string }): JSX.Element => (
  <Door title={`On to ${p.partner}`} sandbox={p.sandbox}>
    <p class="lede">You sign in there, then pick here what goes into the chat’s form.</p>
    <p class="acts">
      <a class="btn main" href={p.href}>
        Go on to {p.partner}
      </a>
    </p>
  </Door>
);

/** What came from the provider, for the visitor to pick from. */
export interface LoginPickProps {
  brand: string;
  partner: string;
  sandbox: boolean;
  claims: Partial<Record<Field, string>>;
  csrf: string;
  /** POST with `answer` = use | none, and for each field its value and `use-<field>` = yes. */
  action: string;
}

/** Every value with a box of its own, none ticked: picking one is the visitor's act (R21, R19). */
export function LoginPick({ brand, partner, sandbox, claims, action, csrf }: LoginPickProps): JSX.Element {
  const fields = fieldNames.filter((f) => claims[f] !== undefined);
  return (
    <Door title={`What came from ${partner}`} sandbox={sandbox}>
      <p class="lede">
        {fields.length > 0
          ? `Tick what should go into the form of your chat with ${brand}. You can change it. ${brand} gets nothing before you send the form.`
          : `${partner} gave nothing that fits the form.`}
      </p>
      <PostForm action={action} csrf={csrf} class="pick">
        {fields.map((f) => (
          <div key={f}>
            <label class="tick">
              <input type="checkbox" name={`use-${f}`} value="yes" />
              <span>
                <span class="sr">Use your </span>
                {whole(start(visitorFields[f].label))}
              </span>
            </label>
            <input
              name={f}
              type="text"
              value={claims[f]}
              maxLength={254}
              autocomplete="off"
              aria-label={whole(`Your ${visitorFields[f].label}, as it should stand there`)}
            />
          </div>
        ))}
        <p class="acts">
          {fields.length > 0 && (
            <button class="btn" type="submit" name="answer" value="use">
              Use what is ticked
            </button>
          )}
          <button class="btn" type="submit" name="answer" value="none">
            Use nothing
          </button>
        </p>
      </PostForm>
      <p class="dim">What you do not use is forgotten at once, and all of it after ten minutes.</p>
    </Door>
  );
}

/** The end of the tab. */
export const LoginDone = ({ none }: { none: boolean }): JSX.Element => (
  <Door title={none ? 'Nothing was filled in' : 'It stands in the form'}>
    <p class="lede">
      {none
        ? 'Close this tab and go on in the chat. Its form is as you left it.'
        : 'Close this tab and go on in the chat. You can still change everything there; it is sent when you send it.'}
    </p>
  </Door>
);

import type { JSX } from 'preact';
import { type Field, fieldNames } from '#contract/visitor.ts';
import { PostForm } from '../form.tsx';
import { Door } from '../sign-in/sign-in.tsx';
import type { LoginWords } from './words.ts';

/** Between the chat and the provider: goes on by itself, and by its link. */
export const LoginGoOn = (p: { partner: string; sandbox: boolean; href: string; words: LoginWords }): JSX.Element => (
  <Door title={p.words.onTo(p.partner)} sandbox={p.sandbox} tag={p.words.sandboxTag}>
    <p class="lede">{p.words.onToLede}</p>
    <p class="acts">
      <a class="btn main" href={p.href}>
        {p.words.goOn(p.partner)}
      </a>
    </p>
  </Door>
);

/** What came from the provider, for the visitor to pick from. */
export interface LoginPickProps {
  words: LoginWords;
  brand: string;
  partner: string;
  sandbox: boolean;
  claims: Partial<Record<Field, string>>;
  csrf: string;
  /** POST with `answer` = use | none, and for each field its value and `use-<field>` = yes. */
  action: string;
}

/** Every value with a box of its own, none ticked: picking one is the visitor's act (R21, R19). */
export function LoginPick(props: LoginPickProps): JSX.Element {
  const { brand, partner, sandbox, claims, action, csrf, words } = props;
  const fields = fieldNames.filter((f) => claims[f] !== undefined);
  return (
    <Door title={words.came(partner)} sandbox={sandbox} tag={words.sandboxTag}>
      <p class="lede">{fields.length > 0 ? words.pick(brand) : words.nothingFits(partner)}</p>
      <PostForm action={action} csrf={csrf} class="pick">
        {fields.map((f) => (
          <div key={f}>
            <label class="tick">
              <input type="checkbox" name={`use-${f}`} value="yes" />
              <span>
                <span class="sr">{words.useIt} </span>
                {words.field(f)}
              </span>
            </label>
            <input
              name={f}
              type="text"
              value={claims[f]}
              maxLength={254}
              autocomplete="off"
              aria-label={words.asItStands(f)}
            />
          </div>
        ))}
        <p class="acts">
          {fields.length > 0 && (
            <button class="btn" type="submit" name="answer" value="use">
              {words.useTicked}
            </button>
          )}
          <button class="btn" type="submit" name="answer" value="none">
            {words.useNothing}
          </button>
        </p>
      </PostForm>
      <p class="dim">{words.forgotten}</p>
    </Door>
  );
}

/** The end of the tab. */
export const LoginDone = ({ none, words }: { none: boolean; words: LoginWords }): JSX.Element => (
  <Door title={none ? words.notFilled : words.filled}>
    <p class="lede">{none ? words.notFilledLede : words.filledLede}</p>
  </Door>
);

import type { JSX, TargetedSubmitEvent } from 'preact';
import type { FormErrors } from './check.ts';
import type { Page } from './page.ts';
import type { Chat } from './session.ts';
import type { State } from './state.ts';
import { words } from './words.ts';

type Field = keyof FormErrors;

/** The browser's own help with typing: what it may fill in, and which keyboard. Checking is ours (R58). */
const about = [
  ['name', 'name', 'text'],
  ['email', 'email', 'email'],
  ['phone', 'tel', 'tel'],
] as const;

const Wrong = ({ field, errors }: { field: Field; errors: FormErrors }): JSX.Element | null =>
  errors[field] ? (
    <p class="wrong" id={`${field}-wrong`}>
      {errors[field]}
    </p>
  ) : null;

/**
 * The form before the first message: the message first and alone required, so that leaving the rest empty takes no
 * step (R58). Fields keep what was typed, whatever happens.
 */
export function Begin({ chat, state, page }: { chat: Chat; state: State; page: Page }): JSX.Element {
  const { values, errors, sending, note } = state.form;
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = new FormData(form);
    const value = (field: Field) => String(typed.get(field) ?? '');
    await chat.begin({ text: value('text'), name: value('name'), email: value('email'), phone: value('phone') });
    form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  const bad = (field: Field) =>
    errors[field] ? { 'aria-invalid': 'true' as const, 'aria-describedby': `${field}-wrong` } : {};
  return (
    <form class="begin" novalidate onSubmit={submit}>
      <div class="field">
        <label class="say" for="text">
          {words.hello}
        </label>
        <textarea id="text" name="text" rows={3} required defaultValue={values.text} {...bad('text')} />
        <Wrong field="text" errors={errors} />
      </div>
      <fieldset>
        <legend>{words.aboutYou}</legend>
        {about.map(([field, autocomplete, mode]) => (
          <div class="field" key={field}>
            <label for={field}>
              {words[field]} <small>{words.optional}</small>
            </label>
            <input
              id={field}
              name={field}
              type="text"
              inputMode={mode}
              autocomplete={autocomplete}
              defaultValue={values[field]}
              {...bad(field)}
            />
            <Wrong field={field} errors={errors} />
          </div>
        ))}
      </fieldset>
      <p class="notice">
        {page.notice} {words.staysHere}
      </p>
      <p class="wrong" role="alert">
        {note}
      </p>
      <button class="btn main" type="submit" aria-disabled={sending}>
        {sending ? words.sending : words.send}
      </button>
    </form>
  );
}

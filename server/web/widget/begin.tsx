import type { JSX, TargetedInputEvent, TargetedSubmitEvent } from 'preact';
import type { AskedField } from '#contract/chat-form.ts';
import { inLanguage } from '../../i18n/spoken.ts';
import { AwayNote } from './away.tsx';
import { asks, type FormErrors } from './check.ts';
import type { Page } from './page.ts';
import { RecordingNotice } from './recording.tsx';
import type { Chat } from './session.ts';
import type { State } from './state.ts';
import { intoTab } from './tab.ts';
import { words } from './words.ts';

type Field = keyof FormErrors;

/** The browser's own help with typing: what it may fill in, and which keyboard. Checking is ours (R58). */
const about = [
  ['name', 'name', 'text'],
  ['email', 'email', 'email'],
  ['phone', 'tel', 'tel'],
] as const;

/** A link of the brand's beside the notice. */
const Link = ({ href, children }: { href: string | undefined; children: string }): JSX.Element | null =>
  href ? (
    <>
      {' '}
      <a href={href} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    </>
  ) : null;

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
  const { came, filling } = state;
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = new FormData(form);
    const value = (field: Field) => String(typed.get(field) ?? '');
    const recorded = typed.get('recorded');
    await chat.begin({
      ...{ text: value('text'), name: value('name'), email: value('email'), phone: value('phone') },
      ...(recorded && { recorded: recorded === 'yes' }),
    });
    form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  const of = (field: AskedField) => asks(field, page);
  const hint = (field: AskedField) => {
    const ask = of(field).ask === 'needed' ? 'needed' : 'optional';
    if (page.away && field === 'email') return words.reachYou[ask];
    return ask === 'needed' ? words.isNeeded : words.optional;
  };
  const helpOf = (field: Field) => (field === 'text' ? '' : of(field).help);
  const bad = (field: Field) => {
    const by = [errors[field] && `${field}-wrong`, helpOf(field) && `${field}-help`].filter(Boolean).join(' ');
    return { ...(errors[field] && { 'aria-invalid': 'true' as const }), ...(by && { 'aria-describedby': by }) };
  };
  const shown = about.filter(([field]) => of(field).ask !== 'off');
  const needs = shown.some(([field]) => of(field).ask === 'needed');
  const typed = ({ target }: TargetedInputEvent<HTMLFormElement>) => {
    const { name, value } = target as HTMLInputElement;
    chat.login.typed(name, value);
  };
  const form = (
    <form class="begin" novalidate onSubmit={submit} onInput={typed}>
      <AwayNote page={page} now={new Date()} />
      {page.form?.greeting && <p>{page.form.greeting}</p>}
      <div class="field">
        <label class="say" for="text">
          {words.hello}
        </label>
        <textarea id="text" name="text" rows={3} required value={values.text} {...bad('text')} />
        <Wrong field="text" errors={errors} />
      </div>
      <fieldset hidden={shown.length === 0}>
        <legend>{needs ? words.aboutYouNeeded : words.aboutYou}</legend>
        {page.logins.map(({ integration, name, sandbox }) => (
          <button key={integration} class="btn" type="submit" form="fill" value={integration}>
            {words.fillFrom(name, sandbox)}
          </button>
        ))}
        {filling && <p class="notice">{words.filling(filling)}</p>}
        {shown.map(([field, autocomplete, mode]) => (
          <div class="field" key={field}>
            <label for={field}>
              {words[field]} <small>{came && came.values[field] === values[field] ? came.from : hint(field)}</small>
            </label>
            {of(field).help && (
              <p class="notice" id={`${field}-help`}>
                {of(field).help}
              </p>
            )}
            <input
              id={field}
              name={field}
              type="text"
              inputMode={mode}
              required={of(field).ask === 'needed'}
              autocomplete={autocomplete}
              value={values[field]}
              {...bad(field)}
            />
            <Wrong field={field} errors={errors} />
          </div>
        ))}
      </fieldset>
      <p class="notice">
        {page.notice} {words.staysHere}
        <Link href={page.form?.privacy}>{words.privacy}</Link>
        <Link href={page.form?.terms}>{words.terms}</Link>
      </p>
      {page.recording && <RecordingNotice brand={page.brand.name} what={page.recording} said={values.recorded} />}
      <p class="wrong" role="alert">
        {note}
      </p>
      <button class="btn main" type="submit" aria-disabled={sending}>
        {sending ? words.sending : words.send}
      </button>
    </form>
  );
  if (page.logins.length === 0) return form;
  const fill = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { value } = event.submitter as HTMLButtonElement;
    const given = async () => {
      const login = await chat.login.begin(value);
      return login && { ...login, action: inLanguage(login.action, page.lang) };
    };
    return intoTab(event.currentTarget, given, chat.blocked);
  };
  return (
    <>
      {form}
      <form id="fill" method="post" target="askfirst-fill" onSubmit={fill}>
        <input type="hidden" name="code" />
      </form>
    </>
  );
}

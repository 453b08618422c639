import type { JSX } from 'preact';
import { type AskedField, askedFields, type ChatForm, chatForm } from '#contract/chat-form.ts';
import { visitorFields } from '#contract/visitor.ts';
import { list, start, whole } from '../../i18n/en.ts';
import { paths } from './paths.ts';
import { SettingLine, type SettingPageProps, SettingPick, SettingShell } from './setting.tsx';

const asks = [
  ['optional', 'Asked for, may stay empty'],
  ['needed', 'Needed before the chat begins'],
  ['off', 'Not asked for'],
] as const;
const link = 'An address that begins with https:// or http://, or nothing.';
const tooLong = 'One line, shorter than this.';

/** The form as it was sent; the group says what of it can be kept. */
export const chatFormOf = (form: Record<string, string>): ChatForm => {
  const asked = (field: AskedField) => ({
    ask: (form[`${field}-ask`] ?? '') as 'optional',
    help: (form[`${field}-help`] ?? '').trim(),
  });
  return {
    greeting: (form.greeting ?? '').trim(),
    name: asked('name'),
    email: asked('email'),
    phone: asked('phone'),
    terms: (form.terms ?? '').trim(),
    privacy: (form.privacy ?? '').trim(),
  };
};

function previewOf(form: ChatForm): string {
  const of = (ask: string) =>
    askedFields.filter((field) => form[field].ask === ask).map((field) => visitorFields[field].label);
  const [needed, optional] = [of('needed'), of('optional')];
  const links = [form.privacy && 'your privacy notice', form.terms && 'your terms'].filter((w) => w !== '');
  return whole(
    [
      form.greeting && `“${form.greeting}”`,
      'A message,',
      needed.length > 0 ? `with ${list(needed)}` : 'with nothing else needed',
      optional.length > 0 ? `; ${list(optional)} may stay empty.` : '.',
      links.length > 0 && `A link leads to ${list(links)}.`,
      'Nobody has to agree to anything before the chat.',
    ]
      .filter(Boolean)
      .join(' ')
      .replaceAll(' ;', ';')
      .replaceAll(' .', '.'),
  );
}

/** The form before a chat (R58). There is no box to tick in it, and no way to add one (R19). */
export function ChatFormPage(props: SettingPageProps<ChatForm>): JSX.Element {
  const { value, refused } = props;
  const checked = refused ? chatForm.check(value) : undefined;
  const wrong = checked && 'wrong' in checked ? checked.wrong : '';
  return (
    <SettingShell
      of={props}
      path={paths.chatForm}
      title="Before the chat"
      lede="What the chat asks before the first message. Ask for what you need to answer, and leave the rest out."
      preview={previewOf(value)}
    >
      <SettingLine
        name="greeting"
        label="A line of welcome, above the form"
        value={value.greeting}
        max={200}
        wrong={wrong === 'greeting' && tooLong}
      />
      {askedFields.map((field) => (
        <SettingPick
          key={field}
          name={`${field}-ask`}
          label={whole(start(visitorFields[field].label))}
          value={value[field].ask}
          of={asks}
        >
          <SettingLine
            name={`${field}-help`}
            label={whole(`A few words under ${visitorFields[field].label}`)}
            value={value[field].help}
            max={120}
            wrong={wrong.startsWith(field) && tooLong}
          />
        </SettingPick>
      ))}
      <SettingLine
        name="privacy"
        label="Link to your privacy notice"
        value={value.privacy}
        max={500}
        hint={link}
        wrong={wrong === 'privacy' && 'This is no such address.'}
      />
      <SettingLine
        name="terms"
        label="Link to your terms"
        value={value.terms}
        max={500}
        hint={link}
        wrong={wrong === 'terms' && 'This is no such address.'}
      />
    </SettingShell>
  );
}

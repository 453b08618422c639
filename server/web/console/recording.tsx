import type { JSX } from 'preact';
import { type Recording, recording } from '#contract/recording.ts';
import { paths } from './paths.ts';
import { SettingLine, type SettingPageProps, SettingPick, SettingShell } from './setting.tsx';

/** The form as it was sent; the group says what of it can be kept. */
export const recordingOf = (form: Record<string, string>): Recording => ({
  on: form.on === 'yes',
  what: (form.what ?? '').trim(),
});

/** The notice before recording (R63). */
export function RecordingPage(props: SettingPageProps<Recording>): JSX.Element {
  const { frame, value, refused } = props;
  const checked = refused ? recording.check(value) : undefined;
  return (
    <SettingShell
      of={props}
      path={paths.recording}
      title="Recording"
      lede="If you use chats for training or quality, visitors are told before the chat and choose. askfirst itself keeps the chat and nothing more."
      preview={
        value.on
          ? `“May ${frame.brand} use what is said in this chat ${value.what}?” Yes or No, none chosen beforehand. Whoever does not say yes has an ordinary chat, and your agents read “Not recorded” beside the name.`
          : 'No notice is shown, so no chat may be used for training or quality.'
      }
    >
      <SettingPick
        name="on"
        label="Are chats recorded or monitored?"
        value={value.on ? 'yes' : 'no'}
        of={[
          ['no', 'No'],
          ['yes', 'Yes, and visitors are asked before each chat'],
        ]}
      />
      <SettingLine
        name="what"
        label="What for, as the end of the question"
        hint="For example: to train our team"
        value={value.what}
        max={200}
        wrong={checked !== undefined && 'wrong' in checked && 'Write one line, up to 200 characters.'}
      />
    </SettingShell>
  );
}

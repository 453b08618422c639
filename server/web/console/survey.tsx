import type { JSX } from 'preact';
import { type Survey, survey } from '#contract/survey.ts';
import { paths } from './paths.ts';
import { SettingLine, type SettingPageProps, SettingPick, SettingShell } from './setting.tsx';

/** The form as it was sent; the group says what of it can be kept. */
export const surveyOf = (form: Record<string, string>): Survey => ({
  on: form.on === 'yes',
  question: (form.question ?? '').trim(),
  comment: form.comment === 'yes',
});

/** The question after a chat (R59). */
export function SurveyPage(props: SettingPageProps<Survey>): JSX.Element {
  const { value, refused } = props;
  const checked = refused ? survey.check(value) : undefined;
  return (
    <SettingShell
      of={props}
      path={paths.survey}
      title="After the chat"
      lede="One question about the chat, answered from 1 to 5 or skipped. Answers stay here: no partner gets them."
      preview={
        value.on
          ? `“${value.question}” with 1, bad, to 5, very good, none chosen beforehand${value.comment ? ', and room for a few words' : ''}. Skipping changes nothing, and it is not asked again in that chat.`
          : 'Nothing is asked after a chat.'
      }
    >
      <SettingPick
        name="on"
        label="The question after a chat"
        value={value.on ? 'yes' : 'no'}
        of={[
          ['no', 'Nothing is asked'],
          ['yes', 'Asked once a chat has ended'],
        ]}
      />
      <SettingLine
        name="question"
        label="The question"
        value={value.question}
        max={120}
        wrong={checked !== undefined && 'wrong' in checked && 'Write one line, up to 120 characters.'}
      />
      <SettingPick
        name="comment"
        label="Words beside the number"
        value={value.comment ? 'yes' : 'no'}
        of={[
          ['yes', 'A few words may be added'],
          ['no', 'The number alone'],
        ]}
      />
    </SettingShell>
  );
}

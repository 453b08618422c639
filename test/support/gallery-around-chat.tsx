import type { JSX } from 'preact';
import { chatForm } from '#contract/chat-form.ts';
import { recording } from '#contract/recording.ts';
import { survey } from '#contract/survey.ts';
import { ChatFormPage } from '../../server/web/console/chat-form.tsx';
import { RecordingPage } from '../../server/web/console/recording.tsx';
import { SurveyPage } from '../../server/web/console/survey.tsx';
import { frame } from './gallery-data.ts';

const form = {
  ...chatForm.standard,
  greeting: 'Welcome to the harbour office.',
  phone: { ask: 'needed', help: 'We call back within the hour.' },
  privacy: 'https://harbor.example/privacy',
} as const;

/** The pages about what stands around a chat, in their states. */
export const aroundChatGallery: Record<string, ['console', JSX.Element]> = {
  'chat-form': ['console', <ChatFormPage frame={frame} value={chatForm.standard} version={0} />],
  'chat-form-saved': ['console', <ChatFormPage frame={frame} value={form} version={2} done />],
  'chat-form-refused': [
    'console',
    <ChatFormPage frame={frame} value={{ ...form, terms: 'harbor.example/terms' }} version={2} refused="terms" />,
  ],
  survey: ['console', <SurveyPage frame={frame} value={{ ...survey.standard, on: true }} version={1} />],
  'survey-refused': [
    'console',
    <SurveyPage frame={frame} value={{ ...survey.standard, question: '' }} version={1} refused="x" />,
  ],
  recording: ['console', <RecordingPage frame={frame} value={{ ...recording.standard, on: true }} version={1} />],
  'recording-off': ['console', <RecordingPage frame={frame} value={recording.standard} version={0} />],
};

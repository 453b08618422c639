import { askedFields, chatForm } from '#contract/chat-form.ts';
import { problem } from '#contract/problem.ts';
import { recording } from '#contract/recording.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';
import { readChatSetting } from '../store/chat-settings.ts';
import type { Tx } from '../store/open.ts';

/** Checks what the brand needs before a chat (R58). Raises `bad-input` naming the first field that is missing. */
export function checkAsked(tx: Tx, brandId: string, values: Partial<Record<Field, string>>): void {
  const form = readChatSetting(tx, brandId, chatForm).value;
  const missing = askedFields.find((field) => form[field].ask === 'needed' && !values[field]);
  if (missing) problem('bad-input', `This chat begins with your ${visitorFields[missing].label}, which is not there.`);
}

/** What a chat's answer to the notice before recording is kept as: no answer is a no, null where no notice is shown (R63). */
export const recordedOf = (tx: Tx, brandId: string, said: boolean | undefined): 0 | 1 | null =>
  readChatSetting(tx, brandId, recording).value.on ? (said ? 1 : 0) : null;

import * as z from 'zod/mini';
import { chatSetting } from './chat-setting.ts';

/** How a chat was, 1 to 5. */
export type Score = 1 | 2 | 3 | 4 | 5;

const schema = z.strictObject({
  on: z.boolean(),
  question: z.string().check(z.trim(), z.minLength(1), z.maxLength(120), z.regex(/^\P{Cc}+$/u)),
  /** Whether a few words may be added. */
  comment: z.boolean(),
});
/** What is asked after a chat, as a brand sets it. */
export type Survey = z.infer<typeof schema>;

/**
 * The question after a chat (R59); off until a brand turns it on. An answer stays here: the contract has no visitor field
 * for it and no purpose that covers it, so no adapter can declare it and nothing can send it. Whoever wants to share it
 * adds a field and a purpose of its own, with its own decision.
 */
export const survey = chatSetting({
  name: 'survey',
  schema,
  standard: { on: false, question: 'How was this chat?', comment: true },
});

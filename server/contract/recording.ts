import * as z from 'zod/mini';
import { chatSetting } from './chat-setting.ts';

const schema = z.strictObject({
  on: z.boolean(),
  /** What the brand does with it, after "Harbor Motors would like to use this chat"; shown as it is. */
  what: z.string().check(z.trim(), z.minLength(1), z.maxLength(200), z.regex(/^\P{Cc}+$/u)),
});
/** The notice before recording, as a brand sets it. */
export type Recording = z.infer<typeof schema>;

/**
 * The notice before recording (R63); off until a brand turns it on. Recording means the brand's own use of what was said
 * for training or quality: the hub itself keeps the chat and nothing more, whatever is answered. The answer stands on the
 * chat, no answer is a no, and agents read "Not recorded" beside the name; who picks chats for training leaves those out.
 */
export const recording = chatSetting({
  name: 'recording',
  schema,
  standard: { on: false, what: 'to train our team' },
});

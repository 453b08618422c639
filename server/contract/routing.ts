import * as z from 'zod/mini';
import { type ChatSetting, chatSetting } from './chat-setting.ts';

const schema = z.strictObject({
  mode: z.enum(['manual', 'least-busy', 'round-robin']),
  limit: z.int().check(z.minimum(1), z.maximum(50)),
});
/** What a brand decided about routing. */
export type Routing = z.infer<typeof schema>;

const plain = chatSetting({ name: 'routing', schema, standard: { mode: 'manual', limit: 5 } });

/**
 * How chats find an agent (R66). manual: everyone sees a chat, whoever takes it or replies first holds it; least-busy and
 * round-robin: the hub gives it to an available agent, who holds at most `limit` chats given so. Guess: by hand an agent may
 * take more, since the limit guards against the hub and not against the agent.
 */
export const routingSetting: ChatSetting<Routing> = {
  ...plain,
  check(value) {
    const read = plain.check(value);
    if ('value' in read) return read;
    return {
      wrong: read.wrong === 'limit' ? 'A limit that is no whole number from 1 to 50' : 'Another way than the three',
    };
  },
};

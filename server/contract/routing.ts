import * as z from 'zod/mini';
import { chatSetting } from './chat-setting.ts';

/**
 * How chats find an agent (R66). manual: everyone sees a chat, whoever takes it or replies first holds it; least-busy and
 * round-robin: the hub gives it to an available agent, who holds at most `limit` chats given so. Guess: by hand an agent may
 * take more, since the limit guards against the hub and not against the agent.
 */
export const routingSetting = chatSetting({
  name: 'routing',
  schema: z.strictObject({
    mode: z.enum(['manual', 'least-busy', 'round-robin']),
    limit: z.int().check(z.minimum(1), z.maximum(50)),
  }),
  standard: { mode: 'manual', limit: 5 },
});

/** What a brand decided about routing. */
export type Routing = typeof routingSetting.standard;

import type { Queue } from '#contract/calls-agent.ts';
import type { ConversationView } from '#contract/chat.ts';
import type { RunningHub } from './hub.ts';
import { type Client, peopleAt } from './people-at.ts';

const panel = { 'x-askfirst': '1' };

/** Maria at a running hub with its demo: its owner by the printed link, and an agent by the calls her panel makes. */
export interface AgentAt {
  /** Her browser at the console. */
  maria: Client;
  /** The chats that wait, newest line first as the panel has them. */
  queue(): Promise<Queue['rows']>;
  view(chat: string): Promise<ConversationView>;
  says(chat: string, text: string): Promise<void>;
  /** What her card's buttons do: ask for a purpose, or send it. */
  asks(chat: string, purpose: string): Promise<void>;
  sends(chat: string, purpose: string): Promise<void>;
}

/** Signs Maria in, connects the CRM's sandbox and lets visitors fill in their form from Harbor ID. */
export async function agentAt(hub: RunningHub): Promise<AgentAt> {
  const people = peopleAt(hub);
  const maria = people.client();
  await maria.submit(hub.signIn, { token: hub.signIn.split('/').at(-1) ?? '' });
  await people.connect(maria);
  await maria.submit('/console/add/openid', { csrf: await people.csrfOf(maria) });
  let calls = 0;
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await maria.json<T>(method, `/api/panel${path}`, body, panel);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const view = (chat: string) => call<ConversationView>('GET', `/conversations/${chat}`);
  const crm = async (chat: string) => (await view(chat)).strip.find((c) => c.partner === 'HubSpot')?.integration ?? '';
  const act = async (chat: string, what: string, body: object): Promise<void> =>
    void (await call('POST', `/conversations/${chat}/${what}`, body));
  return {
    maria,
    view,
    queue: async () => (await call<Queue>('GET', '/queue')).rows,
    says: (chat, text) => act(chat, 'messages', { text, clientId: `says-${++calls}` }),
    asks: async (chat, purpose) => act(chat, 'ask', { integration: await crm(chat), purpose }),
    sends: async (chat, purpose) =>
      act(chat, 'shares', { integration: await crm(chat), purpose, clientId: `sends-${++calls}` }),
  };
}

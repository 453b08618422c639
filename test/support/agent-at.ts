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
  /** The page of the newest mail whose subject begins so, as her outbox shows it. */
  letter(subject: string): Promise<string>;
  /** Tells the CRM by hand all that waits under a heading, or says why not; the first of them reads like `about`. */
  tells(heading: string, about: RegExp, whyNot?: string): Promise<void>;
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
  /** What waits under a heading of the page that lists whom to tell. */
  const waiting = async (path: string, heading: string) =>
    ((await (await maria.get(path)).text()).match(/<li>.*?<\/li>/gs) ?? []).filter((li) => li.includes(heading));
  return {
    maria,
    async letter(subject) {
      const outbox = await (await maria.get('/console/outbox')).text();
      const path = [...outbox.matchAll(/href="([^"]+)"[^>]*>([^<]*)/g)].find(([, , says]) =>
        says?.includes(subject),
      )?.[1];
      return (await maria.get(path ?? '/console/outbox')).text();
    },
    async tells(heading, about, whyNot) {
      const id =
        /\/console\/connections\/([\w-]+)">Open<span class="sr"> HubSpot/.exec(
          await (await maria.get('/console')).text(),
        )?.[1] ?? '';
      const path = `/console/connections/${id}/follow-ups`;
      const all = await waiting(path, heading);
      if (!about.test(all[0] ?? '')) throw new Error(`${heading}: ${all[0] ?? 'nothing waits'}`);
      for (const li of all)
        await maria.submit(path, {
          csrf: await people.csrfOf(maria),
          job: /name="job" value="([^"]+)"/.exec(li)?.[1] ?? '',
          ...(whyNot === undefined ? {} : { reason: whyNot }),
        });
      if ((await waiting(path, heading)).length > 0) throw new Error(`${heading}: something waits still`);
    },
    view,
    queue: async () => (await call<Queue>('GET', '/queue')).rows,
    says: (chat, text) => act(chat, 'messages', { text, clientId: `says-${++calls}` }),
    asks: async (chat, purpose) => act(chat, 'ask', { integration: await crm(chat), purpose }),
    sends: async (chat, purpose) =>
      act(chat, 'shares', { integration: await crm(chat), purpose, clientId: `sends-${++calls}` }),
  };
}

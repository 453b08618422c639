import type { Colleague, Queue } from '#contract/calls-agent.ts';
import type { Agent, ConversationView, Entry } from '#contract/chat.ts';
import { type Hours, hoursSetting } from '#contract/hours.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { type Routing, routingSetting } from '#contract/routing.ts';
import { demoPeople } from '../../../server/people/seed.ts';
import { readChatSetting, saveChatSetting } from '../../../server/store/chat-settings.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { type OpenStream, openStream } from '../../support/open-stream.ts';
import type { Client } from '../../support/people-at.ts';
import { panel } from './stage.ts';

/** One line about who holds a chat. */
type Assigned = Extract<Entry, { kind: 'assigned' }>;

/** What one agent does in a panel. */
function agentAt(door: FrontDoor, client: Client) {
  const call = <T>(method: string, path: string, body?: unknown) =>
    client.json<T & ProblemBody>(method, `/api/panel/${path}`, body, panel);
  return {
    client,
    queue: async () => (await call<Queue>('GET', 'queue')).body,
    row: async (conversation: string) =>
      (await call<Queue>('GET', 'queue')).body.rows.find((r) => r.conversation === conversation),
    me: async () => (await call<Queue>('GET', 'queue')).body.me,
    colleagues: async () => (await call<{ colleagues: Colleague[] }>('GET', 'colleagues')).body.colleagues,
    assign: (conversation: string, to: string, from: string | null, note?: string) =>
      call<{ assignee: Agent }>('POST', `conversations/${conversation}/assign`, { to, from, ...(note && { note }) }),
    reply: (conversation: string, text: string) =>
      call<{ entry: Entry }>('POST', `conversations/${conversation}/messages`, { clientId: `r-${text}`, text }),
    available: (available: boolean) => call<{ available: boolean }>('POST', 'availability', { available }),
    changes: async (conversation: string): Promise<Assigned[]> =>
      (await call<ConversationView>('GET', `conversations/${conversation}`)).body.entries.filter(
        (e) => e.kind === 'assigned',
      ),
    /** Opens the panel's stream; the hub has kept the sign of life when this resolves. */
    async stream(): Promise<OpenStream> {
      const cookie = [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
      const live = await openStream(`${door.origin}/api/panel/stream`, { cookie, ...panel });
      await door.hub.deps.routing.settled();
      return live;
    },
  };
}
/** What agentAt returns. */
export type AgentPanel = ReturnType<typeof agentAt>;

/** A hub with a clock of its own, Maria and Jens signed in, each with a panel. */
export async function openRouting(start = Date.now()) {
  let at = start;
  const door = await frontDoor({ now: () => new Date(at) });
  const maria = agentAt(door, await door.owner());
  const jens = door.client();
  const link = door.hub.deps.people.signIn.printedLink(demoPeople.jens.email);
  await jens.submit(link, { token: link.split('/').at(-1) ?? '' });
  const { brands, me } = await maria.queue();
  const brandId = brands[0]?.id ?? '';
  const { store } = door;
  const d = { store, now: () => new Date(at) };
  const who = { brandId, userId: me.id };
  return {
    door,
    maria,
    jens: agentAt(door, jens),
    brandId,
    /** Minutes go by. */
    later(minutes: number) {
      at += minutes * 60_000;
    },
    route: (value: Routing) =>
      saveChatSetting(d, who, routingSetting, readChatSetting(store.read, brandId, routingSetting).version, value),
    hours: (value: Hours) =>
      saveChatSetting(d, who, hoursSetting, readChatSetting(store.read, brandId, hoursSetting).version, value),
    look: () => door.hub.deps.routing.look(),
  };
}
/** What openRouting returns. */
export type RoutingStage = Awaited<ReturnType<typeof openRouting>>;

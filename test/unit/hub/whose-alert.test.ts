import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertDeps, tellOf } from '../../../extension/panel/alerts.ts';
import { type AgentPanel, openRouting, type RoutingStage } from './routing-stage.ts';

let stage: RoutingStage;
beforeAll(async () => {
  stage = await openRouting();
});
afterAll(() => stage.door.close());

/** The browser of one agent: it looks at the hub's queue as panel and worker do, and says what is heard and shown. */
function browserOf(agent: AgentPanel) {
  const kept = new Map<string, unknown>();
  let heard: string[] = [];
  const alerts: AlertDeps = {
    storage: { get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) },
    lock: (_, act) => act(),
    badge: (count) => void heard.push(`${count}`),
    ring: () => void heard.push('ring'),
  };
  return {
    async look(): Promise<string[]> {
      heard = [];
      await tellOf(alerts, await agent.queue());
      return heard;
    },
  };
}

test('R74 R66 a message rings for the holder of its chat; one nobody holds for everybody who is available', async () => {
  const { maria, jens, door } = stage;
  const [atMaria, atJens] = [browserOf(maria), browserOf(jens)];
  const both = async () => [await atMaria.look(), await atJens.look()];
  const { id: mariaId } = await maria.me();
  const { id: jensId } = await jens.me();

  const ada = await door.visitor({ name: 'Ada Brandt' });
  expect(await both()).toEqual([
    ['1', 'ring'],
    ['1', 'ring'],
  ]);
  // Jens takes it: from now on it is for Jens to hear of.
  await jens.assign(ada.conversation, jensId, null);
  await ada.say('/api/chat/messages', { clientId: 'm1', text: 'Hello?' });
  expect(await both()).toEqual([['0'], ['2', 'ring']]);
  // Handed to Maria, who hears of it; Jens does not.
  await jens.assign(ada.conversation, mariaId, jensId);
  expect(await both()).toEqual([['2', 'ring'], ['0']]);
  await ada.say('/api/chat/messages', { clientId: 'm2', text: 'Anybody?' });
  expect(await both()).toEqual([['3', 'ring'], ['0']]);

  // Whoever is away hears of no new chat, and of none that waited when coming back: the queue shows those.
  await jens.available(false);
  const bob = await door.visitor({ name: 'Bob Lund' });
  expect(await both()).toEqual([['4', 'ring'], ['0']]);
  await jens.available(true);
  expect(await both()).toEqual([['4'], ['1']]);
  await bob.say('/api/chat/messages', { clientId: 'm3', text: 'Is it still for sale?' });
  expect(await both()).toEqual([
    ['5', 'ring'],
    ['2', 'ring'],
  ]);

  // A chat that is held is its holder's to hear of, away or not.
  await maria.available(false);
  await ada.say('/api/chat/messages', { clientId: 'm4', text: 'Still there?' });
  expect(await both()).toEqual([['4', 'ring'], ['2']]);
});

test('R74 R66 a chat that comes back to the queue unanswered rings for those who were told nothing of it', async () => {
  const { maria, jens, door } = stage;
  await stage.route({ mode: 'least-busy', limit: 5 });
  await Promise.all([maria.available(true), jens.available(true)]);
  const lives = [await maria.stream(), await jens.stream()];
  const cleo = await door.visitor({ name: 'Cleo Berg' });
  await stage.look();
  const holder = (await maria.row(cleo.conversation))?.assignee?.id;
  const [held, other] = holder === (await maria.me()).id ? [maria, jens] : [jens, maria];
  const atOther = browserOf(other);
  await atOther.look();
  await stage.route({ mode: 'least-busy', limit: 1 }); // nobody else is free
  await held.available(false);
  await stage.look();
  expect((await other.row(cleo.conversation))?.assignee).toBeUndefined();
  expect(await atOther.look()).toContain('ring');
  for (const live of lives) live.close();
});

import type { JSX } from 'preact';
import type { Routing } from '#contract/routing.ts';
import { paths } from './paths.ts';
import { type SettingPageProps, SettingShell } from './setting.tsx';

const ways: readonly [mode: Routing['mode'], name: string, what: string][] = [
  ['manual', 'Agents take chats', 'Everyone sees a new chat. Whoever takes it or replies first has it.'],
  ['least-busy', 'Least busy', 'A new chat goes to the available agent with the fewest open chats.'],
  ['round-robin', 'In turn', 'A new chat goes to the available agent who waited longest for one.'],
];

/** How chats find an agent (R66). */
export function RoutingPage(props: SettingPageProps<Routing>): JSX.Element {
  const { value, refused } = props;
  return (
    <SettingShell
      of={props}
      path={paths.routing}
      title="Who gets a chat"
      lede="Agents say in their panel whether they are available. Nobody gets a chat while away, and where nobody is free it waits in the queue."
      saved="Chats that wait are given out by it in a moment."
      wrong={`${refused} Nothing was saved.`}
    >
      <fieldset>
        <legend>New chats</legend>
        {ways.map(([mode, name, what]) => (
          <label class="pick" key={mode}>
            <input type="radio" name="mode" value={mode} checked={value.mode === mode} />
            <span>
              <strong>{name}.</strong> {what}
            </span>
          </label>
        ))}
      </fieldset>
      <div class="fill">
        <label for="limit">Open chats of one agent at most</label>
        <input
          id="limit"
          name="limit"
          type="number"
          min={1}
          max={50}
          required
          value={Number.isNaN(value.limit) ? '' : value.limit}
          aria-describedby="limit-note"
        />
        <p class="dim" id="limit-note">
          For the two automatic ways, from 1 to 50. By hand an agent may take more.
        </p>
      </div>
    </SettingShell>
  );
}

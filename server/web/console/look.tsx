import type { JSX } from 'preact';
import type { Look } from '#contract/look.ts';
import { least, nearestShade, reaches, readHex } from '#contract/shade.ts';
import { LookPreview } from './look-preview.tsx';
import { paths } from './paths.ts';
import { type SettingPageProps, SettingShell } from './setting.tsx';

const places: Record<Look['side'], string> = { right: 'At the right', left: 'At the left' };

/** A contrast as people read it; cut, so that 4.49 is not called 4.5. */
const ratio = (n: number): string => `${(Math.floor(n * 10) / 10).toFixed(1)} to 1`;

/** The brand's colour, the words on the button and where it stands; a colour nobody could read is not taken (UI.md 2). */
export function LookPage(props: SettingPageProps<Look>): JSX.Element {
  const { frame, value, refused } = props;
  const typed = readHex(value.colour);
  const weak = typed && reaches(typed) < least ? nearestShade(typed) : undefined;
  const unread = value.colour !== '' && !typed;
  const bad = weak || unread ? { 'aria-invalid': true as const, 'aria-describedby': 'colour-wrong' } : {};
  return (
    <SettingShell
      of={props}
      path={paths.look}
      title="Look"
      lede="One colour of yours, in the button and in the chat. What people say yes or no to keeps its own colours, so that they mean the same everywhere."
      saved="Your pages show it from the next load on."
      wrong={weak || unread ? 'Not saved: the colour cannot be read.' : `${refused} Nothing was saved.`}
      above={<LookPreview look={value} colour={weak ?? typed} brand={frame.brand} />}
      column
      save="Save the look"
      acts={
        <>
          {weak && (
            <button class="btn" type="submit" name="use" value={weak}>
              Save with {weak}
            </button>
          )}
          <button class="btn" type="submit" name="show" value="1">
            Show without saving
          </button>
        </>
      }
    >
      <label for="colour">Your colour</label>
      <p class="dim" id="colour-how">
        Six digits, as in #0d4f56. Leave it empty for ours.
      </p>
      <input
        id="colour"
        name="colour"
        maxLength={9}
        autocomplete="off"
        spellcheck={false}
        value={value.colour}
        {...(weak || unread ? bad : { 'aria-describedby': 'colour-how' })}
      />
      {unread && (
        <p class="trouble" id="colour-wrong">
          “{value.colour}” is no colour we can read. Write six digits after a #, as in #0d4f56.
        </p>
      )}
      {weak && typed && (
        <p class="trouble" id="colour-wrong">
          {typed} reaches {ratio(reaches(typed))} where words stand in it, and {ratio(least)} is needed to read them.
          The nearest shade that does is {weak}; it is what you see above.
        </p>
      )}
      <label for="side">Where the button stands</label>
      <select id="side" name="side">
        {(Object.keys(places) as Look['side'][]).map((side) => (
          <option key={side} value={side} selected={side === value.side}>
            {places[side]}
          </option>
        ))}
      </select>
      <label for="text">Words on the button</label>
      <input id="text" name="text" maxLength={40} autocomplete="off" value={value.text} aria-describedby="text-how" />
      <p class="dim" id="text-how">
        Empty: “Chat with {frame.brand}”.
      </p>
      <label for="greeting">A line beside the button</label>
      <input
        id="greeting"
        name="greeting"
        maxLength={120}
        autocomplete="off"
        value={value.greeting}
        aria-describedby="greeting-how"
      />
      <p class="dim" id="greeting-how">
        Empty for none. Visitors can close it, and whoever asked not to be followed never sees it.
      </p>
    </SettingShell>
  );
}

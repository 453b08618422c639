import type { JSX } from 'preact';
import { always, mostOffers, type Rule, type Showing } from '#contract/showing.ts';
import { paths } from './paths.ts';
import { type SettingPageProps, SettingShell } from './setting.tsx';

const screens: Record<Rule['screen'], string> = {
  any: 'Any',
  wide: 'Wide ones alone (640 px and more)',
  narrow: 'Narrow ones alone',
};

/** What the group refuses, by the part of the form it stands in. */
const wrongWords: Record<string, string> = {
  starts: 'A page’s path starts with /, as in /cars. At most twenty of them, 200 characters each.',
  never: 'A page’s path starts with /, as in /cars. At most twenty of them, 200 characters each.',
  contains: 'A part of a path has at most 200 characters, and there are at most twenty.',
  seconds: 'Seconds are a whole number from 0 to 3600.',
  text: 'An offer is one line of at most 120 characters.',
};

/** When the button shows, and which line beside it: conditions of the page alone, none about the person (R61). */
export function ShowingPage(props: SettingPageProps<Showing>): JSX.Element {
  const { value, refused } = props;
  const wrong = refused && Object.entries(wrongWords).find(([part]) => refused.includes(part))?.[1];
  return (
    <SettingShell
      of={props}
      path={paths.showing}
      title="When it shows"
      lede="The button shows on every page until you say otherwise. Below are the pages, the time and the screens it waits for."
      saved="Your pages go by it from the next load on."
      wrong={`${wrong ?? refused} Nothing was saved.`}
      above={
        <p class="dim">
          A rule looks at the page a visitor has open, in their own browser, and at nothing else. Nothing about a
          visitor is used, kept or sent for it. Whoever asked not to be followed, in their browser or in the chat, sees
          the plain button everywhere and no offer.
        </p>
      }
    >
      <fieldset>
        <legend>The button</legend>
        <RuleFields of="button" rule={value.button} />
      </fieldset>
      {Array.from({ length: mostOffers }, (_, n) => {
        const offer = value.offers[n];
        const of = `offer.${n}`;
        return (
          <fieldset key={of}>
            <legend>Offer {n + 1}</legend>
            <div class="fill wide">
              <label for={`${of}.text`}>The line beside the button</label>
              <input id={`${of}.text`} name={`${of}.text`} maxLength={120} autocomplete="off" value={offer?.text} />
              <p class="dim">
                {n === 0
                  ? 'Empty for none. Of several whose rules hold, the first is shown. Once closed, none is shown on that page again.'
                  : 'Empty for none.'}
              </p>
            </div>
            <details open={offer !== undefined}>
              <summary>
                When it is shown<span class="sr">, offer {n + 1}</span>
              </summary>
              <RuleFields of={of} rule={offer?.when ?? always} />
            </details>
          </fieldset>
        );
      })}
    </SettingShell>
  );
}

const lists = [
  ['starts', 'Only on pages whose path starts with', 'One a line, as in /cars. Empty: on every page.'],
  ['contains', 'Or whose path contains', 'One a line, as in estate.'],
  ['never', 'Never on pages whose path starts with', 'One a line. Counts before the other two.'],
] as const;

function RuleFields({ of, rule }: { of: string; rule: Rule }): JSX.Element {
  return (
    <div class="fill wide">
      {lists.map(([part, words, how]) => {
        const id = `${of}.${part}`;
        return [
          <label key={id} for={id}>
            {words}
          </label>,
          <textarea key={`${id}-field`} id={id} name={id} rows={2} aria-describedby={`${id}-how`}>
            {rule[part].join('\n')}
          </textarea>,
          <p key={`${id}-how`} class="dim" id={`${id}-how`}>
            {how}
          </p>,
        ];
      })}
      <label for={`${of}.seconds`}>After so many seconds on the page</label>
      <input
        id={`${of}.seconds`}
        name={`${of}.seconds`}
        type="number"
        min={0}
        max={3600}
        step={1}
        value={Number.isFinite(rule.seconds) ? rule.seconds : ''}
      />
      <label for={`${of}.screen`}>Screens</label>
      <select id={`${of}.screen`} name={`${of}.screen`}>
        {(Object.keys(screens) as Rule['screen'][]).map((screen) => (
          <option key={screen} value={screen} selected={screen === rule.screen}>
            {screens[screen]}
          </option>
        ))}
      </select>
    </div>
  );
}

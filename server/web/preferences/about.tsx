import type { JSX } from 'preact';
import { ageBands, declaredPlaces, type Place } from '#contract/places.ts';
import type { Objection } from '#contract/settings.ts';
import { count, country, day, list, start } from '../../i18n/en.ts';
import { ageWords, byName, placeName } from '../../i18n/rules.ts';
import { PostForm } from '../form.tsx';
import { Switch } from './flip.tsx';
import type { PreferencesProps } from './types.ts';

const stopWords: Record<Objection, { name: string; means: string }> = {
  all: {
    name: 'Stop all profiling and direct marketing use',
    means:
      'Then nobody gets anything about you, also where you said yes above. Only what a contract with you needs, or the law asks for, goes on.',
  },
  profiling: {
    name: 'No profiling',
    means: 'Then nobody gets what you do on our pages, and nothing is used to judge you or to fit offers to you.',
  },
};

interface FormProps {
  action: string;
  csrf: string;
}

/** What a switch did, once it is stored. */
export function saidStop(what: Objection, on: boolean, stopped: number): string {
  if (!on) return `Saved: ${what === 'all' ? 'your choices above count again' : 'profiling is no longer stopped'}.`;
  const waiting =
    stopped > 0 ? ` ${start(count(stopped, 'thing'))} that waited ${stopped === 1 ? 'was' : 'were'} not sent.` : '';
  return `Saved: ${what === 'all' ? 'all of this is stopped' : 'profiling is stopped'}.${waiting}`;
}

/** What a person can stop beside single partners (R26): one tap each, with and without script, and back. */
export const Stops = ({ stops, ...form }: FormProps & { stops: PreferencesProps['stops'] }): JSX.Element => (
  <section class="stops" aria-labelledby="stops">
    <h2 id="stops">Stop uses of your data</h2>
    <p>You may object at any time, without a reason.</p>
    <ul class="who-may">
      {(['all', 'profiling'] as const).map((what) => (
        <Stop key={what} what={what} on={stops[what]} {...form} />
      ))}
    </ul>
  </section>
);

function Stop({ what, on, action, csrf }: FormProps & { what: Objection; on: boolean }): JSX.Element {
  const id = `stop-${what}`;
  const { name, means } = stopWords[what];
  return (
    <li>
      <h3 id={id}>{name}</h3>
      <form class="set" method="post" action={action} data-choose={`“${name}”`}>
        <input type="hidden" name="csrf" value={csrf} />
        <input type="hidden" name="what" value={what} />
        <Switch id={id} on={on} mark={on ? 'no' : 'open'} word={on ? 'Stopped' : 'Not stopped'} />
      </form>
      <p class="may" id={`${id}-may`}>
        {means}
      </p>
    </li>
  );
}

/** Where a person lives and how old they are, if they like to say: it decides which rules protect them. */
export const AboutYou = ({
  about,
  seen,
  action,
  csrf,
}: FormProps & Pick<PreferencesProps, 'about' | 'seen'>): JSX.Element => (
  <section aria-labelledby="about">
    <h2 id="about">About you, if you like</h2>
    <p>
      It decides which law protects you here. It stays here, and you can change it or take it back.
      {seen.length > 0 &&
        ` We also go by your network address (${list(seen.map(country))}): of all laws that may protect you the strictest decides, whatever you say. We keep the ${seen.length === 1 ? 'country' : 'countries'}, not the address.`}
    </p>
    <PostForm action={action} csrf={csrf} class="fill">
      <label for="place">Where do you live?</label>
      <select id="place" name="place">
        <option value="" selected={!about.place}>
          I would rather not say
        </option>
        {byName(declaredPlaces.filter((p): p is Place => p !== 'elsewhere')).map((p) => (
          <option key={p} value={p} selected={about.place === p}>
            {placeName(p)}
          </option>
        ))}
        <option value="elsewhere" selected={about.place === 'elsewhere'}>
          {placeName('elsewhere')}
        </option>
      </select>
      <label for="age">How old are you?</label>
      <select id="age" name="age">
        <option value="" selected={!about.age}>
          I would rather not say
        </option>
        {ageBands.map((band) => (
          <option key={band} value={band} selected={about.age === band}>
            {ageWords[band]}
          </option>
        ))}
      </select>
      <button class="btn" type="submit">
        Save
      </button>
    </PostForm>
  </section>
);

/** What the brand decides otherwise than the strict rules (GATE.md d: shown on its public page). */
export function Decides(props: { brand: string; rules: PreferencesProps['rules']; now: Date }): JSX.Element | null {
  const { brand, rules, now } = props;
  if (rules === undefined)
    return (
      <section aria-labelledby="decides">
        <h2 id="decides">How {brand} decides</h2>
        <p>The rules cannot be read just now, so nothing leaves.</p>
      </section>
    );
  if (rules.length === 0) return null;
  return (
    <section aria-labelledby="decides">
      <h2 id="decides">How {brand} decides</h2>
      <p>{brand} chose these rules itself. For the rest the strictest rules count.</p>
      <ul class="decides">
        {rules.map((r) => (
          <li key={r.rule}>
            {r.text} {r.since && <span class="dim">Since {day(r.since, now)}.</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

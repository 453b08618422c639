import type { JSX } from 'preact';
import { ageBands, declaredPlaces, type Place } from '#contract/places.ts';
import type { Objection } from '#contract/settings.ts';
import { byName } from '../../i18n/rules.ts';
import { PostForm } from '../form.tsx';
import { Switch, saying } from './flip.tsx';
import type { PreferencesProps } from './types.ts';

interface FormProps {
  action: string;
  csrf: string;
  words: PreferencesProps['words'];
}

/** What a person can stop beside single partners (R26): one tap each, with and without script, and back. */
export const Stops = ({ stops, ...form }: FormProps & { stops: PreferencesProps['stops'] }): JSX.Element => (
  <section class="stops" aria-labelledby="stops">
    <h2 id="stops">{form.words.stopHead}</h2>
    <p>{form.words.stopLede}</p>
    <ul class="who-may">
      {(['all', 'profiling'] as const).map((what) => (
        <Stop key={what} what={what} on={stops[what]} {...form} />
      ))}
    </ul>
  </section>
);

function Stop({ what, on, action, csrf, words }: FormProps & { what: Objection; on: boolean }): JSX.Element {
  const id = `stop-${what}`;
  const { name, means } = words.stops[what];
  return (
    <li>
      <h3 id={id}>{name}</h3>
      <form class="set" method="post" action={action} {...saying(words, words.quoted(name), on)}>
        <input type="hidden" name="csrf" value={csrf} />
        <input type="hidden" name="what" value={what} />
        <Switch id={id} on={on} mark={on ? 'no' : 'open'} word={words.stopped(on)} />
      </form>
      <p class="may" id={`${id}-may`}>
        {means}
      </p>
    </li>
  );
}

const livedIn = declaredPlaces.filter((p): p is Place => p !== 'elsewhere');

/** Where a person lives and how old they are, if they like to say: it decides which rules protect them. */
export const AboutYou = ({
  about,
  seen,
  action,
  csrf,
  words,
}: FormProps & Pick<PreferencesProps, 'about' | 'seen'>): JSX.Element => (
  <section aria-labelledby="about">
    <h2 id="about">{words.about}</h2>
    <p>
      {words.aboutLede}
      {seen.length > 0 && ` ${words.aboutSeen(seen.map(words.country))}`}
    </p>
    <PostForm action={action} csrf={csrf} class="fill">
      <label for="place">{words.place}</label>
      <select id="place" name="place">
        <option value="" selected={!about.place}>
          {words.ratherNot}
        </option>
        {byName(livedIn, words.placeName, words.tag).map((p) => (
          <option key={p} value={p} selected={about.place === p}>
            {words.placeName(p)}
          </option>
        ))}
        <option value="elsewhere" selected={about.place === 'elsewhere'}>
          {words.placeName('elsewhere')}
        </option>
      </select>
      <label for="age">{words.age}</label>
      <select id="age" name="age">
        <option value="" selected={!about.age}>
          {words.ratherNot}
        </option>
        {ageBands.map((band) => (
          <option key={band} value={band} selected={about.age === band}>
            {words.ages[band]}
          </option>
        ))}
      </select>
      <button class="btn" type="submit">
        {words.save}
      </button>
    </PostForm>
  </section>
);

/** What the brand decides otherwise than the strict rules (GATE.md d: shown on its public page). */
export function Decides(
  props: Pick<PreferencesProps, 'rules' | 'words'> & { brand: string; now: Date },
): JSX.Element | null {
  const { brand, rules, now, words } = props;
  if (rules === undefined)
    return (
      <section aria-labelledby="decides">
        <h2 id="decides">{words.decides(brand)}</h2>
        <p>{words.decidesUnread}</p>
      </section>
    );
  if (rules.length === 0) return null;
  return (
    <section aria-labelledby="decides">
      <h2 id="decides">{words.decides(brand)}</h2>
      <p>{words.decidesLede(brand)}</p>
      <ul class="decides">
        {rules.map((r) => (
          <li key={r.rule}>
            {r.text} {r.since && <span class="dim">{words.since(words.day(r.since, now))}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

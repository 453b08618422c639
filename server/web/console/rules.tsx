import type { JSX } from 'preact';
import { lawOf, type Place, places } from '#contract/places.ts';
import { type BrandConfig, type RuleChange, type RuleSwitch, ruleSwitches, strictRules } from '#contract/settings.ts';
import { count, stamp, start } from '../../i18n/en.ts';
import { byName, consentAgeWords, placeName, placesWords, ruleName, ruleValue, ruleWords } from '../../i18n/rules.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** The page Privacy rules. */
export interface RulesProps {
  frame: Frame;
  /** Absent where the settings cannot be read. */
  config?: BrandConfig;
  /** Newest first; `index` is the row in the ledger. */
  changes: (RuleChange & { index: number; minute: string })[];
  /** How many of them were made just now; 0 says that nothing changed. */
  done?: number;
  /** Somebody else saved first: nothing of this form was stored. */
  late?: boolean;
}

/** What the brand decides by: each rule with its strict value first, and what the other one allows (GATE.md d). */
export function RulesPage({ frame, config, changes, done, late }: RulesProps): JSX.Element {
  return (
    <Shell
      frame={frame}
      here="rules"
      title="Privacy rules"
      lede="Every rule starts at its strict value. A change counts at once, is written to the ledger, and is shown to your visitors on their page."
    >
      {late && (
        <p class="told failed" role="alert">
          Somebody else saved these rules meanwhile, so yours were not saved. Below are the rules as they are now.
        </p>
      )}
      {done !== undefined && (
        <div class="told" role="status">
          {done === 0 ? (
            <p>Nothing was changed.</p>
          ) : (
            <>
              <p>
                <strong>Saved: {count(done, 'rule')} changed.</strong>
              </p>
              <ul>
                {changes.slice(0, done).map((c) => (
                  <li key={c.index}>
                    {ruleName(c.setting)}: {ruleValue(c.setting, c.new)}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
      {config ? (
        <RulesForm csrf={frame.csrf} config={config} />
      ) : (
        <p class="told failed">
          The rules of this brand cannot be read, so nothing is shared. Whoever runs the hub can help.
        </p>
      )}
      <section aria-labelledby="changes">
        <h2 id="changes">Changes</h2>
        {changes.length === 0 ? (
          <p class="none">No rule was ever changed here.</p>
        ) : (
          <ul class="changes">
            {changes.map((c) => (
              <li key={c.index}>
                <p>
                  <b>{ruleName(c.setting)}</b>{' '}
                  <span class="dim">
                    <time dateTime={c.minute}>{stamp(c.minute)}</time>, ledger row {c.index}
                  </span>
                </p>
                <p>
                  <span class="dim">Before:</span> {ruleValue(c.setting, c.old)}
                </p>
                <p>
                  <span class="dim">After:</span> {ruleValue(c.setting, c.new)}
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
    </Shell>
  );
}

const RulesForm = ({ csrf, config }: { csrf: string; config: BrandConfig }): JSX.Element => (
  <PostForm action={paths.rules} csrf={csrf} class="rules">
    <input type="hidden" name="version" value={config.version} />
    <PlaceBoxes chosen={config.places} />
    {ruleSwitches.map((rule) => (
      <Switch key={rule} rule={rule} value={config[rule]} />
    ))}
    <fieldset>
      <legend>{consentAgeWords.name}</legend>
      {([16, 13] as const).map((age) => (
        <Pick
          key={age}
          name="consentAge"
          value={String(age)}
          on={config.consentAge === age}
          words={consentAgeWords[age]}
          tag={age === 16 ? 'strict' : undefined}
        />
      ))}
    </fieldset>
    <p class="acts">
      <button class="btn main" type="submit">
        Save the rules
      </button>
    </p>
  </PostForm>
);

/** The two switches that are a fact or an addition have a usual value, not a strict one. */
const additions: readonly RuleSwitch[] = ['dntActsLikeGpc', 'childDirected'];

function Switch({ rule, value }: { rule: RuleSwitch; value: boolean }): JSX.Element {
  const words = ruleWords[rule];
  const first = strictRules[rule];
  const tag = additions.includes(rule) ? undefined : 'strict';
  return (
    <fieldset>
      <legend>{words.name}</legend>
      <Pick name={rule} value={first ? 'yes' : 'no'} on={value === first} words={words.usual} tag={tag} />
      <Pick name={rule} value={first ? 'no' : 'yes'} on={value !== first} words={words.other} />
    </fieldset>
  );
}

const Pick = (p: {
  name: string;
  value: string;
  on: boolean;
  words: string;
  tag?: string | undefined;
}): JSX.Element => (
  <label class="pick">
    <input type="radio" name={p.name} value={p.value} checked={p.on} />
    <span>
      {p.words} {p.tag && <span class="tag">{p.tag}</span>}
    </span>
  </label>
);

const laws = [
  ['opt_in', 'Here a yes comes first'],
  ['opt_out', 'Here a no must be heeded'],
] as const;

function PlaceBoxes({ chosen }: { chosen: readonly Place[] }): JSX.Element {
  return (
    <fieldset>
      <legend>{placesWords}</legend>
      <p class="dim">
        The strictest law of all places you tick, and of the place a visitor names, counts. With none ticked, or with
        laws that differ, a yes comes first.
      </p>
      {laws.map(([law, words]) => {
        const of = byName(places.filter((p) => lawOf(p) === law));
        const n = of.filter((p) => chosen.includes(p)).length;
        return (
          <details key={law} open={n > 0}>
            <summary>
              {words} <span class="dim">{start(n === 0 ? 'none ticked' : `${n} ticked`)}</span>
            </summary>
            <ul class="boxes">
              {of.map((place) => (
                <li key={place}>
                  <label class="pick">
                    <input type="checkbox" name={`place.${place}`} value="on" checked={chosen.includes(place)} />
                    <span>{placeName(place)}</span>
                  </label>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </fieldset>
  );
}

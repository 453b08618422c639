import type { JSX } from 'preact';
import { datesOf, dayNames, type Hours, rangesOf, weekdays } from '#contract/hours.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** The page Working hours. */
export interface HoursProps {
  frame: Frame;
  value: Hours;
  version: number;
  done?: boolean;
  refused?: string;
}

/** Every zone this hub's clock knows by name, UTC first. */
const zones: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

const Choice = (p: { name: string; value: string; on: boolean; words: string }): JSX.Element => (
  <label class="pick">
    <input type="radio" name={p.name} value={p.value} checked={p.on} />
    <span>{p.words}</span>
  </label>
);

/** When somebody is there for chats, and what the chat asks when nobody is (R62). */
export function HoursPage({ frame, value, version, done, refused }: HoursProps): JSX.Element {
  const listed = zones.includes(value.zone) ? zones : [value.zone, ...zones];
  return (
    <Shell
      frame={frame}
      here="chat"
      up={{ href: paths.chat, label: 'Chat' }}
      title="Working hours"
      lede="Outside these hours the chat says when you are back and takes a message. It waits in the queue like any other chat."
    >
      {done && (
        <p class="told" role="status">
          Saved. The chat goes by these hours from its next opening on.
        </p>
      )}
      {refused && (
        <p class="told failed" role="alert">
          {refused} Nothing was saved.
        </p>
      )}
      <PostForm action={paths.hours} csrf={frame.csrf} class="rules">
        <input type="hidden" name="version" value={version} />
        <fieldset>
          <legend>When the chat is open</legend>
          <Choice name="on" value="no" on={!value.on} words="Always." />
          <Choice name="on" value="yes" on={value.on} words="In the hours below." />
        </fieldset>
        <div class="fill">
          <label for="zone">Time zone</label>
          <select id="zone" name="zone">
            {listed.map((zone) => (
              <option key={zone} value={zone} selected={zone === value.zone}>
                {zone}
              </option>
            ))}
          </select>
          <p class="dim" id="days-note">
            For each day write times like 09:00-12:00, 13:00-17:00. An empty day is closed. Past midnight, end one day
            at 24:00 and begin the next at 00:00.
          </p>
          {weekdays.map((day) => (
            <div class="day-hours" key={day}>
              <label for={`day-${day}`}>{dayNames[day]}</label>
              <input
                id={`day-${day}`}
                name={`day.${day}`}
                maxLength={200}
                autocomplete="off"
                value={value.days[day]}
                aria-invalid={rangesOf(value.days[day]) ? undefined : 'true'}
                aria-describedby="days-note"
              />
            </div>
          ))}
          <label for="closed">Closed dates</label>
          <textarea
            id="closed"
            name="closed"
            rows={4}
            maxLength={4000}
            aria-invalid={datesOf(value.closed) ? undefined : 'true'}
            aria-describedby="closed-note"
          >
            {value.closed}
          </textarea>
          <p class="dim" id="closed-note">
            One a line, like 2026-12-24.
          </p>
        </div>
        <fieldset>
          <legend>While no agent is available</legend>
          <Choice
            name="whenNobody"
            value="no"
            on={!value.whenNobody}
            words="The chat stays open, and new chats wait."
          />
          <Choice
            name="whenNobody"
            value="yes"
            on={value.whenNobody}
            words="The chat says that nobody is there and takes a message, as outside the hours."
          />
        </fieldset>
        <fieldset>
          <legend>E-mail address with a message that is left</legend>
          <Choice name="email" value="optional" on={value.email === 'optional'} words="Optional." />
          <Choice
            name="email"
            value="needed"
            on={value.email === 'needed'}
            words="Needed. The form says why: there is no other way to answer whoever does not come back."
          />
        </fieldset>
        <p class="acts">
          <button class="btn main" type="submit">
            Save the hours
          </button>
        </p>
      </PostForm>
    </Shell>
  );
}

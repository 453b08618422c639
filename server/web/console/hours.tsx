import type { JSX } from 'preact';
import { datesOf, dayNames, type Hours, rangesOf, weekdays } from '#contract/hours.ts';
import { paths } from './paths.ts';
import { type SettingPageProps, SettingPick, SettingShell } from './setting.tsx';

/** Every zone this hub's clock knows by name, UTC first. */
const zones: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** When somebody is there for chats, and what the chat asks when nobody is (R62). */
export function HoursPage(props: SettingPageProps<Hours>): JSX.Element {
  const { value, refused } = props;
  const listed = zones.includes(value.zone) ? zones : [value.zone, ...zones];
  return (
    <SettingShell
      of={props}
      path={paths.hours}
      title="Working hours"
      lede="Outside these hours the chat says when you are back and takes a message. It waits in the queue like any other chat."
      saved="The chat goes by these hours from its next opening on."
      wrong={`${refused} Nothing was saved.`}
      save="Save the hours"
    >
      <SettingPick
        name="on"
        label="When the chat is open"
        value={value.on ? 'yes' : 'no'}
        of={[
          ['no', 'Always.'],
          ['yes', 'In the hours below.'],
        ]}
      />
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
          For each day write times like 09:00-12:00, 13:00-17:00. An empty day is closed. Past midnight, end one day at
          24:00 and begin the next at 00:00.
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
      <SettingPick
        name="whenNobody"
        label="While no agent is available"
        value={value.whenNobody ? 'yes' : 'no'}
        of={[
          ['no', 'The chat stays open, and new chats wait.'],
          ['yes', 'The chat says that nobody is there and takes a message, as outside the hours.'],
        ]}
      />
      <SettingPick
        name="email"
        label="E-mail address with a message that is left"
        value={value.email}
        of={[
          ['optional', 'Optional.'],
          ['needed', 'Needed. The form says why: there is no other way to answer whoever does not come back.'],
        ]}
      />
    </SettingShell>
  );
}

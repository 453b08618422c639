import type { JSX } from 'preact';
import { type FieldMap, type FieldObjection, fieldKey, type MappedField } from '#contract/connection.ts';
import { visitorFields } from '#contract/visitor.ts';
import { fieldList, purposeWords, start } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { FieldClass, Reason } from './sheet-facts.tsx';

/** Which fields one connection may have, each to be turned on or off (R13). */
export interface FieldsProps {
  csrf: string;
  connection: { id: string; partner: string };
  map: FieldMap;
  /** False for roles that may read but not map, and where nothing is connected. */
  mayChange: boolean;
  /** What could not be saved, with what was ticked then. */
  refused?: { objection: FieldObjection; on: readonly string[] };
}

/** Every field the add-on declares, with class, purpose, reason and place; saving publishes a new version. */
export function Fields({ csrf, connection, map, mayChange, refused }: FieldsProps): JSX.Element {
  const table = (
    <table class="rows sheet">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Why, as the visitor reads it</th>
          <th scope="col">Class</th>
          <th scope="col">Goes to</th>
          <th scope="col">Needed</th>
        </tr>
      </thead>
      <tbody>
        {map.fields.map((m) => (
          <Row
            key={fieldKey(m.field)}
            of={m}
            partner={connection.partner}
            mayChange={mayChange}
            on={refused ? refused.on.includes(fieldKey(m.field)) : m.state !== 'off'}
          />
        ))}
      </tbody>
    </table>
  );
  return (
    <section aria-labelledby="gets" id="fields">
      <h2 id="gets">Fields</h2>
      <p class="dim">
        What {connection.partner} may get, and why: only after a yes, for each field by itself. A field that is off is
        not asked for and not sent. One you turn on is asked for first; every other answer stays as it is.
      </p>
      {refused && (
        <p class="told failed" role="alert">
          {objectionWords(refused.objection, connection.partner)} Nothing was saved.
        </p>
      )}
      {mayChange ? (
        <PostForm action={paths.fields(connection.id)} csrf={csrf}>
          <input type="hidden" name="version" value={map.version} />
          {table}
          <p class="acts">
            <button class="btn main" type="submit">
              Save fields
            </button>
          </p>
        </PostForm>
      ) : (
        table
      )}
    </section>
  );
}

function objectionWords(o: FieldObjection, partner: string): string {
  if (o.why === 'needed')
    return `${partner} needs the ${fieldList([o.field])} for ${purposeWords[o.purpose]}. Leave it on, or turn the ${fieldList(o.rest)} off too.`;
  if (o.why === 'nothing') return `With every field off ${partner} gets nothing. Leave one on, or disconnect it.`;
  if (o.why === 'ungranted') return `${partner} gave no permission for what is left. Reconnect, and allow it there.`;
  return 'What is left cannot be sent before the newer version of the add-on is approved.';
}

function Row({ of, partner, mayChange, on }: { of: MappedField; partner: string; mayChange: boolean; on: boolean }) {
  const { field: f } = of;
  const label = start(visitorFields[f.name].label);
  const name = f.receives ? `${label}, as ${partner} has it` : label;
  return (
    <tr class={on ? undefined : 'stays'}>
      <th scope="row">
        {mayChange ? (
          <label class="tick">
            <input type="checkbox" name={`on.${fieldKey(f)}`} checked={on} />
            {name}
          </label>
        ) : (
          `${name}: ${on ? 'on' : 'off'}`
        )}
      </th>
      <td>
        <Reason of={f} />
        {of.state === 'ungranted' && (
          <span class="kept">Not sent: {partner} gave no permission for it. Reconnect, and allow it there.</span>
        )}
        {of.state === 'held' && <span class="kept">Not sent: the newer version of the add-on waits for approval.</span>}
      </td>
      <td>
        <FieldClass of={f} />
      </td>
      <td>
        {f.receives ? 'Your own record; needs a yes of its own, never sent on' : <Target of={of} partner={partner} />}
      </td>
      <td>{f.need ? 'Needed: turn it off and nothing is sent for this' : 'Optional'}</td>
    </tr>
  );
}

const Target = ({ of, partner }: { of: MappedField; partner: string }) =>
  of.target ? (
    <>
      {partner}: {of.target}
    </>
  ) : (
    <>Not stated</>
  );

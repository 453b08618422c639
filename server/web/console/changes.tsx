import type { JSX } from 'preact';
import type { ConnectionView, DeclaredField, ManifestChange, Upgrade } from '#contract/connection.ts';
import { visitorFields } from '#contract/visitor.ts';
import { country, fieldList, purposeWords, start } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';
import { able, bases, roles } from './words.ts';

/** What a newer version of an add-on wants at one connection, before anybody agreed (R86). */
export interface ChangesProps {
  frame: Frame;
  connection: ConnectionView;
  upgrade: Upgrade;
  /** False for roles that may read but not approve. */
  mayApprove: boolean;
}

/** Says exactly what is added, changed and removed, and what it means for answers people gave. */
export function ChangesPage({ frame, connection: c, upgrade, mayApprove }: ChangesProps): JSX.Element {
  const { waits, stopped } = upgrade;
  const none = waits.length + stopped.length === 0;
  return (
    <Shell
      frame={frame}
      here="connections"
      title={`${c.partner}: a newer version`}
      lede={
        none
          ? 'Nothing differs from what you approved.'
          : waits.length > 0
            ? 'Until you approve it, the old version’s fields go on as before and nothing new is asked for or sent.'
            : 'It wants less than you approved; that has ended already, and there is nothing to decide.'
      }
      up={{ href: paths.connection(c.id), label: c.partner }}
    >
      {waits.length > 0 && (
        <Table id="waits" title="Waits for you" columns={['Until now', 'Once approved']} of={waits} />
      )}
      {stopped.length > 0 && (
        <Table id="stopped" title="Ended already" columns={['You had approved', 'Now']} of={stopped} />
      )}
      {waits.length > 0 && <p class="told">{meaning(waits, c.partner)}</p>}
      {!none &&
        (mayApprove ? (
          <PostForm action={paths.changes(c.id)} csrf={frame.csrf} class="acts">
            <input type="hidden" name="version" value={upgrade.version} />
            <input type="hidden" name="manifest" value={upgrade.manifest} />
            <button class="btn main" type="submit">
              {waits.length > 0 ? 'Approve these changes' : 'I have read it'}
            </button>
            <a class="btn" href={paths.connection(c.id)}>
              Not now
            </a>
          </PostForm>
        ) : (
          <p class="dim">An owner or admin can approve it.</p>
        ))}
    </Shell>
  );
}

interface TableProps {
  id: string;
  title: string;
  columns: [string, string];
  of: readonly ManifestChange[];
}

const Table = ({ id, title, columns, of }: TableProps): JSX.Element => (
  <section aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    <table class="rows diff">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">{columns[0]}</th>
          <th scope="col">{columns[1]}</th>
        </tr>
      </thead>
      <tbody>
        {of.map((change) => {
          const { what, before, after } = inWords(change);
          return (
            <tr key={what + before + after}>
              <th scope="row">{what}</th>
              <td>
                <span class="narrow">{columns[0]}: </span>
                {before}
              </td>
              <td>
                <span class="narrow">{columns[1]}: </span>
                {after}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  </section>
);

const lists = {
  country: ['Country', 'data does not go there', 'data may go there'],
  call: ['Call', 'refused', 'allowed'],
  host: ['Host', 'refused', 'allowed'],
  receives: ['Reads from them', 'not read', 'read'],
} as const;

const facts: Record<Extract<ManifestChange, { before: string }>['what'], string> = {
  name: 'Name',
  legalName: 'Legal name of who gets it',
  address: 'Their address',
  role: 'Their role',
  sale: 'Sells data',
  ai: 'Uses AI',
  retention: 'Keeps it',
  policy: 'Their policy',
  basis: 'Rests on',
  legalCitation: 'The law it names',
  erase: 'Erase, when a visitor asks',
  rectify: 'Correct, when a visitor asks',
  restrict: 'Stop using, when a visitor asks',
  suppress: 'Never contact, when a visitor asks',
};

/** A word of a manifest as the data sheet says it. */
function factWords(what: string, value: string): string {
  if (what === 'role') return roles[value as keyof typeof roles];
  if (what === 'basis') return bases[value as keyof typeof bases];
  if (['erase', 'rectify', 'restrict', 'suppress'].includes(what)) return able[value as keyof typeof able];
  return value || 'nothing';
}

const declared = (f: DeclaredField): string =>
  `${start(f.because)}. For ${purposeWords[f.purpose]}. ${f.need ? 'Needed: without it nothing is sent.' : 'Optional.'}`;

function fieldWords(f: DeclaredField): string {
  const label = start(visitorFields[f.name].label);
  return f.receives ? `${label}, coming back` : label;
}

/** One change as a row: what, before, after. */
function inWords(c: ManifestChange): { what: string; before: string; after: string } {
  if (c.what === 'field') {
    const what = fieldWords(c.field);
    const off = c.field.receives ? 'Not added to your record' : 'Not asked for, not sent';
    if (c.kind === 'changed') return { what, before: declared(c.before), after: declared(c.field) };
    const fresh = c.kind === 'added' && c.newPurpose ? ' A purpose it did not have before.' : '';
    const there = `${declared(c.field)}${fresh}`;
    return c.kind === 'added' ? { what, before: off, after: there } : { what, before: there, after: off };
  }
  if (c.kind === 'changed')
    return {
      what: facts[c.what],
      before: start(factWords(c.what, c.before)),
      after: start(factWords(c.what, c.after)),
    };
  const [word, no, yes] = lists[c.what];
  const what = `${word}: ${c.what === 'country' ? country(c.value) : c.value}`;
  const [before, after] = c.kind === 'added' ? [no, yes] : [yes, no];
  return { what, before: start(before), after: start(after) };
}

/** Part of the terms of every field: one of these and no old yes is to the same thing any more (GATE.md a, "terms"). */
const inEveryYes: ReadonlySet<string> = new Set(['country', 'legalName', 'address', 'role', 'sale', 'ai', 'retention']);

/** What approving means for people who answered before. */
function meaning(waits: readonly ManifestChange[], partner: string): string {
  if (waits.some((c) => inEveryYes.has(c.what)))
    return `Visitors said yes to something else: once you approve, nothing leaves for ${partner} before they are asked again.`;
  const changed = waits.flatMap((c) => (c.what === 'field' && c.kind === 'changed' ? [c.field.name] : []));
  const asked = waits.some((c) => c.what === 'field' && c.kind === 'added')
    ? ' What is new is asked for before it leaves.'
    : '';
  if (changed.length > 0)
    return `Earlier answers about ${fieldList(changed)} stop counting, and visitors are asked again. The others hold.${asked}`;
  return `What visitors said before holds.${asked}`;
}

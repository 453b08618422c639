import type { ComponentChildren, JSX } from 'preact';
import type { DataSheet, DeclaredField } from '#contract/connection.ts';
import { visitorFields } from '#contract/visitor.ts';
import { country, purposeWords, start } from '../../i18n/en.ts';
import { able, bases, roles, verified } from './words.ts';

/**
 * Every line of an add-on's data sheet (R14): read before connecting, and again on the connection's page, where `fields`
 * stand in place of the list.
 */
export function SheetFacts({ sheet, fields }: { sheet: DataSheet; fields?: ComponentChildren }): JSX.Element {
  const { recipient, capabilities } = sheet;
  const login = sheet.way === 'login';
  const incoming = sheet.way === 'incoming';
  return (
    <>
      {login || incoming ? <GetsNothing sheet={sheet} /> : (fields ?? <Gets sheet={sheet} />)}
      <section aria-labelledby="reads">
        <h2 id="reads">What it reads, and where it goes</h2>
        <dl class="facts">
          <Fact name="Reads from them" lines={sheet.receives} none="Nothing is read." />
          <Fact
            name="Calls"
            lines={login ? sheet.asks : sheet.calls}
            none={login ? 'Those of a sign-in: its own description and keys, the code, the values.' : 'None.'}
            code
          />
          <Fact name="Hosts" lines={sheet.hosts} none="None." code />
          <Fact name="Permissions it asks for" lines={sheet.scopes} none="None." code />
        </dl>
      </section>
      <section aria-labelledby="who">
        <h2 id="who">{login ? 'Who provides it' : incoming ? 'Who sends it' : 'Who gets it, and for how long'}</h2>
        <dl class="facts">
          <Fact
            name={login ? 'Provider' : incoming ? 'Sender' : 'Recipient'}
            lines={[recipient.legalName, recipient.address, recipient.countries.map(country).join(', ')]}
          />
          <Fact name="Its role" lines={[start(roles[sheet.role])]} />
          {!login && (
            <Fact
              name="Rests on"
              lines={[start(bases[sheet.basis]) + (sheet.legalCitation && ` (${sheet.legalCitation})`)]}
            />
          )}
          <Fact name="Sells data" lines={[sheet.sale ? 'Yes' : 'No']} />
          <Fact name="Uses AI" lines={[sheet.ai ? 'Yes: what it gets is worked on by AI' : 'No']} />
          <Fact name={login ? 'Keeps a sign-in' : 'Keeps it'} lines={[start(sheet.retention)]} />
          <div>
            <dt>Its policy</dt>
            <dd>
              <a href={sheet.policy} rel="noopener noreferrer">
                {sheet.policy}
              </a>
            </dd>
          </div>
        </dl>
      </section>
      <section aria-labelledby="later">
        <h2 id="later">When a visitor asks</h2>
        <dl class="facts">
          {login ? (
            <Fact name="Erase, correct, stop" lines={['Nothing to do there: it has nothing from askfirst.']} />
          ) : (
            <>
              <Fact name="Erase" lines={[start(able[capabilities.erase])]} />
              <Fact name="Correct" lines={[start(able[capabilities.rectify])]} />
              <Fact name="Stop using" lines={[start(able[capabilities.restrict])]} />
              <Fact name="Never contact" lines={[start(able[capabilities.suppress])]} />
            </>
          )}
          <Fact name="How sure we are" lines={[verified(sheet.verification)]} />
          <div>
            <dt>Partner’s documents</dt>
            <dd>
              <a href={sheet.docs} rel="noopener noreferrer">
                {sheet.docs}
              </a>
            </dd>
          </div>
        </dl>
      </section>
    </>
  );
}

/** A sign-in that visitors use themselves (R21), and what only sends. */
const GetsNothing = ({ sheet: { name, way } }: { sheet: DataSheet }): JSX.Element => (
  <section aria-labelledby="gets">
    <h2 id="gets">What {name} may get, and why</h2>
    <p class="dim">
      {way === 'login'
        ? 'Nothing. Visitors who want to, sign in there themselves; askfirst sends it nothing about them.'
        : 'Nothing. It sends to askfirst, and askfirst sends it nothing.'}
    </p>
  </section>
);

/** The fields, before anything is connected: nothing can be turned off yet. */
const Gets = ({ sheet }: { sheet: DataSheet }): JSX.Element => (
  <section aria-labelledby="gets">
    <h2 id="gets">What {sheet.name} may get, and why</h2>
    <p class="dim">Only after a yes, for each field by itself. What is not in this list cannot be sent.</p>
    <table class="rows sheet">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Why, as the visitor reads it</th>
          <th scope="col">Class</th>
          <th scope="col">Needed</th>
        </tr>
      </thead>
      <tbody>
        {sheet.fields.map((f) => (
          <tr key={`${f.name}-${f.purpose}`}>
            <th scope="row">{start(visitorFields[f.name].label)}</th>
            <td>
              <Reason of={f} />
            </td>
            <td>
              <FieldClass of={f} />
            </td>
            <td>
              {f.receives
                ? 'Comes back; needs a yes of its own'
                : f.need
                  ? 'Needed: without it nothing is sent'
                  : 'Optional'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

/** Why a field is declared, with its purpose where it leaves. */
export const Reason = ({ of }: { of: DeclaredField }): JSX.Element => (
  <>
    {start(of.because)}
    {!of.receives && <span class="kept">For {purposeWords[of.purpose]}</span>}
  </>
);

/** A field's class, and what makes it weigh more. */
export const FieldClass = ({ of }: { of: DeclaredField }): JSX.Element => (
  <>
    {start(of.class)}
    {of.special && ', sensitive'}
    {of.freeText && ', free text: needs a yes of its own'}
  </>
);

const Fact = (p: { name: string; lines: readonly string[]; none?: string; code?: boolean }): JSX.Element => (
  <div>
    <dt>{p.name}</dt>
    {p.lines.length === 0 ? (
      <dd class="dim">{p.none}</dd>
    ) : (
      p.lines.map((line) => (
        <dd key={line} class={p.code ? 'code' : undefined}>
          {line}
        </dd>
      ))
    )}
  </div>
);

import type { JSX } from 'preact';
import type { IntegrationChoice } from '#contract/choices.ts';
import { count, day, fieldList, possessive, start } from '../../i18n/en.ts';
import { Said, Skip } from '../form.tsx';
import { AboutYou, Decides, Stops } from './about.tsx';
import { AddressOff } from './address.tsx';
import { Choice } from './choice.tsx';
import { History } from './history.tsx';
import { Honored } from './honored.tsx';
import type { PreferencesProps } from './types.ts';

/** The visitor's own page: one switch per integration, who got what, whom to ask (R25, R35). Works without script. */
export function PreferencesPage(props: PreferencesProps): JSX.Element {
  const { brand, integrations, known, signal, signalLate, notice } = props;
  const now = new Date(props.now);
  const changed = integrations.find((i) => i.id === (props.failed ?? props.again ?? props.saved)?.integration);
  return (
    <>
      <Skip to="your choices" />
      <Said />
      <div class="page">
        <header class="mast">
          <strong>{brand.name}</strong>
        </header>
        <main id="main" data-page="preferences">
          <h1>Who may get your data</h1>
          <p class="lede">
            Nothing about you leaves {possessive(brand.name)} chat unless you say yes. You can change your mind with one
            tap, and the chat goes on.
          </p>
          {changed && props.failed && (
            <p class="told failed" role="alert" data-say>
              Your change was not saved. {changed.partner} is still {isOn(changed) ? 'on' : 'off'}.
            </p>
          )}
          {changed && !props.failed && props.again && (
            <p class="told" data-say>
              Nothing is saved yet:{' '}
              {props.again.second
                ? `you said no to ${changed.partner} before, so we ask twice.`
                : 'this browser was new to us, and it is known from now on.'}{' '}
              Tap {changed.partner} once more to say yes.
            </p>
          )}
          {changed && !props.failed && !props.again && props.saved && (
            <p class="told" data-say>
              {savedWords(changed, props.saved.stopped)}
            </p>
          )}
          {props.told && (
            <p
              class={props.told.stored ? 'told' : 'told failed'}
              role={props.told.stored ? undefined : 'alert'}
              data-say
            >
              {props.told.text}
            </p>
          )}
          {signal && <Honored signal={signal} late={signalLate ?? false} wanted={props.wanted ?? []} />}
          {!known && (
            <p class="told">
              <span>
                <strong>We do not know this browser.</strong> If you chatted with {brand.name}, open “My data at{' '}
                {brand.name}” in the chat: then this page shows your own choices, and who got what. A choice you make
                here counts for this browser only.
              </span>
            </p>
          )}
          <section aria-labelledby="choices">
            <h2 id="choices">Your choices</h2>
            <p>
              {known ? 'For the visitor in this browser. No account needed.' : 'For this browser. No account needed.'}
            </p>
            {integrations.length === 0 ? (
              <p class="none">No partner is connected. Nothing leaves.</p>
            ) : (
              <ul class="who-may">
                {integrations.map((i) => (
                  <Choice
                    key={i.id}
                    integration={i}
                    action={`/privacy/${brand.slug}/choose${props.lang ? `?lang=${props.lang}` : ''}`}
                    contact={brand.contact}
                    now={now}
                  />
                ))}
              </ul>
            )}
            <p class="save">Each switch is saved when you tap it. A no counts at once, also for data still waiting.</p>
          </section>
          <Stops stops={props.stops} action={`/privacy/${brand.slug}/object`} csrf={props.csrf} />
          <AboutYou about={props.about} seen={props.seen} action={`/privacy/${brand.slug}/about`} csrf={props.csrf} />
          {known && <History rows={props.history} integrations={integrations} />}
          {known && <ProofKeys slug={brand.slug} />}
          <AddressOff
            action={`/privacy/${brand.slug}/stop`}
            brand={brand.name}
            address={props.address}
            otherBrands={props.otherBrands ?? false}
          />
          <Decides brand={brand.name} rules={props.rules} now={now} />
        </main>
        <footer class="foot">
          <p>
            To get a copy of what we hold, to have it corrected, or to be forgotten, write to{' '}
            <a href={`mailto:${brand.contact}`}>{brand.contact}</a>. You may also complain to your data protection
            authority.
          </p>
          <p>
            {brand.legalName}, {brand.address}.
          </p>
          <p>
            {notice.href ? <a href={notice.href}>Notice of {day(notice.publishedAt, now)}</a> : 'No notice yet'},
            version {notice.version}. Kept by askfirst.
          </p>
        </footer>
      </div>
    </>
  );
}

/** Why somebody may want their proof keys, and what to take care of (GATE.md f). */
function ProofKeys({ slug }: { slug: string }): JSX.Element {
  return (
    <section aria-labelledby="proof">
      <h2 id="proof">My proof keys</h2>
      <p>
        Each answer and each send stands in a signed ledger that names nobody. Your proof keys open the rows about you:
        with a receipt and <a href="/verify">the check page</a> you can show what was sent, and on which answer. Whoever
        has this file can read those rows, so keep it to yourself.
      </p>
      <p class="take">
        <a class="btn" href={`/privacy/${slug}/proof-keys`} download>
          Download my proof keys
        </a>
      </p>
    </section>
  );
}

const isOn = (i: IntegrationChoice): boolean => i.purposes.some((p) => p.state === 'yes');

function savedWords(i: IntegrationChoice, stopped: number): string {
  if (isOn(i)) {
    const fields = i.purposes
      .filter((p) => p.state === 'yes')
      .flatMap((p) => p.fields.filter((f) => f.state === 'yes'));
    return `Saved: ${i.partner} may get your ${fieldList(fields.map((f) => f.field))}.`;
  }
  const waiting =
    stopped > 0
      ? ` ${start(count(stopped, 'thing'))} that ${stopped === 1 ? 'was' : 'were'} waiting ${stopped === 1 ? 'was' : 'were'} not sent.`
      : '';
  return `Saved: ${i.partner} is off.${waiting}`;
}

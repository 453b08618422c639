import type { JSX } from 'preact';
import type { IntegrationChoice } from '#contract/choices.ts';
import { inLanguage } from '../../i18n/spoken.ts';
import { Said, Skip } from '../form.tsx';
import { AboutYou, Decides, Stops } from './about.tsx';
import { AddressOff } from './address.tsx';
import { Choice } from './choice.tsx';
import { Held } from './held.tsx';
import { History } from './history.tsx';
import { Honored } from './honored.tsx';
import { Mast } from './mast.tsx';
import { AskLink } from './prove.tsx';
import type { PreferencesProps } from './types.ts';
import type { Words } from './words/en.ts';

/** The visitor's own page: one switch per integration, who got what, whom to ask (R25, R35). Works without script. */
export function PreferencesPage(props: PreferencesProps): JSX.Element {
  const { brand, integrations, known, signal, signalLate, notice, words } = props;
  const now = new Date(props.now);
  const home = `/privacy/${brand.slug}`;
  const at = (href: string) => inLanguage(href, props.lang);
  const unknown = words.unknown(brand.name);
  const changed = integrations.find((i) => i.id === (props.failed ?? props.again ?? props.saved)?.integration);
  return (
    <>
      <Skip words={words.skip} />
      <Said />
      <div class="page">
        <Mast brand={brand.name} words={words} home={home} />
        <main id="main" data-page="preferences">
          <h1>{words.head}</h1>
          <p class="lede">{words.lede(brand.name)}</p>
          {changed && props.failed && (
            <p class="told failed" role="alert" data-say>
              {words.notSaved(changed.partner, isOn(changed))}
            </p>
          )}
          {changed && !props.failed && props.again && (
            <p class="told" data-say>
              {words.again(changed.partner, props.again.second ?? false)}
            </p>
          )}
          {changed && !props.failed && !props.again && props.saved && (
            <p class="told" data-say>
              {savedWords(words, changed, props.saved.stopped)}
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
          {signal && <Honored signal={signal} late={signalLate ?? false} words={words} />}
          {!known && (
            <p class="told">
              <span>
                <strong>{unknown.what}</strong> {unknown.more}
              </span>
            </p>
          )}
          {!known && <AskLink action={at(`${home}/link`)} brand={brand.name} words={words} />}
          <section aria-labelledby="choices">
            <h2 id="choices">{words.choices}</h2>
            <p>{words.forWhom(known)}</p>
            {integrations.length === 0 ? (
              <p class="none">{words.noPartner}</p>
            ) : (
              <ul class="who-may">
                {integrations.map((i) => (
                  <Choice
                    key={i.id}
                    integration={i}
                    action={at(`${home}/choose`)}
                    contact={brand.contact}
                    now={now}
                    words={words}
                    at={at}
                  />
                ))}
              </ul>
            )}
            <p class="save">{words.eachSaved}</p>
          </section>
          <Stops stops={props.stops} action={at(`${home}/object`)} csrf={props.csrf} words={words} />
          <AboutYou
            about={props.about}
            seen={props.seen}
            action={at(`${home}/about`)}
            csrf={props.csrf}
            words={words}
          />
          {known && <History rows={props.history} integrations={integrations} words={words} />}
          {known && (
            <Held
              words={words}
              csrf={props.csrf}
              held={props.held}
              requests={props.requests}
              fix={props.fix}
              brand={brand.name}
              now={now}
              correct={at(`${home}/correct`)}
              forget={at(`${home}/forget`)}
              copy={at(`${home}/copy`)}
            />
          )}
          {known && <ProofKeys href={at(`${home}/proof-keys`)} words={words} />}
          <AddressOff
            action={at(`${home}/stop`)}
            brand={brand.name}
            address={props.address}
            otherBrands={props.otherBrands ?? false}
            words={words}
          />
          <Decides brand={brand.name} rules={props.rules} now={now} words={words} />
        </main>
        <footer class="foot">
          <p>
            {words.askUs[0]}
            <a href={`mailto:${brand.contact}`}>{brand.contact}</a>
            {words.askUs[1]}
          </p>
          <p>
            {brand.legalName}, {brand.address}.
          </p>
          <p>
            {notice.href ? (
              <a href={at(notice.href)}>{words.notice(words.day(notice.publishedAt, now))}</a>
            ) : (
              words.noNotice
            )}
            , {words.version(notice.version)}
          </p>
        </footer>
      </div>
    </>
  );
}

/** Why somebody may want their proof keys, and what to take care of (GATE.md f). */
function ProofKeys({ href, words }: { href: string; words: Words }): JSX.Element {
  const [before, after] = words.proofLede;
  return (
    <section aria-labelledby="proof">
      <h2 id="proof">{words.proof}</h2>
      <p>
        {before}
        <a href="/verify" hreflang="en">
          {words.checkPage}
        </a>
        {after}
      </p>
      <p class="take">
        <a class="btn" href={href} download>
          {words.takeProof}
        </a>
      </p>
    </section>
  );
}

const isOn = (i: IntegrationChoice): boolean => i.purposes.some((p) => p.state === 'yes');

function savedWords(words: Words, i: IntegrationChoice, stopped: number): string {
  if (!isOn(i)) return words.savedNo(i.partner, stopped);
  const fields = i.purposes.filter((p) => p.state === 'yes').flatMap((p) => p.fields.filter((f) => f.state === 'yes'));
  return words.savedYes(
    i.partner,
    fields.map((f) => f.field),
  );
}

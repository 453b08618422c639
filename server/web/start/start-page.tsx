import type { JSX } from 'preact';
import { Mark, Wordmark } from '../../../extension/panel/kit/icons.tsx';
import { clock, whole } from '../../i18n/en.ts';
import { Said, Skip } from '../form.tsx';
import { LoadExtension, type LoadProps } from './load-extension.tsx';
import { type StepId, stepOrder, storySteps } from './story.ts';

/** What became of one step. */
export interface StepView {
  /** Where the step happens. */
  href: string;
  /** ISO time at which it really happened; absent until then. */
  at?: string;
  /** What was seen, one sentence from the events themselves: "Yes to e-mail, no to phone." */
  seen?: string;
  /** Why it did not happen, one sentence. */
  trouble?: string;
}

/** Everything the start page shows. */
export interface StartProps extends LoadProps {
  brand: string;
  steps: Record<StepId, StepView>;
  partners: { name: string; about: string; href?: string }[];
  /** Event stream; each event means: fetch this page again. */
  stream: string;
  /** GET page that asks once more before everything is erased. */
  resetHref: string;
  panelHref: string;
  consoleHref: string;
}

/** The demo's story as seven steps that tick when they really happened (DESIGN.md 5). */
export function StartPage(props: StartProps): JSX.Element {
  const { brand, steps, partners, stream, resetHref, panelHref, consoleHref } = props;
  const ticked = stepOrder.filter((id) => steps[id].at).length;
  const next = stepOrder.find((id) => !steps[id].at);
  return (
    <>
      <Skip to="the story" />
      <Said />
      <div class="page">
        <header class="mast">
          <Wordmark />
          <a class="btn" href={resetHref}>
            Reset demo
          </a>
        </header>
        <main id="main" data-page="start" data-stream={stream}>
          <h1>Watch one visitor’s data stay put until Ada says yes</h1>
          <p class="lede">
            Ada asks {brand} about a car. HubSpot is here as a sandbox on this machine, so nothing goes anywhere real.
            Each step ticks by itself when it has really happened. Links open beside this page: keep it in view.
          </p>
          <p class="done" data-say>
            <b>{ticked} of 7</b> {next ? `Next: ${storySteps[next].title}.` : 'That is the whole story.'}
          </p>
          <ol class="steps">
            {stepOrder.map((id) => (
              <Step key={id} id={id} step={steps[id]} next={id === next} />
            ))}
          </ol>
          <section class="also" aria-labelledby="load">
            <h2 id="load">Load the extension</h2>
            <LoadExtension extension={props.extension} panelHref={panelHref} />
          </section>
          <section class="also" aria-labelledby="here">
            <h2 id="here">Also here</h2>
            <dl class="facts">
              {partners.map((p) => (
                <div key={p.name}>
                  <dt>
                    {p.href ? <a href={p.href}>{p.name}</a> : p.name} <span class="tag">sandbox</span>
                  </dt>
                  <dd>{p.about}</dd>
                </div>
              ))}
              <div>
                <dt>
                  <a href={consoleHref}>The console</a>
                </dt>
                <dd>Connections, ledger and agents of {brand}.</dd>
              </div>
            </dl>
          </section>
        </main>
      </div>
    </>
  );
}

function Step({ id, step, next }: { id: StepId; step: StepView; next: boolean }): JSX.Element {
  const { title, how, link } = storySteps[id];
  return (
    <li
      class={step.at ? 'ticked' : next ? 'now' : undefined}
      aria-current={next ? 'step' : undefined}
      id={`step-${id}`}
    >
      <span class="dot">
        {step.at && (
          <Mark name="yes">
            <span class="sr">done</span>
          </Mark>
        )}
      </span>
      <h2>{title}</h2>
      {step.at ? (
        <p class="seen">
          Seen <time dateTime={step.at}>{clock(step.at)}</time>. {whole(step.seen ?? '')}
        </p>
      ) : (
        <p>{step.trouble ? <strong class="trouble">Did not happen: {step.trouble}</strong> : whole(how)}</p>
      )}
      <p class="go">
        <a class={next ? 'btn main' : undefined} href={step.href} target="_blank" rel="noopener" id={`go-${id}`}>
          {link}
        </a>
      </p>
    </li>
  );
}

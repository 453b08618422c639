import type { JSX } from 'preact';
import type { ConnectionView, StopView } from '#contract/connection.ts';
import { count, dayAndTime, start } from '../../i18n/en.ts';
import { PostForm, Sandbox } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** The page Stop sending. */
export interface StopProps {
  frame: Frame;
  now: string;
  /** Active ones, in the order of the page Connections. */
  connections: ConnectionView[];
  /** What is stopped now, the widest first, and what was before, newest first. */
  stops: StopView[];
  past: StopView[];
  /** What a form asked for that could not be done, in words. */
  refused?: string;
  done?: string;
}

/** The word of a form for everything the brand is connected to. */
export const everything = 'all';

const nameOf = (s: StopView, brand: string): string =>
  s.partner || (s.whose === 'operator' ? 'Everything on this hub' : `Everything of ${brand}`);

/** One form to stop, one for each stop to go on (SECURITY.md control 8); everything at once comes first. */
export function StopPage({ frame, now, connections, stops, past, refused, done }: StopProps): JSX.Element {
  const at = new Date(now);
  const mine = (integration: string) => stops.some((s) => s.whose === 'brand' && s.integration === integration);
  const left = connections.filter((c) => !mine(c.id));
  const waiting = connections.reduce((n, c) => n + (c.stopped ? c.waiting : 0), 0);
  return (
    <Shell
      frame={frame}
      here="stop"
      title="Stop sending"
      lede="Nothing leaves for a partner while it is stopped, and no key is renewed. What is sent meanwhile waits here, and is decided again when you go on."
    >
      {refused && (
        <p class="told failed" role="alert">
          {refused}
        </p>
      )}
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      {stops.length > 0 && (
        <section aria-labelledby="stopped">
          <h2 id="stopped">
            Stopped now{' '}
            {waiting > 0 && (
              <span class="dim">
                {count(waiting, 'send')} {waiting === 1 ? 'waits' : 'wait'}
              </span>
            )}
          </h2>
          <ul class="changes stops" aria-label="What is stopped now">
            {stops.map((s) => (
              <Stopped key={`${s.whose}${s.integration}${s.partner}`} stop={s} at={at} frame={frame} />
            ))}
          </ul>
        </section>
      )}
      {mine('') ? null : <StopForm csrf={frame.csrf} brand={frame.brand} connections={left} />}
      <section aria-labelledby="past">
        <h2 id="past">Before</h2>
        {past.length === 0 ? (
          <p class="none">Nothing was ever stopped and let go on again.</p>
        ) : (
          <ul class="changes">
            {past.map((s) => (
              <li key={`${s.at}${s.integration}`}>
                <p>
                  <b>{nameOf(s, frame.brand)}</b>{' '}
                  <span class="dim">
                    {dayAndTime(s.at, at)} to {s.resumed ? dayAndTime(s.resumed.at, at) : 'now'}
                  </span>
                </p>
                <p>
                  <span class="dim">Stopped:</span> {s.why}
                </p>
                <p>
                  <span class="dim">Went on:</span> {s.resumed?.why}
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
    </Shell>
  );
}

const Stopped = ({ stop: s, at, frame }: { stop: StopView; at: Date; frame: Frame }): JSX.Element => (
  <li>
    <h3>
      {nameOf(s, frame.brand)} <span class="dim">since {dayAndTime(s.at, at)}</span>
    </h3>
    <p>{s.why}</p>
    {s.whose === 'operator' ? (
      <p class="dim">Only whoever runs the hub can let it go on.</p>
    ) : (
      <PostForm action={paths.resume} csrf={frame.csrf} class="fill">
        <input type="hidden" name="what" value={s.integration || everything} />
        <label for={`why-${s.integration || everything}`}>
          Why it may go on<span class="sr">: {nameOf(s, frame.brand)}</span>
        </label>
        <Why id={`why-${s.integration || everything}`} />
        <button class="btn" type="submit">
          Go on<span class="sr">: {nameOf(s, frame.brand)}</span>
        </button>
      </PostForm>
    )}
  </li>
);

const Why = ({ id }: { id: string }): JSX.Element => (
  <input id={id} name="why" type="text" required minLength={3} maxLength={300} autocomplete="off" />
);

function StopForm(p: { csrf: string; brand: string; connections: ConnectionView[] }): JSX.Element {
  return (
    <section aria-labelledby="stop">
      <h2 id="stop">Stop</h2>
      <PostForm action={paths.stop} csrf={p.csrf} class="rules">
        <fieldset>
          <legend>What is to stop</legend>
          <label class="pick">
            <input type="radio" name="what" value={everything} checked />
            <span>Everything {p.brand} is connected to</span>
          </label>
          {p.connections.map((c) => (
            <label key={c.id} class="pick">
              <input type="radio" name="what" value={c.id} />
              <span>
                {c.partner} <Sandbox on={c.sandbox} />{' '}
                {c.waiting > 0 && <span class="dim">{start(count(c.waiting, 'send'))} waiting</span>}
              </span>
            </label>
          ))}
        </fieldset>
        <div class="fill">
          <label for="why">Why, for whoever reads this later</label>
          <Why id="why" />
        </div>
        <p class="acts">
          <button class="btn main" type="submit">
            Stop sending now
          </button>
        </p>
      </PostForm>
    </section>
  );
}

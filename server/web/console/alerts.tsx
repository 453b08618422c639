import type { JSX } from 'preact';
import type { AlertLine } from '#contract/alert.ts';
import { dayAndTime, stamp } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** Who is told when a connection breaks and when it works again, and what was told so far. */
export interface AlertsProps {
  frame: Frame;
  now: string;
  /** Names of the brand's owners and admins. */
  told: readonly string[];
  webhook?: { url: string; since: string; lastGoodAt?: string; failingSince?: string; offAt?: string };
  /** Newest first. */
  lines: readonly AlertLine[];
  /** The secret that was just made: shown this once. */
  secret?: string;
  /** What was wrong with the address just sent. */
  refused?: { url: string; words: string };
  done?: string;
}

/** The settings of R7: mail goes to owners and admins by itself, a webhook where one is set. */
export function AlertsPage(props: AlertsProps): JSX.Element {
  const { frame, now, told, webhook, lines, secret, refused, done } = props;
  const at = new Date(now);
  return (
    <Shell
      frame={frame}
      here="connections"
      title="Alerts"
      lede="When a connection breaks, and when it works again, each of you is told once. Nothing about a visitor is in it."
      up={{ href: paths.connections, label: 'Connections' }}
    >
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      <section aria-labelledby="mail">
        <h2 id="mail">One mail each</h2>
        <p>To owners and admins: {told.join(', ')}.</p>
      </section>
      <section aria-labelledby="webhook">
        <h2 id="webhook">One webhook</h2>
        <p class="dim">
          For your own monitoring: a POST signed by Standard Webhooks. The same message may come twice, with the same{' '}
          <code>webhook-id</code>. What is not answered with 2xx within 15 seconds is tried again for a day.
        </p>
        {secret && (
          <div class="told" role="status">
            <p>
              <strong>The secret, shown this once.</strong> Your server checks signatures with it.
            </p>
            <pre class="letter code">{secret}</pre>
          </div>
        )}
        {webhook && (
          <dl class="facts">
            <div>
              <dt>Goes to</dt>
              <dd class="code">{webhook.url}</dd>
            </div>
            <div>
              <dt>State</dt>
              <dd>{stateOf(webhook, at)}</dd>
            </div>
          </dl>
        )}
        <PostForm action={paths.webhook} csrf={frame.csrf} class="fill wide">
          <label for="url">{webhook ? 'Another address, or the same one for a new secret' : 'Address, https'}</label>
          <input
            id="url"
            name="url"
            type="url"
            required
            maxLength={500}
            spellcheck={false}
            value={refused?.url ?? webhook?.url}
            aria-invalid={refused ? true : undefined}
            aria-describedby={refused ? 'url-wrong' : undefined}
          />
          {refused && (
            <p class="trouble" id="url-wrong" role="alert">
              {refused.words}
            </p>
          )}
          <div class="acts">
            <button class="btn" type="submit">
              {webhook ? 'Save and make a new secret' : 'Save and make a secret'}
            </button>
          </div>
        </PostForm>
        {webhook && (
          <PostForm action={paths.webhookOff} csrf={frame.csrf} class="acts">
            <button class="btn bare" type="submit">
              Remove the webhook
            </button>
          </PostForm>
        )}
      </section>
      <section aria-labelledby="told">
        <h2 id="told">Told so far</h2>
        {lines.length === 0 ? (
          <p class="none">Nothing broke yet.</p>
        ) : (
          <ul class="links catalogue" aria-label="What was told, newest first">
            {lines.map((l) => (
              <li key={l.connection + l.at + l.kind}>
                <h3>
                  <a href={paths.connection(l.connection)}>{headOf(l)}</a>
                </h3>
                <p class="times">
                  {stamp(l.at)}
                  {l.cause && `. ${l.cause}`}
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
    </Shell>
  );
}

const headOf = ({ partner, kind, what }: AlertLine): string =>
  kind === 'works'
    ? `${partner} works again`
    : `${partner} ${what === 'reconnect' ? 'needs reconnecting' : 'has trouble'}`;

function stateOf({ since, lastGoodAt, failingSince, offAt }: NonNullable<AlertsProps['webhook']>, now: Date): string {
  if (offAt) return `Turned off on ${dayAndTime(offAt, now)}: it failed for five days. Save it again to turn it on.`;
  if (failingSince) return `Fails since ${dayAndTime(failingSince, now)}; it is tried again.`;
  return lastGoodAt
    ? `Last taken on ${dayAndTime(lastGoodAt, now)}.`
    : `Set on ${dayAndTime(since, now)}; nothing was sent yet.`;
}

import type { JSX } from 'preact';
import type { ConnectionView } from '#contract/connection.ts';
import type { HookEntry, HookView } from '#contract/hook.ts';
import { count, dayAndTime, start, when } from '../../i18n/en.ts';
import { happeningWords } from '../../i18n/hooks.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** The part of a connection's page about calls its partner makes. */
export interface HookPartProps {
  csrf: string;
  now: Date;
  connection: Pick<ConnectionView, 'id' | 'partner'>;
  hook: HookView;
  mayMake: boolean;
}

/** Where the partner sends its events, what came, and the secret they are signed with (R11). */
export function HookPart({ csrf, now, connection: c, hook, mayMake }: HookPartProps): JSX.Element {
  const { secret } = hook;
  return (
    <section aria-labelledby="events">
      <h2 id="events">Events from {c.partner}</h2>
      <p class="dim">
        {hook.off
          ? 'The connection is off, and no call is taken. What came before stands here.'
          : hook.shared
            ? `${c.partner} sends them to one address for every brand of this hub. Whoever runs the hub enters it there.`
            : `Enter the address${secret ? ' and the secret' : ''} at ${c.partner}. Only calls that are signed count.`}
      </p>
      <dl class="facts">
        {hook.address && (
          <div>
            <dt>Address</dt>
            <dd class="code">{hook.address}</dd>
          </div>
        )}
        {secret && (
          <div>
            <dt>Secret</dt>
            <dd>
              {secret.made
                ? 'Made. It was shown once. When you make a new one, it counts for a day more.'
                : 'None yet: no call is taken before there is one.'}
            </dd>
            {secret.oldUntil && (
              <dd class="dim">The one before it counts too until {dayAndTime(secret.oldUntil, now)}.</dd>
            )}
          </div>
        )}
        <div>
          <dt>Last event</dt>
          <dd>{hook.lastAt ? when(hook.lastAt, now) : 'none yet'}</dd>
        </div>
        <div>
          <dt>Refused</dt>
          <dd>
            {start(count(hook.refused, 'call'))}
            {hook.refusedAt && `, last ${when(hook.refusedAt, now)}`}
          </dd>
        </div>
        <div>
          <dt>To look at</dt>
          <dd>
            <a href={paths.hookEvents(c.id)}>{start(count(hook.events, 'event'))}</a>
          </dd>
        </div>
      </dl>
      {secret && mayMake && (
        <PostForm action={paths.hookSecret(c.id)} csrf={csrf} class="acts">
          <button class="btn" type="submit">
            {secret.made ? 'Make a new secret' : 'Make a secret'}
          </button>
        </PostForm>
      )}
    </section>
  );
}

/** A secret in the answer to the form that made it, and never again. */
export interface HookSecretProps {
  frame: Frame;
  now: string;
  connection: Pick<ConnectionView, 'id' | 'partner'>;
  secret: string;
  /** With credentials of ours: the user name. */
  user?: string;
  address?: string;
  oldUntil?: string;
}

/** Shows a new secret, once. */
export const HookSecretPage = (props: HookSecretProps): JSX.Element => {
  const { frame, now, connection: c, secret, user, address, oldUntil } = props;
  return (
    <Shell
      frame={frame}
      here="connections"
      title="Copy this secret now"
      lede={`It is shown only this once. Enter it at ${c.partner}, with the address.`}
      up={{ href: paths.connection(c.id), label: c.partner }}
    >
      <dl class="facts">
        {user && (
          <div>
            <dt>User name</dt>
            <dd class="code">{user}</dd>
          </div>
        )}
        <div>
          <dt>{user ? 'Password' : 'Secret'}</dt>
          <dd class="code">{secret}</dd>
        </div>
        {address && (
          <div>
            <dt>Address</dt>
            <dd class="code">{address}</dd>
          </div>
        )}
      </dl>
      {oldUntil && (
        <p class="told">
          The one before it counts too until {dayAndTime(oldUntil, new Date(now))}, so that nothing is lost meanwhile.
        </p>
      )}
      <p class="acts">
        <a class="btn main" href={paths.connection(c.id)}>
          I have copied it
        </a>
      </p>
    </Shell>
  );
};

/** What a partner told us about one connection. */
export interface HookEventsProps {
  frame: Frame;
  now: string;
  connection: Pick<ConnectionView, 'id' | 'partner'>;
  entries: readonly HookEntry[];
}

/** The events of a connection, newest first, each with what it means here. */
export const HookEventsPage = ({ frame, now, connection: c, entries }: HookEventsProps): JSX.Element => (
  <Shell
    frame={frame}
    here="connections"
    title={`Events from ${c.partner}`}
    lede={`What ${c.partner} told us, signed and counted once. Records are named as ${c.partner} names them.`}
    up={{ href: paths.connection(c.id), label: c.partner }}
  >
    {entries.length === 0 ? (
      <p class="none">No event yet. What needs somebody here to know of it stands here with its date.</p>
    ) : (
      <ul class="links" aria-label="Events, newest first">
        {entries.map((e) => (
          <li key={e.id}>
            <h2>{happeningWords[e.kind].name}</h2>
            <p class="cause">
              {e.record && (
                <>
                  Record <span class="code">{e.record}</span>.{' '}
                </>
              )}
              {happeningWords[e.kind].means(c.partner)}
            </p>
            <p class="times">{dayAndTime(e.at, new Date(now))}</p>
          </li>
        ))}
      </ul>
    )}
  </Shell>
);

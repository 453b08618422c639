import type { JSX } from 'preact';
import type { ConnectionView } from '#contract/connection.ts';
import { day, start } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

const tell = {
  suppress: 'Stop using it',
  erase: 'Delete it for good',
  restrict: 'Keep it, but do not use it',
  rectify: 'Correct it',
  notify: 'Tell them it was taken back',
} as const;

/** What waits to be told to one partner by hand, and the way to take every yes back at once. */
export interface FollowUpsProps {
  frame: Frame;
  now: string;
  connection: ConnectionView;
  followUps: readonly { id: string; action: keyof typeof tell; about: string; dueAt: string }[];
  mayChange: boolean;
  done?: string;
}

/** Visitors who took a yes back after something had left: the partner is told, by a person where it takes no call. */
export function FollowUpsPage({ frame, now, connection: c, followUps, mayChange, done }: FollowUpsProps): JSX.Element {
  const at = new Date(now);
  return (
    <Shell
      frame={frame}
      here="connections"
      title={`Tell ${c.partner}`}
      lede={`Visitors took a yes back after ${c.partner} had got something. ${c.partner} takes no such call from us, so somebody here tells it.`}
      up={{ href: paths.connection(c.id), label: c.partner }}
    >
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      {followUps.length === 0 ? (
        <p class="none">Nobody waits. When a visitor takes a yes back, it stands here with its date.</p>
      ) : (
        <ul class="links" aria-label="To be told, most urgent first">
          {followUps.map((f) => (
            <li key={f.id}>
              <h2>{tell[f.action]}</h2>
              <p class="cause">
                {start(f.about)}, due {day(f.dueAt, at)}
                {f.dueAt < now && <strong> (overdue)</strong>}
              </p>
              {mayChange && (
                <PostForm action={paths.followedUp(c.id)} csrf={frame.csrf} class="do">
                  <input type="hidden" name="job" value={f.id} />
                  <button class="btn" type="submit">
                    Told
                    <span class="sr">
                      {' '}
                      to {c.partner}: {f.about}
                    </span>
                  </button>
                </PostForm>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayChange && (
        <p class="proof">
          After a breach at {c.partner}: <a href={paths.revokeAll(c.id)}>take every yes back</a>.
        </p>
      )}
    </Shell>
  );
}

/** Says what taking every yes back does, before it is done (GATE.md k.24). */
export const RevokeAllPage = ({ frame, connection: c }: { frame: Frame; connection: ConnectionView }): JSX.Element => (
  <Shell
    frame={frame}
    here="connections"
    title={`Take back every yes to ${c.partner}?`}
    lede={`Account ${c.account}, brand ${frame.brand}.`}
    up={{ href: paths.connection(c.id), label: c.partner }}
  >
    <ul class="plain">
      <li>Every yes given to {c.partner} until now ends at once, for everybody. A no stays a no.</li>
      <li>Nothing goes to {c.partner} until a visitor says yes again.</li>
      <li>The connection stays, the chats go on, and the ledger keeps one row about this.</li>
      <li>It cannot be undone.</li>
    </ul>
    <PostForm action={paths.revokeAll(c.id)} csrf={frame.csrf} class="acts">
      <button class="btn" type="submit">
        Take back every yes
      </button>
      <a class="btn" href={paths.connection(c.id)}>
        Leave it
      </a>
    </PostForm>
  </Shell>
);

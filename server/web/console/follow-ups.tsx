import type { JSX } from 'preact';
import type { ConnectionView } from '#contract/connection.ts';
import { longestReason } from '#contract/rights.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';
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
  followUps: readonly {
    id: string;
    action: keyof typeof tell;
    about: string;
    /** What is to stand there, where something is to be corrected. */
    set?: Partial<Record<Field, string>>;
    dueAt: string;
  }[];
  mayChange: boolean;
  done?: string;
}

/**
 * Visitors who took a yes back, corrected something or asked to be forgotten after something had left: the partner is
 * told, by a person where it takes no call; or that person says why not, and the visitor reads that (R37, R40, R42).
 */
export function FollowUpsPage({ frame, now, connection: c, followUps, mayChange, done }: FollowUpsProps): JSX.Element {
  const at = new Date(now);
  return (
    <Shell
      frame={frame}
      here="connections"
      title={`Tell ${c.partner}`}
      lede={`Visitors changed their mind, corrected something or asked to be forgotten after ${c.partner} had got something. ${c.partner} takes no such call from us, so somebody here tells it.`}
      up={{ href: paths.connection(c.id), label: c.partner }}
    >
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      {followUps.length === 0 ? (
        <p class="none">
          Nobody waits. When a visitor takes a yes back, corrects something or asks to be forgotten, it stands here with
          its date.
        </p>
      ) : (
        <ul class="links" aria-label="To be told, most urgent first">
          {followUps.map((f) => (
            <li key={f.id}>
              <h2>{tell[f.action]}</h2>
              <div class="cause">
                <p>
                  {start(f.about)}, due {day(f.dueAt, at)}
                  {f.dueAt < now && <strong> (overdue)</strong>}
                </p>
                {Object.entries(f.set ?? {}).map(([field, value]) => (
                  <p key={field}>
                    {start(visitorFields[field as Field].label)} is now <strong>{value}</strong>
                  </p>
                ))}
                {mayChange && <NotDone job={f} connection={c} csrf={frame.csrf} />}
              </div>
              {mayChange && <Done job={f} connection={c} csrf={frame.csrf} />}
            </li>
          ))}
        </ul>
      )}
      {mayChange && (
        <p class="proof">
          <span>
            After a breach at {c.partner}: <a href={paths.revokeAll(c.id)}>take every yes back</a>.
          </span>
        </p>
      )}
    </Shell>
  );
}

interface OneProps {
  job: FollowUpsProps['followUps'][number];
  connection: ConnectionView;
  csrf: string;
}

const Done = ({ job, connection: c, csrf }: OneProps): JSX.Element => (
  <PostForm action={paths.followedUp(c.id)} csrf={csrf} class="do">
    <input type="hidden" name="job" value={job.id} />
    <button class="btn" type="submit">
      Told
      <span class="sr">
        {' '}
        to {c.partner}: {job.about}
      </span>
    </button>
  </PostForm>
);

/** It cannot be done there: a form of its own, for the visitor reads why. */
const NotDone = ({ job, connection: c, csrf }: OneProps): JSX.Element => (
  <details>
    <summary>
      It cannot be done <span class="sr">for {job.about}</span>
    </summary>
    <PostForm action={paths.followedUp(c.id)} csrf={csrf} class="fill">
      <input type="hidden" name="job" value={job.id} />
      <label for={`why-${job.id}`}>Why not?</label>
      <textarea
        id={`why-${job.id}`}
        name="reason"
        required
        maxLength={longestReason}
        rows={3}
        aria-describedby={`hint-${job.id}`}
      />
      <p class="hint" id={`hint-${job.id}`}>
        The visitor reads this, and where to complain. Name the rule and nobody: “The invoice stays until 2031, because
        tax law keeps it.”
      </p>
      <button class="btn" type="submit">
        Tell the visitor
      </button>
    </PostForm>
  </details>
);

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

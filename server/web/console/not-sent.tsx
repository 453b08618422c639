import type { JSX } from 'preact';
import type { NotSent } from '#contract/not-sent.ts';
import { count, fieldList, start, when } from '../../i18n/en.ts';
import { PostForm, Sandbox } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** Sends that nobody tries again by itself. */
export interface NotSentProps {
  frame: Frame;
  now: string;
  sends: readonly NotSent[];
  done?: string;
}

const title = (s: NotSent): string => `${fieldList(s.fields)} to ${s.partner}`;
const times = (s: NotSent, now: Date): string =>
  `Chat ${s.chat}, pressed ${when(s.at, now)}, ${count(s.attempts, 'try', 'tries')}.`;

/** The list of R12: each send with its cause, and both ways to be done with it. */
export const NotSentPage = ({ frame, now, sends, done }: NotSentProps): JSX.Element => (
  <Shell
    frame={frame}
    here="not-sent"
    title="Not sent"
    lede="Sends that nobody tries again by itself. Trying again asks first what the visitor allows now."
  >
    {done && (
      <p class="told" role="status">
        {done}
      </p>
    )}
    {sends.length === 0 ? (
      <p class="none">Everything that was to be sent was sent, or waits its turn.</p>
    ) : (
      <ul class="links catalogue" aria-label="Sends that did not go, newest first">
        {sends.map((s) => (
          <li key={s.id}>
            <h2>
              {start(title(s))} <Sandbox on={s.sandbox} />
            </h2>
            <p class="cause">
              {s.cause}
              {s.twice && ` ${maybeThere(s)}`}
              {!s.connected && ` ${s.partner} is disconnected, so trying again would send nothing.`}
            </p>
            <p class="times">{times(s, new Date(now))}</p>
            <div class="do acts">
              {s.twice ? (
                <a class="btn" href={paths.tryAgain(s.id)}>
                  Try again<span class="sr">: {title(s)}</span>
                </a>
              ) : (
                <Press send={s} csrf={frame.csrf} action={paths.tryAgain(s.id)} word="Try again" />
              )}
              <Press send={s} csrf={frame.csrf} action={paths.drop(s.id)} word="Drop" />
            </div>
          </li>
        ))}
      </ul>
    )}
  </Shell>
);

const maybeThere = (s: NotSent): string =>
  s.unsure ? `${s.partner} may have it already.` : `${s.partner} may have a part of it already.`;

interface PressProps {
  send: NotSent;
  csrf: string;
  action: string;
  word: string;
  sure?: boolean;
}

const Press = ({ send, csrf, action, word, sure }: PressProps): JSX.Element => (
  <PostForm action={action} csrf={csrf}>
    <input type="hidden" name="attempts" value={String(send.attempts)} />
    {sure && <input type="hidden" name="sure" value="yes" />}
    <button class="btn" type="submit">
      {word}
      <span class="sr">: {title(send)}</span>
    </button>
  </PostForm>
);

/** What an operator decides where a second try may double something (GATE.md e.2.8). */
export const TryAgainPage = ({ frame, now, send: s }: { frame: Frame; now: string; send: NotSent }): JSX.Element => (
  <Shell
    frame={frame}
    here="not-sent"
    title={`Send to ${s.partner} again?`}
    lede={`${start(title(s))}. ${times(s, new Date(now))}`}
    up={{ href: paths.notSent, label: 'Not sent' }}
  >
    <ul class="plain">
      <li>{s.cause}</li>
      <li>
        {maybeThere(s)} {s.partner} cannot tell a repetition from a new one, so trying again may put it there twice: a
        second note, for one.
      </li>
      <li>Look in {s.partner} first. If it is there, drop this send.</li>
      <li>What the visitor allows now is asked again, and nothing else leaves.</li>
    </ul>
    <div class="acts">
      <Press send={s} csrf={frame.csrf} action={paths.tryAgain(s.id)} word="Try again" sure />
      <Press send={s} csrf={frame.csrf} action={paths.drop(s.id)} word="Drop" />
      <a class="btn" href={paths.notSent}>
        Leave it
      </a>
    </div>
  </Shell>
);

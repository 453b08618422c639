import type { JSX } from 'preact';
import { when } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { BrandStep } from './brand-step.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** A person with a role in this brand. */
interface Member {
  id: string;
  name: string;
  email: string;
  role: string;
  you: boolean;
  /** True once this person has set up a second step. */
  hasStep: boolean;
  /** True where the reader may take it away. */
  mayTakeStep: boolean;
}
/** A panel that was paired with a code. */
interface Pairing {
  id: string;
  member: string;
  /** As the panel named itself: "Chrome 156 on Linux". */
  browser: string;
  since: string;
  lastUsed?: string;
  /** True where the reader may unpair it. */
  mayEnd: boolean;
}
/** A signed-in browser of the reader. */
interface OwnSession {
  id: string;
  browser: string;
  since: string;
  lastUsed?: string;
  current: boolean;
}
/** Everything the agents page shows. */
export interface AgentsProps {
  frame: Frame;
  now: string;
  members: Member[];
  pairings: Pairing[];
  sessions: OwnSession[];
  step: { demanded: boolean; own: boolean; mayChange: boolean };
  /** One sentence about what was done just now. */
  done?: string;
}

/** Who works here, with which panels and browsers; each can be ended here (DESIGN.md 5). */
export function AgentsPage({ frame, now, members, pairings, sessions, step, done }: AgentsProps): JSX.Element {
  const at = new Date(now);
  const used = (iso?: string) => (iso ? `last used ${when(iso, at)}` : 'not used yet');
  return (
    <Shell frame={frame} here="agents" title="Agents" lede="Who answers chats for this brand, and from where.">
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      <ul class="links people" aria-label="Members">
        {members.map((m) => (
          <li key={m.id}>
            <h2>
              {m.name} {m.you && <span class="dim">(you)</span>}
            </h2>
            <p class="cause">
              {m.email} <span class="dim">{m.hasStep ? 'Second step on.' : 'No second step.'}</span>{' '}
              {m.mayTakeStep && (
                <a href={`${paths.takeStep}?member=${encodeURIComponent(m.id)}`}>
                  Phone lost<span class="sr">: take away {m.name}’s second step</span>
                </a>
              )}
            </p>
            <p class="role">{m.role}</p>
          </li>
        ))}
      </ul>
      <BrandStep frame={frame} {...step} />
      <section aria-labelledby="panels">
        <h2 id="panels">Paired panels</h2>
        <p class="dim">
          A panel pairs by a code. <a href={paths.pair}>Type a code</a>
        </p>
        {pairings.length === 0 ? (
          <p class="none">
            No panel is paired. Open the extension’s panel: it shows a code. The panel of this hub needs none.
          </p>
        ) : (
          <ul class="links people">
            {pairings.map((p) => (
              <li key={p.id}>
                <h3>{p.member}</h3>
                <p class="cause">
                  {p.browser}{' '}
                  <span class="dim">
                    Since {when(p.since, at)}, {used(p.lastUsed)}.
                  </span>
                </p>
                {p.mayEnd && (
                  <PostForm action={paths.unpair} csrf={frame.csrf} class="do">
                    <input type="hidden" name="pairing" value={p.id} />
                    <button class="btn" type="submit">
                      Unpair
                      <span class="sr">
                        {' '}
                        {p.member}, {p.browser}
                      </span>
                    </button>
                  </PostForm>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="sessions">
        <h2 id="sessions">Where you are signed in</h2>
        <ul class="links people">
          {sessions.map((s) => (
            <li key={s.id}>
              <h3>{s.current ? 'This browser' : 'Another browser'}</h3>
              <p class="cause">
                {s.browser !== 'This browser' && `${s.browser} `}
                <span class="dim">
                  Since {when(s.since, at)}
                  {s.lastUsed && `, ${used(s.lastUsed)}`}.
                </span>
              </p>
              {!s.current && (
                <PostForm action={paths.endSession} csrf={frame.csrf} class="do">
                  <input type="hidden" name="session" value={s.id} />
                  <button class="btn" type="submit">
                    Sign out
                    <span class="sr"> {s.browser}</span>
                  </button>
                </PostForm>
              )}
            </li>
          ))}
        </ul>
      </section>
    </Shell>
  );
}

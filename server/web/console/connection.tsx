import type { JSX } from 'preact';
import type { ConnectionView, DataSheet } from '#contract/connection.ts';
import { count, dayAndTime, start, when } from '../../i18n/en.ts';
import { PostForm, Sandbox } from '../form.tsx';
import { Health } from './connections.tsx';
import { paths } from './paths.ts';
import { SheetFacts } from './sheet-facts.tsx';
import { type Frame, Shell } from './shell.tsx';

/** One connection with its health, its data sheet and the way out. */
export interface ConnectionProps {
  frame: Frame;
  now: string;
  connection: ConnectionView;
  sheet: DataSheet;
  /** False for roles that may read but not disconnect. */
  mayChange: boolean;
  /** One sentence about what was done just now. */
  done?: string;
}

/** A connection's page; after a disconnect it says so and offers to connect again. */
export function ConnectionPage({ frame, now, connection: c, sheet, mayChange, done }: ConnectionProps): JSX.Element {
  const at = new Date(now);
  const live = c.state === 'active';
  return (
    <Shell
      frame={frame}
      here="connections"
      title={c.partner}
      lede={live ? `Linked to ${c.account}.` : 'No call is made and the key is wiped. What visitors said is kept.'}
      up={{ href: paths.connections, label: 'Connections' }}
      aside={
        mayChange && (
          <a class={live ? 'btn' : 'btn main'} href={live ? paths.disconnect(c.id) : paths.add(c.provider)}>
            {live ? `Disconnect ${c.partner}` : `Connect ${c.partner} again`}
          </a>
        )
      }
    >
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      <dl class="facts">
        <div>
          <dt>Health</dt>
          <dd>
            <Health connection={c} /> <Sandbox on={c.sandbox} />
          </dd>
          <dd>{c.health.cause}</dd>
        </div>
        <div>
          <dt>Account</dt>
          <dd>{c.account}</dd>
        </div>
        <div>
          <dt>Connected</dt>
          <dd>{dayAndTime(c.connectedAt, at)}</dd>
        </div>
        <div>
          <dt>Last good call</dt>
          <dd>{c.lastGoodAt ? when(c.lastGoodAt, at) : 'none yet'}</dd>
        </div>
        <div>
          <dt>Waiting</dt>
          <dd>{start(count(c.waiting, 'send'))}</dd>
        </div>
        {mayChange && (
          <div>
            <dt>To tell by hand</dt>
            <dd>
              <a href={paths.followedUp(c.id)}>{start(count(c.followUps, 'follow-up'))}</a>
            </dd>
          </div>
        )}
      </dl>
      <SheetFacts sheet={sheet} />
    </Shell>
  );
}

/** The second step of a disconnect. */
export interface DisconnectProps {
  frame: Frame;
  connection: ConnectionView;
}

/** Says what a disconnect does and names the partner, before it is done (R8). */
export const DisconnectPage = ({ frame, connection: c }: DisconnectProps): JSX.Element => (
  <Shell
    frame={frame}
    here="connections"
    title={`Disconnect ${c.partner}?`}
    lede={`Account ${c.account}, brand ${frame.brand}.`}
    up={{ href: paths.connection(c.id), label: c.partner }}
  >
    <ul class="plain">
      <li>Every call to {c.partner} stops at once.</li>
      <li>The key is revoked at {c.partner} and wiped here.</li>
      <li>
        {c.waiting > 0
          ? `${start(count(c.waiting, 'send'))} that ${c.waiting === 1 ? 'waits' : 'wait'} will not be sent.`
          : 'No send is waiting.'}
      </li>
      <li>What {c.partner} already has stays there. What visitors said, and the ledger, stay here.</li>
    </ul>
    <PostForm action={paths.disconnect(c.id)} csrf={frame.csrf} class="acts">
      <button class="btn" type="submit">
        Disconnect {c.partner}
      </button>
      <a class="btn" href={paths.connection(c.id)}>
        Keep it
      </a>
    </PostForm>
  </Shell>
);

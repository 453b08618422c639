import type { JSX } from 'preact';
import type { ConnectionView, DataSheet, FieldMap } from '#contract/connection.ts';
import { count, dayAndTime, list, start, when, whole } from '../../i18n/en.ts';
import { PostForm, Sandbox } from '../form.tsx';
import { AllowList, revocationWords } from './connection-end.tsx';
import { Health } from './connections.tsx';
import { Fields, type FieldsProps } from './fields.tsx';
import { paths } from './paths.ts';
import { SheetFacts } from './sheet-facts.tsx';
import { type Frame, Shell } from './shell.tsx';

/** One connection with its health, its data sheet and the way out. */
export interface ConnectionProps {
  frame: Frame;
  now: string;
  connection: ConnectionView;
  sheet: DataSheet;
  fields: FieldMap;
  /** What could not be saved of the fields, in words. */
  refused?: FieldsProps['refused'];
  /** A newer version of the add-on took something away; nobody is asked about that (R86). */
  stopped?: boolean;
  /** False for roles that may read but not disconnect or map. */
  mayChange: boolean;
  /** The address of the hub that calls leave from, where its operator named one. */
  egressAddress?: string;
  /** One sentence about what was done just now. */
  done?: string;
}

/** A connection that shares is linked to an account; one that only brings in is on or off. */
const wordsOf = ({ brings, account, partner, revocation }: ConnectionView) =>
  brings
    ? {
        live: `Visitors may fill in ${whole(list(brings))} from it.`,
        off: 'No visitor is led there. What visitors sent from it is kept.',
        end: 'Turn off',
        again: `Turn on ${partner} again`,
      }
    : {
        live: `Linked to ${account}.`,
        off:
          revocation?.state === 'pending'
            ? 'Nothing is sent, and the key is kept for its revocation alone. What visitors said is kept.'
            : 'No call is made and the key is wiped. What visitors said is kept.',
        end: 'Disconnect',
        again: `Connect ${partner} again`,
      };

/** A connection's page; after a disconnect it says so and offers to connect again. */
export function ConnectionPage(props: ConnectionProps): JSX.Element {
  const { frame, now, connection: c, sheet, fields, refused, stopped, mayChange, egressAddress, done } = props;
  const at = new Date(now);
  const live = c.state === 'active';
  const words = wordsOf(c);
  const ended = revocationWords(c, at);
  return (
    <Shell
      frame={frame}
      here="connections"
      title={c.partner}
      lede={live ? words.live : words.off}
      up={{ href: paths.connections, label: 'Connections' }}
      aside={
        mayChange && (
          <a class={live ? 'btn' : 'btn main'} href={live ? paths.disconnect(c.id) : paths.add(c.provider)}>
            {live ? `${words.end} ${c.partner}` : words.again}
          </a>
        )
      }
    >
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      {c.stopped && (
        <p class="told failed">
          <span>
            <strong>Sending is stopped</strong> since {dayAndTime(c.stopped.at, at)}. {c.stopped.why}
          </span>{' '}
          {mayChange && <a href={paths.stop}>Stop sending</a>}
        </p>
      )}
      {c.changes > 0 && (
        <p class="told waits">
          <span>
            <strong>{start(count(c.changes, 'change'))}</strong> {c.changes === 1 ? 'waits' : 'wait'} for you: a newer
            version of the add-on. Until then the approved fields go on as before.
          </span>{' '}
          <a href={paths.changes(c.id)}>Read {c.changes === 1 ? 'it' : 'them'}</a>
        </p>
      )}
      {c.changes === 0 && stopped && (
        <p class="told">
          A newer version of the add-on wants less than you approved. <a href={paths.changes(c.id)}>What ended</a>
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
          <dt>{c.brings ? 'Issuer' : 'Account'}</dt>
          <dd class={c.brings && 'code'}>{c.account}</dd>
        </div>
        <div>
          <dt>{c.brings ? 'Turned on' : 'Connected'}</dt>
          <dd>{dayAndTime(c.connectedAt, at)}</dd>
        </div>
        <div>
          <dt>{c.brings ? 'Last good sign-in' : 'Last good call'}</dt>
          <dd>{c.lastGoodAt ? when(c.lastGoodAt, at) : 'none yet'}</dd>
        </div>
        {ended && (
          <div>
            <dt>{live ? 'The key before' : 'Its key'}</dt>
            <dd>{ended}</dd>
          </div>
        )}
        {!c.brings && (
          <>
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
          </>
        )}
      </dl>
      {live && !c.brings && (
        <AllowList
          connection={c}
          csrf={frame.csrf}
          now={at}
          mayChange={mayChange}
          {...(egressAddress ? { address: egressAddress } : {})}
        />
      )}
      <SheetFacts
        sheet={sheet}
        fields={
          <Fields
            csrf={frame.csrf}
            connection={c}
            map={fields}
            mayChange={mayChange && live}
            {...(refused ? { refused } : {})}
          />
        }
      />
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
    title={`${wordsOf(c).end} ${c.partner}?`}
    lede={c.brings ? `Brand ${frame.brand}.` : `Account ${c.account}, brand ${frame.brand}.`}
    up={{ href: paths.connection(c.id), label: c.partner }}
  >
    {c.brings ? (
      <ul class="plain">
        <li>The button in the chat form goes, and who is signing in just now finds it gone.</li>
        <li>What visitors sent with it stays here, with its source.</li>
      </ul>
    ) : (
      <ul class="plain">
        <li>Every call to {c.partner} stops at once.</li>
        <li>
          The key is out of use here at once and revoked at {c.partner}. Where {c.partner} does not answer, that is
          tried again for three days, with a sealed copy that serves nothing else.
        </li>
        <li>
          {c.waiting > 0
            ? `${start(count(c.waiting, 'send'))} that ${c.waiting === 1 ? 'waits' : 'wait'} will not be sent.`
            : 'No send is waiting.'}
        </li>
        <li>What {c.partner} already has stays there. What visitors said, and the ledger, stay here.</li>
      </ul>
    )}
    <PostForm action={paths.disconnect(c.id)} csrf={frame.csrf} class="acts">
      <button class="btn" type="submit">
        {wordsOf(c).end} {c.partner}
      </button>
      <a class="btn" href={paths.connection(c.id)}>
        Keep it
      </a>
    </PostForm>
  </Shell>
);

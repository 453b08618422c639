import type { JSX } from 'preact';
import type { ConnectionView, DataSheet, FieldMap, ScopeState } from '#contract/connection.ts';
import type { HookView } from '#contract/hook.ts';
import { count, dayAndTime, fieldList, list, start, when, whole } from '../../i18n/en.ts';
import { PostForm, Sandbox } from '../form.tsx';
import { AllowList, revocationWords } from './connection-end.tsx';
import { Health, keyWords } from './connections.tsx';
import { Fields, type FieldsProps } from './fields.tsx';
import { HookPart } from './hook.tsx';
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
  /** Permissions beyond need, and permissions that are missing (R9). */
  scopes: ScopeState;
  /** What could not be saved of the fields, in words. */
  refused?: FieldsProps['refused'];
  /** A newer version of the add-on took something away; nobody is asked about that (R86). */
  stopped?: boolean;
  /** Calls the partner makes to us; absent where it makes none, or is off. */
  hook?: HookView;
  /** False for roles that may read but not disconnect or map. */
  mayChange: boolean;
  /** False for roles that may not connect; the button goes to the partner's sign-in at once (R6). */
  mayConnect: boolean;
  /** The address of the hub that calls leave from, where its operator named one. */
  egressAddress?: string;
  /** One sentence about what was done just now. */
  done?: string;
}

/** A connection that shares is linked to an account; one that only brings in is on or off. */
const wordsOf = ({ brings, way, account, partner, revocation }: ConnectionView) =>
  brings
    ? {
        live: `Visitors may fill in ${whole(list(brings))} from it.`,
        off: 'No visitor is led there. What visitors sent from it is kept.',
        end: 'Turn off',
        again: `Turn on ${partner} again`,
      }
    : {
        live: way === 'incoming' ? `Linked to ${account}. It only sends.` : `Linked to ${account}.`,
        off:
          way === 'incoming'
            ? 'What it sends is not taken, and the secret is wiped.'
            : revocation?.state === 'pending'
              ? 'Nothing is sent, and the key is kept for its revocation alone. What visitors said is kept.'
              : 'No call is made and the key is wiped. What visitors said is kept.',
        end: 'Disconnect',
        again: `Connect ${partner} again`,
      };

/** A connection's page; after a disconnect it says so and offers to connect again. */
export function ConnectionPage(props: ConnectionProps): JSX.Element {
  const { frame, now, connection: c, sheet, fields, scopes, refused, stopped, hook, done } = props;
  const { mayChange, mayConnect, egressAddress } = props;
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
        <div class="acts">
          {mayConnect && live && c.way === 'signin' && (
            <PostForm action={paths.add(c.provider)} csrf={frame.csrf}>
              <button class={c.health.state === 'needs_reconnect' ? 'btn main' : 'btn'} type="submit">
                Reconnect {c.partner}
              </button>
            </PostForm>
          )}
          {mayChange && (
            <a class={live ? 'btn' : 'btn main'} href={live ? paths.disconnect(c.id) : paths.add(c.provider)}>
              {live ? `${words.end} ${c.partner}` : words.again}
            </a>
          )}
        </div>
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
      {live && <Permissions partner={c.partner} scopes={scopes} mayConnect={mayConnect} />}
      <dl class="facts">
        <div>
          <dt>Health</dt>
          <dd>
            <Health connection={c} /> <Sandbox on={c.sandbox} />
          </dd>
          <dd>{c.health.cause}</dd>
          {c.health.nextTryAt && <dd>Sends wait. The next try is {when(c.health.nextTryAt, at)}.</dd>}
        </div>
        <div>
          <dt>{c.brings ? 'Issuer' : 'Account'}</dt>
          <dd class={c.brings && 'code'}>{c.account}</dd>
        </div>
        <div>
          <dt>{c.brings ? 'Turned on' : 'Connected'}</dt>
          <dd>{dayAndTime(c.connectedAt, at)}</dd>
        </div>
        {(c.way === 'key' || c.way === 'incoming') && live && (
          <div>
            <dt>{c.way === 'key' ? 'Key' : 'Secret'}</dt>
            <dd>
              Sealed; nobody can read it.
              {mayChange && (
                <>
                  {' '}
                  <a href={paths.key(c.provider)}>Replace it</a>
                </>
              )}
            </dd>
          </div>
        )}
        {c.way !== 'incoming' && (
          <div>
            <dt>{c.brings ? 'Last good sign-in' : 'Last good call'}</dt>
            <dd>{c.lastGoodAt ? when(c.lastGoodAt, at) : 'none yet'}</dd>
          </div>
        )}
        {c.renews && c.way === 'signin' && (
          <div>
            <dt>Key</dt>
            <dd>{start(keyWords(c.renews, at))}</dd>
          </div>
        )}
        {ended && (
          <div>
            <dt>{live ? 'The key before' : 'Its key'}</dt>
            <dd>{ended}</dd>
          </div>
        )}
        {!c.brings && c.way !== 'incoming' && (
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
      {hook && <HookPart csrf={frame.csrf} now={at} connection={c} hook={hook} mayMake={mayChange} />}
      {live && !c.brings && c.way !== 'incoming' && (
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

/** What the partner gave beyond need, and what it did not give, each with what that means and the way out (R9). */
function Permissions(props: { partner: string; scopes: ScopeState; mayConnect: boolean }) {
  const { partner, mayConnect } = props;
  const { surplus, missing } = props.scopes;
  const reconnect = mayConnect ? 'Reconnect' : 'An owner or admin can reconnect it';
  return (
    <>
      {missing.map(({ scope, fields }) => (
        <p class="told warn" key={scope}>
          <span>
            <strong>{partner} did not give a permission:</strong> <span class="code">{scope}</span>.{' '}
            {fields.length > 0 && `Without it the ${fieldList(fields)} is not asked for and not sent. `}
            {reconnect} and allow it there.
          </span>
        </p>
      ))}
      {surplus.length > 0 && (
        <p class="told warn">
          <span>
            <strong>The key may do more than is needed:</strong> <span class="code">{surplus.join(', ')}</span>. No
            field that is on needs {surplus.length === 1 ? 'it' : 'them'}. {reconnect} to get a key without.
          </span>
        </p>
      )}
    </>
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
    ) : c.way === 'incoming' ? (
      <ul class="plain">
        <li>What {c.partner} sends is not taken any more, and the secret is wiped here.</li>
        <li>End it at {c.partner} too, or it goes on sending.</li>
      </ul>
    ) : (
      <ul class="plain">
        <li>Every call to {c.partner} stops at once.</li>
        <li>
          {c.way === 'key'
            ? `The key is wiped here. It goes on working at ${c.partner} until somebody ends it there.`
            : `The key is out of use here at once and revoked at ${c.partner}. Where ${c.partner} does not answer, that is tried again for three days, with a sealed copy that serves nothing else.`}
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

import type { JSX } from 'preact';
import { PostForm, Sandbox } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** One thing to type, in the partner's words. */
interface Field {
  name: string;
  label: string;
  hint?: string;
  /** Typed unseen. */
  hidden: boolean;
}

/** The form for a key, on a page of its own: nothing that was typed ever stands in it again. */
export interface KeyProps {
  frame: Frame;
  provider: string;
  partner: string;
  sandbox: boolean;
  fields: Field[];
  /** Whether a real call tries it; what only sends cannot be asked. */
  tried: boolean;
  /** The linked account whose key is replaced. */
  reconnect?: { account: string };
  /** Asks for the admin's own name for the account, where the partner gives none; `now` is the one it had. */
  label?: { now: string };
  /** What the key must be allowed to do there. */
  scopes: string[];
  /** Why the last try was refused, in plain words. */
  trouble?: string;
}

/** One field, empty whatever happened before. */
function Typed({ name, label, hint, hidden }: Field): JSX.Element {
  const how = {
    id: name,
    name,
    required: true,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: false,
    maxLength: 8000,
    ...(hint ? { 'aria-describedby': `${name}-hint` } : {}),
  } as const;
  return (
    <>
      <label for={name}>{label}</label>
      {hint && (
        <p class="dim" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {hidden ? <input type="password" {...how} /> : <input type="text" {...how} />}
    </>
  );
}

/** POST with the fields' names and `account`. */
export function KeyPage(props: KeyProps): JSX.Element {
  const { frame, provider, partner, sandbox, fields, tried, reconnect, label, scopes, trouble } = props;
  const lede = reconnect
    ? `For the account ${reconnect.account}. What is there stays in use until ${tried ? 'this was tried' : 'you store this'}.`
    : tried
      ? `It is tried at ${partner} first. Only if ${partner} takes it, it is sealed and kept.`
      : `What ${partner} sends is checked with it. Nothing is sent to ${partner}.`;
  return (
    <Shell
      frame={frame}
      here="connections"
      title={`${reconnect ? 'Reconnect' : 'Connect'} ${partner}`}
      lede={lede}
      up={{ href: paths.add(provider), label: `${partner}: data sheet` }}
      aside={<Sandbox on={sandbox} />}
    >
      {trouble && (
        <p class="told warn" role="alert" id="trouble">
          {trouble}
        </p>
      )}
      {scopes.length > 0 && (
        <p class="dim">
          It needs these permissions there and no more: <span class="code">{scopes.join(', ')}</span>
        </p>
      )}
      <PostForm action={paths.key(provider)} csrf={frame.csrf} class="fill">
        {fields.map((field) => (
          <Typed key={field.name} {...field} />
        ))}
        {label && (
          <>
            <label for="account">Your name for this account</label>
            <p class="dim" id="account-hint">
              {label.now
                ? `${partner} does not say whose account it is. With another name it counts as another account${tried ? ', and visitors are asked anew' : ''}.`
                : `${partner} does not say whose account it is, so give it a name you know it by.`}
            </p>
            <input
              id="account"
              name="account"
              type="text"
              required
              maxLength={80}
              autocomplete="off"
              value={label.now}
              aria-describedby="account-hint"
            />
          </>
        )}
        <p class="acts">
          <button class="btn main" type="submit">
            {tried ? 'Try it and connect' : 'Connect'}
          </button>
          <a class="btn" href={paths.add(provider)}>
            Not now
          </a>
        </p>
      </PostForm>
      <p class="dim">
        Nobody sees it again, you included.{reconnect ? '' : ` You can end it at ${partner} at any time.`}
      </p>
    </Shell>
  );
}

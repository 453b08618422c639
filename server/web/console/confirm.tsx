import type { JSX } from 'preact';
import { PostForm, Sandbox } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** After the partner's sign-in, before the connection becomes active. */
export interface ConfirmProps {
  frame: Frame;
  /** Id of the pending connect transaction. */
  pending: string;
  partner: string;
  sandbox: boolean;
  /** The partner's account as the partner names it. */
  account: { name: string; id: string };
  /** Permissions that were really given. */
  scopes: string[];
  /** Permissions asked for and not given; given beyond that is refused before this page (SECURITY.md OA11). */
  missing?: readonly string[];
}

/** Shows partner account and brand side by side; nothing is active before the button is pressed. */
export function ConfirmPage(props: ConfirmProps): JSX.Element {
  const { frame, pending, partner, sandbox, account, scopes, missing = [] } = props;
  return (
    <Shell
      frame={frame}
      here="connections"
      title={`Is this the right ${partner} account?`}
      lede="Nothing is connected yet. Data of this brand’s visitors would go to this account, after their yes."
    >
      <dl class="facts match">
        <div>
          <dt>{partner} account</dt>
          <dd>
            <strong>{account.name}</strong> <Sandbox on={sandbox} />
          </dd>
          <dd class="code">{account.id}</dd>
        </div>
        <div>
          <dt>Your brand</dt>
          <dd>
            <strong>{frame.brand}</strong>
          </dd>
        </div>
        <div>
          <dt>You</dt>
          <dd>
            {frame.me.name}, {frame.me.role}
          </dd>
        </div>
        <div>
          <dt>Permissions given</dt>
          {scopes.map((s) => (
            <dd key={s} class="code">
              {s}
            </dd>
          ))}
        </div>
      </dl>
      {missing.length > 0 && (
        <p class="told warn">
          <span>
            <strong>Asked for and not given:</strong> <span class="code">{missing.join(', ')}</span>. What needs{' '}
            {missing.length === 1 ? 'it' : 'them'} stays off until you connect again and allow it at {partner}.
          </span>
        </p>
      )}
      <PostForm action={paths.confirm(pending)} csrf={frame.csrf} class="acts">
        <button class="btn main" type="submit" name="answer" value="connect">
          Connect this account
        </button>
        <button class="btn" type="submit" name="answer" value="discard">
          Not this one
        </button>
      </PostForm>
    </Shell>
  );
}

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
  /** Permissions given beyond what was asked (R9). */
  surplus?: string[];
}

/** Shows partner account and brand side by side; nothing is active before the button is pressed. */
export function ConfirmPage(props: ConfirmProps): JSX.Element {
  const { frame, pending, partner, sandbox, account, scopes, surplus = [] } = props;
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
      {surplus.length > 0 && (
        <p class="told warn">
          <span>
            <strong>More was given than we asked for:</strong> <span class="code">{surplus.join(', ')}</span>. We never
            use it; you can take it back at {partner}.
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

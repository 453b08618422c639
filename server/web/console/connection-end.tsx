import type { JSX } from 'preact';
import type { ConnectionView } from '#contract/connection.ts';
import { count, dayAndTime } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';

/** Hours a sealed copy is kept for its revocation alone (R8). */
const keptMs = 72 * 3_600_000;

/** How the end of a connection's last key stands at the partner, in words (R8, P4). */
export function revocationWords({ partner, revocation: r }: ConnectionView, now: Date): string | undefined {
  if (!r) return undefined;
  const since = dayAndTime(r.since, now);
  const until = dayAndTime(new Date(Date.parse(r.since) + keptMs).toISOString(), now);
  const at = r.at ? dayAndTime(r.at, now) : since;
  return {
    pending: `Revocation pending since ${since}: ${partner} has not confirmed it${r.attempts > 1 ? ` in ${count(r.attempts, 'try', 'tries')}` : ''}. It is tried again until ${until}.`,
    revoked: `Revoked at ${partner} on ${at}.`,
    unconfirmed: `Not confirmed by ${partner}, and nothing of the key is left here to try with: remove askfirst there by hand.`,
    lasting: `Wiped here on ${at}. No call can end it: it goes on working at ${partner} until somebody ends it there.`,
    kept: `Not revoked: ${partner} gave the same key again when it was connected anew.`,
  }[r.state];
}

/** Whether the partner takes calls from this hub's address alone, and what is lost where it does not (SECURITY.md control 3). */
export function AllowList(p: {
  connection: ConnectionView;
  csrf: string;
  now: Date;
  mayChange: boolean;
  /** The address calls leave from, where the operator named one. */
  address?: string;
}): JSX.Element {
  const { connection: c, now } = p;
  const from = p.address ? <span class="code">{p.address}</span> : 'this hub’s address';
  return (
    <section class="allow" aria-labelledby="allow">
      <h2 id="allow">Calls from elsewhere</h2>
      {c.allowListed ? (
        <p>
          {c.partner} takes calls with our key from {from} alone, says this brand since {dayAndTime(c.allowListed, now)}
          .
        </p>
      ) : (
        <p class={c.sandbox ? 'dim' : 'told warn'}>
          <span>
            <strong>Not confirmed:</strong> that {c.partner} takes calls with our key from {from} alone. Where a partner
            has an allow-list of addresses, put this one on it: a stolen key then opens nothing from elsewhere.
            {!p.address && ' Whoever runs the hub knows the address.'}
          </span>
        </p>
      )}
      {p.mayChange && (
        <PostForm action={paths.allowList(c.id)} csrf={p.csrf} class="acts">
          <button class="btn" type="submit" name="confirmed" value={c.allowListed ? 'no' : 'yes'}>
            {c.allowListed ? 'It no longer does' : `${c.partner} takes calls from this address only`}
          </button>
        </PostForm>
      )}
    </section>
  );
}

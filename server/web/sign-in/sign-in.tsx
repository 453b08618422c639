import type { ComponentChildren, JSX } from 'preact';
import { Wordmark } from '../../../extension/panel/kit/icons.tsx';
import { whole } from '../../i18n/en.ts';
import { PostForm, Sandbox } from '../form.tsx';

/** The narrow page with one thing to do: before somebody is signed in, and in the tab of a visitor's own sign-in. */
export const Door = ({
  title,
  sandbox = false,
  tag,
  children,
}: {
  title: string;
  sandbox?: boolean;
  /** The word of its mark where the page is not in English. */
  tag?: string;
  children: ComponentChildren;
}): JSX.Element => (
  <div class="page door">
    <header class="mast">
      <Wordmark />
      <Sandbox on={sandbox} {...(tag ? { word: tag } : {})} />
    </header>
    <main id="main">
      <h1>{title}</h1>
      {children}
    </main>
  </div>
);

/** Form that asks for a sign-in link. */
export interface AskForLinkProps {
  /** POST with `email`. */
  action: string;
  csrf: string;
  /** True after the form was sent; the words are the same for an unknown address (R36). */
  asked?: boolean;
  /** One plain sentence when the form could not be taken. */
  trouble?: string;
  /** What the reader typed, so that nothing is lost. */
  email?: string;
  /** Where mail waits when no mail server is set, for the demo. */
  outboxHint?: string;
  /** Another way in, for whoever started the hub: one sentence. */
  otherWay?: string;
}

/** Asks for an address and mails a link; there is no password. */
export const AskForLink = (p: AskForLinkProps): JSX.Element => {
  const { action, csrf, asked, trouble, email, outboxHint, otherWay } = p;
  return asked ? (
    <Door title="Look into your mail">
      <p class="lede" role="status">
        If we know this address, a link is on its way. It works once and for a few minutes.
      </p>
      {outboxHint && <p class="dim">{outboxHint}</p>}
      {otherWay && <p class="dim">{otherWay}</p>}
      <p class="acts">
        <a class="btn" href={action}>
          Ask again
        </a>
      </p>
    </Door>
  ) : (
    <Door title="Sign in">
      <p class="lede">We mail you a link. No password is needed.</p>
      <PostForm action={action} csrf={csrf} class="fill">
        <label for="email">{whole('Your e-mail')}</label>
        <input
          id="email"
          name="email"
          type="email"
          autocomplete="email"
          required
          value={email}
          aria-invalid={trouble ? true : undefined}
          aria-describedby={trouble ? 'trouble' : undefined}
        />
        {trouble && (
          <p class="trouble" id="trouble" role="alert">
            {trouble}
          </p>
        )}
        <button class="btn main" type="submit">
          Mail me a link
        </button>
      </PostForm>
      {otherWay && <p class="dim">{otherWay}</p>}
    </Door>
  );
};

/** The page behind a mailed or printed link. */
export interface LinkProps {
  /** POST with `token`; opening the page alone uses nothing up, so that mail scanners do no harm. */
  action: string;
  csrf: string;
  token: string;
  brand: string;
}

/** One button, because a link that signs in by being looked at is used up by the first mail scanner. */
export const LinkPage = ({ action, csrf, token, brand }: LinkProps): JSX.Element => (
  <Door title={`Sign in to ${brand}`}>
    <p class="lede">This link works once, in this browser.</p>
    <PostForm action={action} csrf={csrf} class="acts">
      <input type="hidden" name="token" value={token} />
      <button class="btn main" type="submit">
        Sign in
      </button>
    </PostForm>
  </Door>
);

/** A link that was used, or is too old; both look alike. */
export const LinkDead = ({ askHref, otherWay }: { askHref: string; otherWay?: string }): JSX.Element => (
  <Door title="This link does not work any more">
    <p class="lede">It was used already, or it is too old. Ask for a new one.</p>
    {otherWay && <p class="dim">{otherWay}</p>}
    <p class="acts">
      <a class="btn main" href={askHref}>
        Ask for a new link
      </a>
    </p>
  </Door>
);

/** After signing out. */
export const SignedOut = ({ signInHref }: { signInHref: string }): JSX.Element => (
  <Door title="You are signed out">
    <p class="lede">Paired panels stay paired; you can unpair them under Agents or in the panel itself.</p>
    <p class="acts">
      <a class="btn" href={signInHref}>
        Sign in again
      </a>
    </p>
  </Door>
);

import type { ComponentChildren, JSX } from 'preact';
import { PostForm } from '../form.tsx';
import { Qr } from '../qr.tsx';
import { Door } from '../sign-in/sign-in.tsx';
import { CodeField } from './code-field.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** Around a page of setting up: the console, or a bare page for whoever may go nowhere else yet. */
export type Around = { frame: Frame } | { brand: string; csrf: string };

const csrfOf = (around: Around) => ('frame' in around ? around.frame.csrf : around.csrf);

const Page = (props: { around: Around; title: string; lede: string; children: ComponentChildren }): JSX.Element => {
  const { around, title, lede, children } = props;
  if ('frame' in around)
    return (
      <Shell frame={around.frame} title={title} lede={lede}>
        {children}
      </Shell>
    );
  return (
    <Door title={title}>
      <p class="lede">{lede}</p>
      {children}
      <PostForm action={paths.signOut} csrf={around.csrf} class="leave">
        <button class="btn bare" type="submit">
          Sign out
        </button>
      </PostForm>
    </Door>
  );
};

/** Before a second step is set up: what it is, and the one button. */
export const NoStep = ({ around, done }: { around: Around; done?: string }): JSX.Element => (
  <Page
    around={around}
    title={'frame' in around ? 'Your second step' : 'Set up your second step'}
    lede={
      'frame' in around
        ? 'Not set up. With it, signing in asks for a code from your phone after the link: whoever gets into your mail alone stays out.'
        : `${around.brand} asks everyone for a second step: a code from your phone, after the link. It takes two minutes, once.`
    }
  >
    {done && (
      <p class="told" role="status">
        {done}
      </p>
    )}
    <p class="dim next">You need an app that shows sign-in codes, on your phone or in your password manager.</p>
    <PostForm action={paths.beginStep} csrf={csrfOf(around)} class="acts">
      <button class="btn main" type="submit">
        Set it up
      </button>
    </PostForm>
    {'frame' in around && (
      <p class="dim next">Your other browsers and paired panels are signed out when you do; sign in there again.</p>
    )}
  </Page>
);

/** A new secret and the field for its first code. */
export interface SetUpProps {
  around: Around;
  /** The `otpauth:` address of the secret. */
  uri: string;
  trouble?: string;
}

/** Scan or type the key, then type the first code; nothing is asked at sign-in before that code was right. */
export const SetUpStep = ({ around, uri, trouble }: SetUpProps): JSX.Element => {
  const key = new URL(uri).searchParams.get('secret') ?? '';
  return (
    <Page around={around} title="Set up your second step" lede="Scan this with the app that shows your codes.">
      <div class="scan">
        <Qr text={uri} label="QR code for your app; the same key stands below as text" />
        <p>
          <span class="dim">No camera? Type this key into the app:</span>
          <span class="code key">{key.match(/.{1,4}/g)?.join(' ')}</span>
        </p>
      </div>
      <PostForm action={paths.confirmStep} csrf={csrfOf(around)} class="fill">
        <CodeField id="code" label="The code your app shows now" kind="app" trouble={trouble} />
        <button class="btn main" type="submit">
          Turn it on
        </button>
      </PostForm>
    </Page>
  );
};

/** The ten backup codes, once. */
export interface CodesProps {
  frame: Frame;
  codes: readonly string[];
  /** Where the reader wanted to go. */
  next: { href: string; label: string };
  /** True when they replace older ones. */
  again?: boolean;
}

/** Shown once, in the answer to the form: only the hub can read them afterwards, and it never shows them again. */
export const BackupCodes = ({ frame, codes, next, again }: CodesProps): JSX.Element => (
  <Shell
    frame={frame}
    title="Keep these backup codes"
    lede={`${again ? 'The old ones no longer work.' : 'Your second step is on.'} Each code signs you in once, for a day without your phone. They are shown only now: write them down or print this page.`}
  >
    <ol class="codes" aria-label="Backup codes">
      {codes.map((code) => (
        <li key={code} class="code">
          {code}
        </li>
      ))}
    </ol>
    <p class="acts">
      <a class="btn main" href={next.href}>
        {next.label}
      </a>
    </p>
  </Shell>
);

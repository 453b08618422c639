import type { JSX } from 'preact';
import { dayAndTime, when } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** A mail of the hub, on its way or waiting. */
interface MailLine {
  id: string;
  to: string;
  subject: string;
  at: string;
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'unsure' | 'withheld';
  sentAt?: string;
  /** Why it did not go, a sentence. */
  trouble?: string;
}
/** The list of mail. */
export interface OutboxProps {
  frame: Frame;
  now: string;
  mails: MailLine[];
  /** True where a mail server is set. */
  posted: boolean;
  done?: string;
}

/** What became of a mail. */
const stateOf = (m: MailLine, now: Date): string => {
  const why = m.trouble ? ` ${m.trouble}` : '';
  switch (m.state) {
    case 'sent':
      return `Sent ${when(m.sentAt ?? m.at, now)}.`;
    case 'sending':
      return 'Being handed over.';
    case 'failed':
      return `Failed.${why}`;
    case 'unsure':
      return `Not confirmed.${why}`;
    case 'withheld':
      return `Withheld.${why}`;
    case 'waiting':
      return m.trouble ? `Tried, and waits.${why}` : 'Waits.';
  }
};

/** Mail of this hub; only whoever runs it opens it. */
export const OutboxPage = ({ frame, now, mails, posted, done }: OutboxProps): JSX.Element => (
  <Shell
    frame={frame}
    here="outbox"
    title="Outbox"
    lede={
      posted
        ? 'Mail of this hub and what became of it. Only you can open it.'
        : 'No mail server is set, so mail waits here. Only you can open it.'
    }
  >
    {done && (
      <p class="told" role="status">
        {done}
      </p>
    )}
    {mails.length === 0 ? (
      <p class="none">{posted ? 'No mail yet.' : 'No mail waits.'}</p>
    ) : (
      <ul class="links mails" aria-label={posted ? 'Mail, newest first' : 'Waiting mail, newest first'}>
        {mails.map((m) => (
          <li key={m.id} class={m.state === 'failed' || m.state === 'unsure' ? 'trouble' : undefined}>
            <h2>
              <a href={paths.mail(m.id)}>{m.subject}</a>
            </h2>
            <p class="cause">
              To {m.to}
              {posted && `. ${stateOf(m, new Date(now))}`}
            </p>
            <p class="times">
              <time dateTime={m.at}>{when(m.at, new Date(now))}</time>
            </p>
          </li>
        ))}
      </ul>
    )}
  </Shell>
);

/** One mail. */
export interface MailProps {
  frame: Frame;
  now: string;
  /** `body` is plain text; http and https addresses in it become links. */
  mail: MailLine & { body: string };
  posted: boolean;
}

/** One mail as its reader would get it, and the way to send one again that did not go. */
export const MailPage = ({ frame, now, mail, posted }: MailProps): JSX.Element => (
  <Shell
    frame={frame}
    here="outbox"
    title={mail.subject}
    lede={`To ${mail.to}, ${dayAndTime(mail.at, new Date(now))}.${posted ? ` ${stateOf(mail, new Date(now))}` : ''}`}
    up={{ href: paths.outbox, label: 'Outbox' }}
  >
    {posted && (mail.state === 'failed' || mail.state === 'unsure') && (
      <PostForm action={paths.mailAgain(mail.id)} csrf={frame.csrf} class="acts">
        <button class="btn" type="submit">
          Send again{mail.state === 'unsure' && ', it may come twice'}
        </button>
      </PostForm>
    )}
    <div class="letter">{linked(mail.body)}</div>
  </Shell>
);

/** Splits at addresses; everything else stays text, so nothing in a mail can become markup. */
const linked = (body: string): (JSX.Element | string)[] =>
  body.split(/(https?:\/\/[^\s<>"]+)/).map((part, n) =>
    n % 2 === 1 ? (
      <a key={part} href={part} rel="noopener noreferrer">
        {part}
      </a>
    ) : (
      part
    ),
  );

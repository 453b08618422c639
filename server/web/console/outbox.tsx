import type { JSX } from 'preact';
import { dayAndTime, when } from '../../i18n/en.ts';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** A mail that waits because no mail server is set. */
interface MailLine {
  id: string;
  to: string;
  subject: string;
  at: string;
}
/** The list of waiting mail. */
export interface OutboxProps {
  frame: Frame;
  now: string;
  mails: MailLine[];
}

/** Mail that waits here; only whoever runs the hub opens it. */
export const OutboxPage = ({ frame, now, mails }: OutboxProps): JSX.Element => (
  <Shell
    frame={frame}
    here="outbox"
    title="Outbox"
    lede="No mail server is set, so mail waits here. Only you can open it."
  >
    {mails.length === 0 ? (
      <p class="none">No mail waits.</p>
    ) : (
      <ul class="links mails" aria-label="Waiting mail, newest first">
        {mails.map((m) => (
          <li key={m.id}>
            <h2>
              <a href={paths.mail(m.id)}>{m.subject}</a>
            </h2>
            <p class="cause">To {m.to}</p>
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
}

/** One mail as its reader would get it. */
export const MailPage = ({ frame, now, mail }: MailProps): JSX.Element => (
  <Shell
    frame={frame}
    here="outbox"
    title={mail.subject}
    lede={`To ${mail.to}, ${dayAndTime(mail.at, new Date(now))}.`}
    up={{ href: paths.outbox, label: 'Outbox' }}
  >
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

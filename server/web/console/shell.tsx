import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName, Wordmark } from '../../../extension/panel/kit/icons.tsx';
import { PostForm, Skip } from '../form.tsx';
import { paths } from './paths.ts';

/** What stands around every page of the console. */
export interface Frame {
  brand: string;
  me: { name: string; role: string };
  /** Whoever runs the hub; only then is the outbox shown. */
  operator: boolean;
  /** May look after the brand: its connections, notice, ledger and agents. */
  manages: boolean;
  /** May change the brand's privacy rules. */
  rules: boolean;
  /** May decide how the chat looks and what it asks. */
  chat?: boolean;
  /** May stop sending. */
  stop?: boolean;
  csrf: string;
  /** Numbers beside the entries of the nav; absent where nothing is counted. */
  counts?: { agents?: number; mails?: number; broken?: number; notSent?: number };
}

/** An entry of the nav. */
type Place =
  | 'answering'
  | 'connections'
  | 'stop'
  | 'notice'
  | 'ledger'
  | 'not-sent'
  | 'rules'
  | 'chat'
  | 'agents'
  | 'outbox';

/** Header, nav and main; a page gives its place, its head and its content. */
export interface ShellProps {
  frame: Frame;
  /** Absent on pages that belong to none, like pairing. */
  here?: Place;
  title: string;
  lede?: ComponentChildren;
  /** Way back to the list this page came from. */
  up?: { href: string; label: string };
  /** Beside the head: at most one control. */
  aside?: ComponentChildren;
  children?: ComponentChildren;
}

/** The console's frame. One `header`, one named `nav`, one `main` with the one `h1`. */
export function Shell({ frame, here, title, lede, up, aside, children }: ShellProps): JSX.Element {
  const { brand, me, csrf, counts = {}, operator, manages, rules, stop, chat } = frame;
  return (
    <>
      <Skip to={`“${title}”`} />
      <header class="top">
        <Wordmark />
        <span class="brand">{brand}</span>
        <a class="me" href={paths.ownStep}>
          {me.name}, {me.role}
          <span class="sr">: your second step</span>
        </a>
        <PostForm action={paths.signOut} csrf={csrf}>
          <button class="btn bare" type="submit">
            Sign out
          </button>
        </PostForm>
      </header>
      <nav class="nav" aria-label="Console">
        <ul>
          {manages ? (
            <Entry
              place="connections"
              href={paths.connections}
              icon="plug"
              here={here}
              word="Connections"
              n={counts.broken}
            />
          ) : (
            <Entry place="answering" href={paths.connections} icon="person" here={here} word="Answer chats" />
          )}
          {stop && <Entry place="stop" href={paths.stop} icon="stop" here={here} word="Stop sending" />}
          {manages && <Entry place="notice" href={paths.notice} icon="notice" here={here} word="Notice" />}
          {manages && <Entry place="ledger" href={paths.ledger} icon="ledger" here={here} word="Ledger" />}
          {counts.notSent !== undefined && (
            <Entry place="not-sent" href={paths.notSent} icon="warn" here={here} word="Not sent" n={counts.notSent} />
          )}
          {rules && <Entry place="rules" href={paths.rules} icon="rules" here={here} word="Privacy rules" />}
          {chat && <Entry place="chat" href={paths.chat} icon="chat" here={here} word="Chat" />}
          {manages && (
            <Entry place="agents" href={paths.agents} icon="person" here={here} word="Agents" n={counts.agents} />
          )}
          {operator && (
            <Entry place="outbox" href={paths.outbox} icon="send" here={here} word="Outbox" n={counts.mails} />
          )}
          <li>
            <a href={paths.panel}>
              <Icon name="headset" />
              Panel
            </a>
          </li>
        </ul>
      </nav>
      <main id="main">
        {up && (
          <p class="up">
            <a href={up.href}>{up.label}</a>
          </p>
        )}
        <div class="bar">
          <div>
            <h1>{title}</h1>
            {lede && <p class="lede">{lede}</p>}
          </div>
          {aside}
        </div>
        {children}
      </main>
    </>
  );
}

interface EntryProps {
  place: Place;
  here: Place | undefined;
  href: string;
  icon: IconName;
  word: string;
  n?: number | undefined;
}

const Entry = ({ place, here, href, icon, word, n }: EntryProps): JSX.Element => (
  <li>
    <a href={href} aria-current={place === here ? 'page' : undefined}>
      <Icon name={icon} />
      {word} {n !== undefined && n > 0 && <span class="num">{n}</span>}
    </a>
  </li>
);

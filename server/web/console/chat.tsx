import type { JSX } from 'preact';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** What a brand decides about its chat, one page each, in the order in which a chat meets them. */
export const chatPages: readonly { href: string; title: string; line: string }[] = [
  {
    href: paths.website,
    title: 'On your pages',
    line: 'The line of code, the sites it may stand on, who is signed in.',
  },
  { href: paths.look, title: 'Look', line: 'Your colour, where the button stands, the words on it.' },
  { href: paths.showing, title: 'When it shows', line: 'On which pages, after how long; offers beside the button.' },
  {
    href: paths.hours,
    title: 'Working hours',
    line: 'When somebody is there, and what the chat says when nobody is.',
  },
  { href: paths.routing, title: 'Who gets a chat', line: 'Agents take chats themselves, or the hub gives them out.' },
  { href: paths.chatForm, title: 'Before the chat', line: 'What the form asks, what is needed, and your links.' },
  { href: paths.recording, title: 'Recording', line: 'The notice before a chat that you use for training or quality.' },
  { href: paths.survey, title: 'After the chat', line: 'One question, answered from 1 to 5 or skipped.' },
  { href: paths.replies, title: 'Replies', line: 'Words agents send often, found by typing / in the reply.' },
];

/** The page Chat. */
export function ChatPage({ frame, pages }: { frame: Frame; pages: typeof chatPages }): JSX.Element {
  return (
    <Shell frame={frame} here="chat" title="Chat" lede="How the chat looks, when it is there and what it asks.">
      <ul class="canned">
        {pages.map(({ href, title, line }) => (
          <li key={href}>
            <h2>
              <a href={href}>{title}</a>
            </h2>
            <p>{line}</p>
          </li>
        ))}
      </ul>
    </Shell>
  );
}

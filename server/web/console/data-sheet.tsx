import type { JSX } from 'preact';
import type { DataSheet } from '#contract/connection.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { SheetFacts } from './sheet-facts.tsx';
import { type Frame, Shell } from './shell.tsx';

/** Data sheet of one add-on with the one button that starts the sign-in at the partner (R14). */
export interface DataSheetProps {
  frame: Frame;
  sheet: DataSheet;
  sandbox: boolean;
  /** Set when the brand is linked already and this is a reconnect to the same account. */
  reconnect?: { account: string };
  /** False for roles that may read but not connect. */
  mayConnect: boolean;
}

/** What follows on the button, by the way in. */
const before: Record<DataSheet['way'], string> = {
  signin: 'Read this before you connect. You will sign in at the partner, then confirm account and brand here.',
  key: 'Read this before you connect. You will type a key here; it is tried before anything is stored.',
  incoming: 'Read this before you connect. You will type the secret that what it sends is checked with.',
  login: 'Read this before you turn it on. It is tried first; if it does not answer, nothing changes.',
};
function again(way: DataSheet['way'], account: string): string {
  if (way === 'login') return 'It is on. Turning it on again tries it once more.';
  if (way === 'signin')
    return `Sign in to the same account, ${account}. Another one is refused and nothing is changed.`;
  return `It is linked to ${account}. What you type takes the place of what is there; the rest stays as it is.`;
}

/** What the add-on reads and sends, before anything is connected. */
export function DataSheetPage({ frame, sheet, sandbox, reconnect, mayConnect }: DataSheetProps): JSX.Element {
  const login = sheet.way === 'login';
  const typed = sheet.way === 'key' || sheet.way === 'incoming';
  const act = login ? `Turn on ${sheet.name}` : reconnect ? `Reconnect ${sheet.name}` : `Connect ${sheet.name}`;
  const button = !mayConnect ? (
    <p class="dim">An owner or admin can connect it.</p>
  ) : typed ? (
    <a class="btn main" href={paths.key(sheet.provider)}>
      {act}
    </a>
  ) : (
    <PostForm action={paths.add(sheet.provider)} csrf={frame.csrf}>
      <button class="btn main" type="submit">
        {act}
      </button>
    </PostForm>
  );
  return (
    <Shell
      frame={frame}
      here="connections"
      title={`${sheet.name}: data sheet`}
      lede={reconnect ? again(sheet.way, reconnect.account) : before[sheet.way]}
      up={{ href: paths.connections, label: 'Connections' }}
      aside={button}
    >
      {sandbox && (
        <p class="told">
          <span>
            <strong>Sandbox.</strong> A test partner on this machine: no account is needed, nothing goes anywhere real,
            and only test people pass through it.
          </span>
        </p>
      )}
      {sheet.ai && (
        <p class="told">
          <span>
            <strong>Uses AI.</strong> The question says so to every visitor; a no ends nothing but this, and a person
            answers as before.
          </span>
        </p>
      )}
      <SheetFacts sheet={sheet} />
    </Shell>
  );
}

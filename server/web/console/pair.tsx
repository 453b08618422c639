import type { JSX } from 'preact';
import { clock, list } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** Asks for the code when the address carries none. */
export interface PairEnterProps {
  frame: Frame;
  /** What was typed before, when it fitted nothing. */
  wrong?: string;
}

/** The field for the code that the panel shows. */
export const PairEnter = ({ frame, wrong }: PairEnterProps): JSX.Element => (
  <Shell frame={frame} title="Pair a panel" lede="Open the panel in your browser: it shows a code of eight letters.">
    <form method="get" action={paths.pair} class="fill">
      <label for="code">Code in the panel</label>
      <input
        id="code"
        name="code"
        class="code"
        required
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        maxLength={12}
        value={wrong}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? 'wrong' : undefined}
      />
      {wrong && (
        <p class="trouble" id="wrong" role="alert">
          No panel waits with this code. Codes live five minutes; the panel can show a new one.
        </p>
      )}
      <button class="btn main" type="submit">
        Go on
      </button>
    </form>
  </Shell>
);

/** The brands a panel opens: the one of this page, and `others` its person answers for by the same right (R64). */
interface Opened {
  frame: Frame;
  others?: readonly string[];
}
const opened = ({ frame, others = [] }: Opened): string => list([frame.brand, ...others]);

/** A code that waits for this agent's word. */
export interface PairProps extends Opened {
  code: string;
  /** As the panel named itself. */
  browser: string;
  /** ISO time; the code is dead after it. */
  expiresAt: string;
}

/** Compare and confirm: a code sent by somebody else is the one danger here (SECURITY.md BA8). */
export const PairPage = ({ frame, others, code, browser, expiresAt }: PairProps): JSX.Element => (
  <Shell
    frame={frame}
    title="Is this your panel?"
    lede="Look at your own panel. Confirm only if it shows the same code and you opened it yourself."
  >
    <p class="compare">
      <span class="sr">Code: </span>
      <span class="code">{code}</span>
    </p>
    <dl class="facts match">
      <div>
        <dt>Panel in</dt>
        <dd>{browser}</dd>
      </div>
      <div>
        <dt>Will answer as</dt>
        <dd>
          {frame.me.name}, {frame.me.role}
        </dd>
      </div>
      <div>
        <dt>For</dt>
        <dd>
          <strong>{opened({ frame, others })}</strong>
        </dd>
      </div>
      <div>
        <dt>Works until</dt>
        <dd>{clock(expiresAt)}</dd>
      </div>
    </dl>
    <PostForm action={paths.pair} csrf={frame.csrf} class="acts">
      <input type="hidden" name="code" value={code} />
      <button class="btn main" type="submit" name="answer" value="confirm">
        The codes are the same
      </button>
      <button class="btn" type="submit" name="answer" value="refuse">
        Not mine
      </button>
    </PostForm>
  </Shell>
);

/** How a pairing ended. */
export interface PairResultProps extends Opened {
  result: 'paired' | 'refused' | 'expired';
  browser: string;
}

/** What became of the code, and where to go on. */
export const PairResult = ({ frame, others, result, browser }: PairResultProps): JSX.Element => {
  const { title, lede } = {
    paired: {
      title: 'Paired',
      lede: `The panel in ${browser} answers for ${opened({ frame, others })} now. You can close this page.`,
    },
    refused: { title: 'Not paired', lede: `The panel in ${browser} was turned away. It got nothing.` },
    expired: {
      title: 'This code is too old',
      lede: 'Codes live five minutes and work once. The panel can show a new one.',
    },
  }[result];
  return (
    <Shell frame={frame} title={title} lede={<span role="status">{lede}</span>}>
      <p class="acts">
        <a class="btn" href={frame.manages ? paths.agents : paths.connections}>
          {frame.manages ? 'Paired panels' : 'Answer chats'}
        </a>
      </p>
    </Shell>
  );
};

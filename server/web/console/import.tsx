import type { JSX } from 'preact';
import { count, start } from '../../i18n/en.ts';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** A list of answers from another system, before and after it is taken. */
export interface ImportProps {
  frame: Frame;
  /** What the reader pasted; comes back so that nothing typed is lost. */
  list?: string;
  /** What taking it would do; nothing is stored yet. */
  preview?: { yes: number; no: number; bad: readonly number[] };
  /** What was done. */
  done?: { unknown: number; withdrawn: number; bad: readonly number[] };
}

const badLines = (bad: readonly number[]): string => {
  const shown = bad.slice(0, 20).join(', ');
  return `${start(count(bad.length, 'line'))} cannot be read and ${bad.length === 1 ? 'is' : 'are'} left out: ${shown}${bad.length > 20 ? ' …' : ''}.`;
};

/** Takes a no from anywhere, and a yes from nowhere but the visitor (GATE.md k.23). */
export function ImportPage({ frame, list = '', preview, done }: ImportProps): JSX.Element {
  return (
    <Shell
      frame={frame}
      here="connections"
      title="Bring answers along"
      lede="From another system: each no counts at once. A yes said elsewhere grants nothing here; those people are asked like anybody else."
      up={{ href: paths.connections, label: 'Connections' }}
    >
      {done && (
        <p class="told" role="status">
          {start(count(done.withdrawn, 'address', 'addresses'))} turned off.{' '}
          {start(count(done.unknown, 'yes', 'yeses'))} noted, and nobody is granted anything.{' '}
          {done.bad.length > 0 && badLines(done.bad)}
        </p>
      )}
      {preview && (
        <p class="told" role="status">
          <strong>Nothing is stored yet.</strong> {start(count(preview.no, 'address', 'addresses'))} would be turned off
          for every partner, now and later. {start(count(preview.yes, 'yes', 'yeses'))} would be noted without effect.{' '}
          {preview.bad.length > 0 && badLines(preview.bad)}
        </p>
      )}
      <PostForm action={paths.importAnswers} csrf={frame.csrf} class="fill wide">
        <label for="list">One address a line, then a comma and yes or no; up to 5,000 lines</label>
        <textarea id="list" name="list" rows={12} required spellcheck={false} placeholder="ada@example.com, no">
          {list}
        </textarea>
        <div class="acts">
          {preview && preview.yes + preview.no > 0 && (
            <button class="btn main" type="submit" name="sure" value="yes">
              Take {count(preview.yes + preview.no, 'line')}
            </button>
          )}
          <button class="btn" type="submit">
            {preview ? 'Look again' : 'See what it would do'}
          </button>
        </div>
      </PostForm>
    </Shell>
  );
}

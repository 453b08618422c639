import type { JSX } from 'preact';
import { words } from './words.ts';

/** The notice before recording: two answers alike, none chosen, and none is a no (R63). */
export const RecordingNotice = ({
  brand,
  what,
  said,
}: {
  brand: string;
  what: string;
  said?: boolean;
}): JSX.Element => (
  <fieldset class="recording" aria-describedby="recording-hint">
    <legend>{words.mayRecord(brand, what)}</legend>
    <span class="pair">
      {(['yes', 'no'] as const).map((word) => (
        <label key={word}>
          <input type="radio" name="recorded" value={word} defaultChecked={said === (word === 'yes')} />
          {words[word]}
        </label>
      ))}
    </span>
    <p class="hint" id="recording-hint">
      {words.recordHint}
    </p>
  </fieldset>
);

import { useState } from 'preact/hooks';
import type { ConversationView } from '#contract/chat.ts';
import { when } from '../../../server/i18n/en.ts';
import { Mark } from '../kit/icons.tsx';

/** What can be done about a person's age. */
export interface AgeActs {
  onFlag: () => void;
  onClear: (reason: string) => void;
}

/** Beside the name, always in view: nothing is shared about this person, and since when (R27). */
export const UnderAgeNote = ({ of, now }: { of: ConversationView['underAge']; now: number }) =>
  of ? (
    <p class="strip-note" role="status">
      <Mark name="held">Under age</Mark> Nothing is shared, since {when(of.since, new Date(now))}.
    </p>
  ) : null;

/** The pressed button is gone: the one that takes its place gets the focus (UI.md 6). */
const focus = (button: HTMLButtonElement | null): void => button?.focus({ preventScroll: true });

/** Two steps, because every yes of the person is void afterwards; the second one says so. */
function Flag({ who, onFlag }: { who: string; onFlag: () => void }) {
  const [sure, ask] = useState(false);
  const [back, setBack] = useState(false);
  const cancel = (): void => {
    setBack(true);
    ask(false);
  };
  if (!sure)
    return (
      <p class="again">
        <button class="btn bare" type="button" data-act="under-age" ref={back ? focus : null} onClick={() => ask(true)}>
          This person seems under age
        </button>
      </p>
    );
  return (
    <fieldset class="age">
      <legend class="sr">This person seems under age</legend>
      <p>All sharing about {who} stops at once, and every yes is void. Only an owner can undo this, with a reason.</p>
      <p class="again">
        <button class="btn" type="button" data-act="flag-under-age" onClick={onFlag}>
          Stop all sharing
        </button>
        <button class="btn bare" type="button" ref={focus} onClick={cancel}>
          Cancel
        </button>
      </p>
    </fieldset>
  );
}

/** An owner takes the flag away and says why. */
function Clear({ who, onClear }: { who: string; onClear: (reason: string) => void }) {
  const [reason, setReason] = useState('');
  return (
    <form
      class="age"
      onSubmit={(e) => {
        e.preventDefault();
        onClear(reason.trim());
      }}
    >
      <label for="age-reason">Why {who} is not under age</label>
      <textarea
        id="age-reason"
        required
        minLength={3}
        maxLength={500}
        rows={2}
        value={reason}
        onInput={(e) => setReason(e.currentTarget.value)}
      />
      <p class="again">
        <button class="btn" type="submit">
          Clear the flag
        </button>
      </p>
    </form>
  );
}

/** The end of "About": flag a person as under age, or, for an owner, clear the flag (R27). */
export function Age({ of, who, acts }: { of: ConversationView['underAge']; who: string; acts: AgeActs }) {
  if (!of) return <Flag who={who} onFlag={acts.onFlag} />;
  if (of.mayClear) return <Clear who={who} onClear={acts.onClear} />;
  return <p class="note">An owner can clear this in the panel of the console, with a reason.</p>;
}

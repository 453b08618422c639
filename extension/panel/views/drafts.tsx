import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Card } from '#contract/chat.ts';
import type { Fill } from '../state.ts';

/** A message has at most so many characters (contract `text`). */
const most = 4_000;

/** Words an add-on offers, each with the one button that puts them into the reply; none sends (R72). */
export function Drafts({ card, onFill }: { card: Card; onFill: (text: string, from: string) => void }) {
  if (!card.drafts || card.drafts.length === 0) return null;
  return (
    <ul class="drafts" aria-label={`Words from ${card.partner} for the reply`}>
      {card.drafts.map(({ label, text }, i) => {
        const id = `draft-${card.integration}-${i}`;
        return (
          <li key={`${i} ${text}`}>
            <p class="faint">{label}</p>
            <p id={id} class="words">
              {text}
            </p>
            <button
              class="btn"
              type="button"
              data-act="fill"
              aria-describedby={id}
              onClick={() => onFill(text, card.partner)}
            >
              Put into the reply
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** The reply with what an add-on offers: in an empty field alone, else below what is written. */
export const filledWith = (written: string, words: string): string =>
  written.trim() === '' ? words : `${written.trimEnd()}\n${words}`;

interface FillProps {
  /** What was chosen on a card, until it is in the field. */
  fill: Fill | undefined;
  /** The reply as it is written now. */
  written: () => string;
  /** Puts these words into the reply's field and the keyboard there. */
  onWrite: (text: string) => void;
  onFilled: () => void;
}

/** Puts what the agent chose on a card into the reply, once, and says so with a way back until something else is typed. */
export function useFill({ fill, written, onWrite, onFilled }: FillProps): {
  said: ComponentChildren;
  forget: () => void;
} {
  const [done, setDone] = useState<{ words: string; before?: string } | undefined>(undefined);
  useEffect(() => {
    if (!fill) return;
    const before = written();
    const after = filledWith(before, fill.text);
    if (after.length > most) setDone({ words: 'It does not fit: a reply has at most 4,000 characters.' });
    else {
      onWrite(after);
      const where = before.trim() === '' ? 'are in the reply' : 'are below what you wrote';
      setDone({ words: `Words from ${fill.from} ${where}. Nothing was sent.`, before });
    }
    onFilled();
  }, [fill]);
  return {
    forget: () => done && setDone(undefined),
    said: (
      <div class="filled">
        <p role="status">{done?.words}</p>
        {done?.before === undefined ? null : (
          <button
            class="btn bare"
            type="button"
            data-act="undo"
            onClick={() => {
              onWrite(done.before ?? '');
              setDone(undefined);
            }}
          >
            Undo
          </button>
        )}
      </div>
    ),
  };
}

interface ElsewhereProps {
  /** What another window wrote in this place; absent where none did. */
  words: string | undefined;
  onAdd: (words: string) => void;
  onClose: () => void;
}

/** Two windows have a draft of the same reply: what the other one wrote is shown, and goes in where the agent wants it. */
export const Elsewhere = ({ words, onAdd, onClose }: ElsewhereProps) => (
  <div class="elsewhere" role="status">
    {words === undefined ? null : (
      <>
        <p>Another window has a draft of this too:</p>
        <p class="words">{words}</p>
        <p class="again">
          <button class="btn" type="button" data-act="add-draft" onClick={() => onAdd(words)}>
            Add it below
          </button>
          <button class="btn bare" type="button" onClick={onClose}>
            Leave it out
          </button>
        </p>
      </>
    )}
  </div>
);

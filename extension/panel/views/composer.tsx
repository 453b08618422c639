import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Writes } from '../state.ts';

interface ComposerProps {
  who: string;
  /** What is half-written, of each kind. */
  drafts: Readonly<Record<Writes, string>>;
  onDraft: (kind: Writes, text: string) => void;
  onSend: (kind: Writes, text: string) => void;
}

/** Nothing of the one may be taken for the other: label, place, hint and button all say where the words go. */
const wordsFor = (kind: Writes, who: string) =>
  kind === 'note'
    ? {
        label: `Note on this chat, ${who} never sees it`,
        place: 'What your colleagues should know',
        hint: 'Enter saves the note',
        button: 'Save note',
        other: 'Back to the reply',
        otherKept: 'your reply is kept',
      }
    : {
        label: `Reply to ${who}`,
        place: `Reply to ${who}`,
        hint: 'Enter sends, Shift+Enter adds a line',
        button: 'Send',
        other: 'Write a note',
        otherKept: 'your note is kept',
      };

/**
 * The reply of one conversation (its key), or a note on it: Enter sends, Shift and Enter makes a line; only the agent's
 * own key or click sends (R72). It opens as a reply; each kind keeps a draft of its own (R66).
 */
export function Composer({ who, drafts, onDraft, onSend }: ComposerProps) {
  const [kind, setKind] = useState<Writes>('message');
  const [texts, setTexts] = useState(drafts);
  const field = useRef<HTMLTextAreaElement>(null);
  const turned = useRef(false);
  const text = texts[kind];
  const other: Writes = kind === 'note' ? 'message' : 'note';
  const words = wordsFor(kind, who);
  const write = (said: string): void => setTexts({ ...texts, [kind]: said });
  const send = (): void => {
    const said = text.trim();
    if (!said) return;
    onSend(kind, said);
    write('');
  };
  useLayoutEffect(() => {
    if (turned.current) field.current?.focus({ preventScroll: true });
  }, [kind]);
  return (
    <form
      class={kind === 'note' ? 'composer note-form' : 'composer'}
      id="reply"
      data-writes={kind}
      onSubmit={(e) => {
        e.preventDefault();
        send();
      }}
    >
      {kind === 'note' ? (
        <p class="only-agents">
          <b>Note</b> Only agents see this. {who} does not.
        </p>
      ) : null}
      <label class="sr" for="text">
        {words.label}
      </label>
      <textarea
        key={kind} // the keys that undo must not bring words of the one into the other
        ref={field}
        id="text"
        maxLength={4000}
        value={text}
        placeholder={words.place}
        onInput={(e) => {
          write(e.currentTarget.value);
          onDraft(kind, e.currentTarget.value);
        }}
        onKeyDown={(e) => {
          if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
          e.preventDefault();
          send();
        }}
      />
      <div class="row">
        <span class="faint">{drafts[other] ? words.otherKept : drafts[kind] ? 'draft kept' : words.hint}</span>
        <button
          class="btn"
          type="button"
          data-act="turn"
          onClick={() => {
            turned.current = true;
            setKind(other);
          }}
        >
          {words.other}
        </button>
        <button class="btn main" type="submit">
          {words.button}
        </button>
      </div>
    </form>
  );
}

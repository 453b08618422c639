import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CannedReply } from '#contract/chat.ts';
import { type Picking, useAttach } from '../kit/attach.tsx';
import { fillIn, type Known, leftOutWords, matching, soughtIn } from '../replies.ts';
import type { Fill, PanelState, Writes } from '../state.ts';
import { CannedList, cannedId, optionId } from './canned.tsx';
import { Elsewhere, filledWith, useFill } from './drafts.tsx';

interface ComposerProps {
  who: string;
  /** The chat ended so long ago that nothing more may be said in it; notes may (R66). */
  past: boolean;
  /** What a canned reply is filled in with. */
  known: Known;
  replies: PanelState['replies'];
  /** Called when the agent begins to look for a reply. */
  onSeek: () => void;
  /** What is half-written, of each kind. */
  drafts: Readonly<Record<Writes, string>>;
  onDraft: (kind: Writes, text: string) => void;
  onSend: (kind: Writes, text: string) => void;
  /** Drafts of another window in the same places. */
  elsewhere: Readonly<Partial<Record<Writes, string>>>;
  onForget: (kind: Writes) => void;
  /** Words the agent chose on a card (R72). */
  fill: Fill | undefined;
  onFilled: () => void;
  /** Files picked for the next reply. */
  picked: readonly File[];
  onPick: Picking;
  /** Sends files after the words; absent where the hub takes none. */
  onFiles?: ((files: readonly File[]) => void) | undefined;
}

/** Nothing of the one may be taken for the other: label, place, hint and button all say where the words go. */
const wordsFor = (kind: Writes, who: string) =>
  kind === 'note'
    ? {
        label: `Note on this chat, ${who} never sees it`,
        place: 'What your colleagues should know',
        hint: 'Enter saves the note',
        button: 'Save note',
        other: 'Back to reply',
        otherKept: 'your reply is kept',
      }
    : {
        label: `Reply to ${who}`,
        place: `Reply to ${who}`,
        hint: 'Enter sends, / finds a reply',
        button: 'Send',
        other: 'Write a note',
        otherKept: 'your note is kept',
      };

/** Looking for a canned reply: open while the text begins with "/", until Escape or a pick. */
function useCanned({ known, replies, onSeek }: Pick<ComposerProps, 'known' | 'replies' | 'onSeek'>, text: string) {
  const sought = soughtIn(text);
  const [closed, close] = useState(false);
  const [at, setAt] = useState(0);
  const [left, setLeft] = useState<readonly string[]>([]);
  const open = sought !== undefined && !closed;
  const found = open && Array.isArray(replies) ? matching(replies, sought) : [];
  const active: CannedReply | undefined = found[Math.min(at, found.length - 1)];
  useEffect(() => {
    if (sought === undefined) close(false);
    setAt(0);
  }, [sought]);
  useEffect(() => {
    if (open) onSeek();
  }, [open]);
  return {
    open,
    found,
    active,
    left,
    /** The words of a reply, ready to be read; what was left out is said. */
    filled(reply: CannedReply): string {
      const { text, left } = fillIn(reply.text, known);
      setLeft(left);
      close(true); // a reply may begin with "/" itself
      return text;
    },
    forget: (): void => setLeft([]),
    close: (): void => close(true),
    move: (by: 1 | -1): void => setAt((Math.min(at, found.length - 1) + by + found.length) % found.length),
  };
}

/**
 * The reply of one conversation (its key), or a note on it: Enter sends, Shift and Enter makes a line; only the agent's
 * own key or click sends (R72). It opens as a reply; each kind keeps a draft of its own. A "/" at the start of a reply
 * finds a canned one, which fills the field and is sent by nothing (R66).
 */
export function Composer(props: ComposerProps) {
  const { who, known, replies, drafts, onSeek, onDraft, onSend, onFiles } = props;
  const [kind, setKind] = useState<Writes>('message');
  const [texts, setTexts] = useState(drafts);
  const field = useRef<HTMLTextAreaElement>(null);
  const turned = useRef(false);
  const text = texts[kind];
  const other: Writes = kind === 'note' ? 'message' : 'note';
  const words = wordsFor(kind, who);
  const shut = props.past && kind === 'message';
  const canned = useCanned({ known, replies, onSeek }, kind === 'message' ? text : '');
  const write = (said: string): void => {
    setTexts({ ...texts, [kind]: said });
    onDraft(kind, said);
  };
  const filling = useFill({
    fill: props.fill,
    onFilled: props.onFilled,
    written: () => texts.message,
    onWrite: (said) => {
      turned.current = true; // where a note was open, the reply's field has the keyboard once it is there
      setKind('message');
      setTexts({ ...texts, message: said });
      onDraft('message', said);
      canned.close(); // words that begin with "/" are no search
      field.current?.focus({ preventScroll: true });
    },
  });
  // A file goes to the visitor: a note has none.
  const attach = useAttach({
    on: onFiles !== undefined && kind === 'message' && !shut,
    picked: props.picked,
    onPick: props.onPick,
  });
  const send = (): void => {
    const said = text.trim();
    if (shut) return;
    if (!said && attach.picked.length === 0) return;
    if (said) onSend(kind, said);
    if (attach.picked.length > 0) onFiles?.(attach.take());
    setTexts({ ...texts, [kind]: '' });
    canned.forget();
    filling.forget();
  };
  const pick = (reply: CannedReply): void => {
    write(canned.filled(reply));
    field.current?.focus({ preventScroll: true });
  };
  /** The list has the arrows, Enter and Escape while it is open: nothing is sent from there. True when the key was used. */
  const inList = (key: string): boolean => {
    if (!canned.open) return false;
    if (key === 'Escape') canned.close();
    else if (key === 'Enter') canned.active && pick(canned.active);
    else if (canned.found.length === 0) return false;
    else if (key === 'ArrowDown') canned.move(1);
    else if (key === 'ArrowUp') canned.move(-1);
    else return false;
    return true;
  };
  useLayoutEffect(() => {
    if (turned.current) field.current?.focus({ preventScroll: true });
  }, [kind]);
  const hint = shut
    ? 'ended more than a day ago'
    : drafts[other]
      ? words.otherKept
      : drafts[kind]
        ? 'draft kept'
        : words.hint;
  return (
    <form
      class={kind === 'note' ? 'composer note-form' : 'composer'}
      id="reply"
      data-writes={kind}
      {...attach.takes}
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
      {canned.open ? (
        <CannedList replies={replies} found={canned.found} active={canned.active} onPick={pick} />
      ) : (
        <p class="left-out" role="status">
          {kind === 'message' ? leftOutWords(canned.left) : ''}
        </p>
      )}
      {filling.said}
      <Elsewhere
        words={props.elsewhere[kind]}
        onAdd={(other) => {
          write(filledWith(text, other));
          props.onForget(kind);
          field.current?.focus({ preventScroll: true });
        }}
        onClose={() => {
          props.onForget(kind);
          field.current?.focus({ preventScroll: true });
        }}
      />
      {attach.chosen}
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
        {...(canned.found.length > 0 ? { 'aria-controls': cannedId } : {})}
        {...(kind === 'message' ? { 'aria-autocomplete': 'list' as const } : {})}
        {...(canned.active ? { 'aria-activedescendant': optionId(canned.active) } : {})}
        onInput={(e) => {
          write(e.currentTarget.value);
          filling.forget();
          if (e.currentTarget.value === '') canned.forget();
        }}
        onKeyDown={(e) => {
          if (e.isComposing) return;
          if (inList(e.key)) return e.preventDefault();
          if (e.key !== 'Enter' || e.shiftKey) return;
          e.preventDefault();
          send();
        }}
      />
      <div class="row">
        <span class="faint">{hint}</span>
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
        {attach.press}
        <button class="btn main" type="submit" aria-disabled={shut}>
          {words.button}
        </button>
      </div>
    </form>
  );
}

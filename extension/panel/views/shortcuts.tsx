import { useEffect, useRef } from 'preact/hooks';
import { searchFieldId } from './search.tsx';

const shortcuts: readonly [string, string][] = [
  ['Ctrl K, ⌘ K or F', 'Search all chats'],
  ['/', 'Find a reply, at the start of the reply field'],
  ['Enter', 'Send the reply, save the note'],
  ['Shift Enter', 'A new line'],
  ['Escape', 'Close a list, a menu, a preview or the search'],
  ['?', 'This list'],
];

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

/** What a key means to the whole panel: single letters count outside fields alone, so that nobody's typing is taken. */
export function meaningOf(
  e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>,
  inField: boolean,
): 'search' | 'list' | undefined {
  const held = e.ctrlKey || e.metaKey;
  if (e.isComposing || e.altKey) return undefined;
  if (held) return e.key.toLowerCase() === 'k' ? 'search' : undefined;
  if (inField) return undefined;
  return e.key === '?' ? 'list' : e.key.toLowerCase() === 'f' ? 'search' : undefined;
}

/** Opens what folds around the field and puts the keyboard into it. */
function toSearch(): void {
  const field = document.getElementById(searchFieldId);
  const fold = field?.closest('details');
  if (fold) fold.open = true;
  (field as HTMLInputElement | null)?.select();
  field?.focus();
}

/** The keys of the panel, listened to here, and their list, opened by "?" or its button. */
export function Shortcuts() {
  const list = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKey = (e: KeyboardEvent): void => {
      if (list.current?.open) return;
      const meaning = meaningOf(e, isField(e.target));
      if (!meaning) return;
      e.preventDefault();
      if (meaning === 'search') toSearch();
      else list.current?.showModal();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button class="btn bare keys" type="button" aria-haspopup="dialog" onClick={() => list.current?.showModal()}>
        Keys
      </button>
      <dialog class="shortcuts" ref={list} aria-labelledby="keys-head">
        <h2 id="keys-head">Keys</h2>
        <dl>
          {shortcuts.map(([keys, what]) => (
            <div key={keys}>
              <dt class="code">{keys}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog">
          <button class="btn" type="submit">
            Close
          </button>
        </form>
      </dialog>
    </>
  );
}

import { useRef, useState } from 'preact/hooks';

interface TagsProps {
  /** The chat's own, in the order they were added. */
  tags: readonly string[];
  /** Tags of other chats of the brand: what this one might have too. */
  known: readonly string[];
  onTag: (tag: string, on: boolean) => void;
}

/** Words that other chats of the queue have and this one does not, each once, by the alphabet. */
export function suggested(tags: readonly string[], known: readonly string[]): string[] {
  const own = new Set(tags.map((t) => t.toLowerCase()));
  const fresh = new Map(known.map((t) => [t.toLowerCase(), t]));
  return [...fresh].flatMap(([word, tag]) => (own.has(word) ? [] : [tag])).sort((a, b) => a.localeCompare(b));
}

/** The tags of a chat, below the name: each with its way out, and a field for the next one (R66). */
export function Tags({ tags, known, onTag }: TagsProps) {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const add = (): void => {
    const tag = text.trim();
    if (!tag) return;
    onTag(tag, true);
    setText('');
  };
  return (
    <details class="chat-tags">
      <summary>
        {tags.length === 0 ? 'No tags' : <span class="sr">Tags: </span>}
        {tags.map((tag) => (
          <span key={tag} class="tag">
            {tag}
          </span>
        ))}
        <span class="change">{tags.length === 0 ? 'Add one' : 'Change'}</span>
      </summary>
      {tags.length > 0 ? (
        <ul class="again">
          {tags.map((tag) => (
            <li key={tag}>
              <button
                class="btn"
                type="button"
                onClick={() => {
                  onTag(tag, false);
                  field.current?.focus({ preventScroll: true }); // the pressed button goes away
                }}
              >
                <span>
                  <span class="sr">Remove the tag </span>
                  {tag} <span aria-hidden="true">×</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <form
        class="again"
        onSubmit={(e) => {
          e.preventDefault();
          add();
        }}
      >
        <label class="sr" for="tag">
          New tag
        </label>
        <input
          id="tag"
          ref={field}
          list="known-tags"
          maxLength={40}
          autocomplete="off"
          placeholder="New tag"
          value={text}
          onInput={(e) => setText(e.currentTarget.value)}
        />
        <datalist id="known-tags">
          {suggested(tags, known).map((tag) => (
            <option key={tag} value={tag} />
          ))}
        </datalist>
        <button class="btn" type="submit">
          Add tag
        </button>
      </form>
    </details>
  );
}

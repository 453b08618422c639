import { useState } from 'preact/hooks';

interface ComposerProps {
  who: string;
  draft: string;
  onDraft: (text: string) => void;
  onSend: (text: string) => void;
}

/** The reply of one conversation (its key): Enter sends, Shift and Enter makes a line; only the agent's own key or click sends (R72). */
export function Composer({ who, draft, onDraft, onSend }: ComposerProps) {
  const [text, setText] = useState(draft);
  const send = (): void => {
    const said = text.trim();
    if (!said) return;
    onSend(said);
    setText('');
  };
  return (
    <form
      class="composer"
      id="reply"
      onSubmit={(e) => {
        e.preventDefault();
        send();
      }}
    >
      <label class="sr" for="text">
        Reply to {who}
      </label>
      <textarea
        id="text"
        maxLength={4000}
        value={text}
        placeholder={`Reply to ${who}`}
        onInput={(e) => {
          setText(e.currentTarget.value);
          onDraft(e.currentTarget.value);
        }}
        onKeyDown={(e) => {
          if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
          e.preventDefault();
          send();
        }}
      />
      <div class="row">
        <span class="faint">{draft ? 'draft kept' : 'Enter sends, Shift+Enter adds a line'}</span>
        <button class="btn main" type="submit">
          Send
        </button>
      </div>
    </form>
  );
}

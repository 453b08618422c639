import type { JSX } from 'preact';
import { PostForm } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** The page Replies. */
export interface RepliesProps {
  frame: Frame;
  /** By name. */
  replies: readonly { id: string; name: string; text: string; version: number }[];
  done?: string;
  /** What could not be kept, as it was sent, and why; with `id` it was a change. */
  refused?: { id?: string; name: string; text: string; words: string };
}

/** What agents fill in by "/": a short name to find it, and the words (R66). Each has a form of its own, without script. */
export function RepliesPage({ frame, replies, done, refused }: RepliesProps): JSX.Element {
  return (
    <Shell
      frame={frame}
      here="chat"
      up={{ href: paths.chat, label: 'Chat' }}
      title="Replies"
      lede="Words your agents send often. They type / in the reply, pick one by its name, read it and send it themselves."
    >
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      {replies.length === 0 ? (
        <p class="none">No reply yet. Write the first one below.</p>
      ) : (
        <ul class="canned">
          {replies.map((r) => (
            <li key={r.id}>
              <h2>/{r.name}</h2>
              <p>{r.text}</p>
              <details open={refused?.id === r.id}>
                <summary>
                  Change<span class="sr"> {r.name}</span>
                </summary>
                <ReplyForm csrf={frame.csrf} of={r} refused={refused?.id === r.id ? refused : undefined} />
                <PostForm action={paths.removeReply} csrf={frame.csrf} class="acts">
                  <input type="hidden" name="id" value={r.id} />
                  <input type="hidden" name="version" value={r.version} />
                  <button class="btn" type="submit">
                    Remove “{r.name}”
                  </button>
                </PostForm>
              </details>
            </li>
          ))}
        </ul>
      )}
      <section aria-labelledby="new">
        <h2 id="new">Write a reply</h2>
        <p class="dim">
          <code>{'{{name}}'}</code> becomes the visitor’s first name, <code>{'{{agent}}'}</code> the agent’s. A name
          nobody knows is left out, and the agent sees that before sending.
        </p>
        <ReplyForm csrf={frame.csrf} refused={refused && refused.id === undefined ? refused : undefined} />
      </section>
    </Shell>
  );
}

function ReplyForm(p: {
  csrf: string;
  of?: RepliesProps['replies'][number];
  refused: RepliesProps['refused'];
}): JSX.Element {
  const { csrf, of, refused } = p;
  const at = of?.id ?? 'new-reply';
  const wrong = refused ? { 'aria-invalid': true as const, 'aria-describedby': `wrong-${at}` } : {};
  return (
    <PostForm action={paths.replies} csrf={csrf} class="fill wide">
      {of && <input type="hidden" name="id" value={of.id} />}
      {of && <input type="hidden" name="version" value={of.version} />}
      {refused && (
        <p class="trouble" id={`wrong-${at}`} role="alert">
          {refused.words} Nothing was saved.
        </p>
      )}
      <label for={`name-${at}`}>Short name</label>
      <input
        id={`name-${at}`}
        name="name"
        required
        maxLength={40}
        autocomplete="off"
        value={refused?.name ?? of?.name}
        {...wrong}
      />
      <label for={`text-${at}`}>Words</label>
      <textarea id={`text-${at}`} name="text" required maxLength={2000} rows={4} {...wrong}>
        {refused?.text ?? of?.text}
      </textarea>
      <div class="acts">
        <button class={of ? 'btn' : 'btn main'} type="submit">
          {of ? 'Save the change' : 'Save the reply'}
        </button>
      </div>
    </PostForm>
  );
}

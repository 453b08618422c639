import { useState } from 'preact/hooks';
import { type Entry, isOver, isPast } from '#contract/chat.ts';

/** The pressed button is gone: the one that takes its place gets the focus (UI.md 6). */
const focus = (button: HTMLButtonElement | null): void => button?.focus({ preventScroll: true });

/** Ends a chat in two steps, the second of which names the person; a chat that is over says how it goes on. */
export function EndChat(props: {
  entries: readonly Entry[];
  who: string;
  now: number;
  /** A file is picked for the next reply: it is neither sent nor lost by an end. */
  picked: boolean;
  onEnd: () => void;
}) {
  const { entries, who, now, picked, onEnd } = props;
  const [sure, ask] = useState(false);
  const [back, setBack] = useState(false);
  if (isOver(entries))
    return (
      <p class="strip-note" role="status">
        {isPast(entries, now)
          ? `This chat ended more than a day ago. ${who} would not read a reply here; notes are kept.`
          : 'This chat has ended. A message from either of you opens it again, for a day.'}
      </p>
    );
  if (!sure)
    return (
      <p class="chat-end">
        <button class="btn bare" type="button" data-act="end" ref={back ? focus : null} onClick={() => ask(true)}>
          End chat
        </button>
      </p>
    );
  return (
    <fieldset class="chat-end">
      <legend class="sr">End chat</legend>
      <p>
        {picked
          ? 'You picked a file that is not sent yet. Send it or remove it first.'
          : `End the chat with ${who}? It leaves the queue; ${who} can take a copy and write again within a day.`}
      </p>
      <p class="again">
        {picked ? null : (
          <button
            class="btn"
            type="button"
            data-act="end-sure"
            onClick={() => {
              ask(false);
              onEnd();
            }}
          >
            End the chat with {who}
          </button>
        )}
        <button
          class="btn bare"
          type="button"
          ref={focus}
          onClick={() => {
            setBack(true);
            ask(false);
          }}
        >
          Cancel
        </button>
      </p>
    </fieldset>
  );
}

/** Beside the name: this visitor was told that chats are recorded and did not say yes, so this one is left out (R63). */
export const NotRecorded = ({ on }: { on: boolean | undefined }) =>
  on ? (
    <p class="strip-note">
      <b>Not recorded.</b> Leave this chat out of training and quality reviews.
    </p>
  ) : null;

import type { CannedReply } from '#contract/chat.ts';
import { count, start } from '../../../server/i18n/en.ts';
import type { PanelState } from '../state.ts';

/** Ids of the list and its rows, for the field that points at them. */
export const cannedId = 'canned';
/** Id of one row. */
export const optionId = (reply: CannedReply): string => `${cannedId}-${reply.id}`;

interface CannedProps {
  replies: PanelState['replies'];
  found: readonly CannedReply[];
  active: CannedReply | undefined;
  onPick: (reply: CannedReply) => void;
}

function stateWords({ replies, found }: Pick<CannedProps, 'replies' | 'found'>): string {
  if (replies === undefined) return 'Reading the replies.';
  if (replies === 'failed') return 'Could not read the replies. Escape closes this.';
  if (replies.length === 0) return 'No replies yet. An owner or admin writes them in the console. Escape closes this.';
  if (found.length === 0) return 'No reply has these words. Escape closes this.';
  return `${start(count(found.length, 'reply', 'replies'))}. Enter fills one in, Escape closes this.`;
}

/** The replies that fit what was typed behind "/": picking one fills the composer and sends nothing (R72). */
export function CannedList(props: CannedProps) {
  const { found, active, onPick } = props;
  return (
    <div class="canned-box">
      <p class="faint" role="status">
        {stateWords(props)}
      </p>
      {found.length > 0 ? (
        <div role="listbox" id={cannedId} aria-label="Replies">
          {found.map((reply) => (
            <div
              key={reply.id}
              id={optionId(reply)}
              role="option"
              tabIndex={-1}
              aria-selected={reply === active}
              ref={reply === active ? (row) => row?.scrollIntoView({ block: 'nearest' }) : null}
              onMouseDown={(e) => e.preventDefault()} // the field keeps the keyboard
              onClick={() => onPick(reply)}
              // The field keeps the keyboard; a reader that moves it onto a reply picks with the same keys.
              onKeyDown={(e) => {
                if (e.key !== 'Enter' && e.key !== ' ') return;
                e.preventDefault();
                onPick(reply);
              }}
            >
              <b>{reply.name}</b> <span class="line">{reply.text}</span>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}

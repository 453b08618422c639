import { useRef, useState } from 'preact/hooks';
import type { Colleague } from '#contract/calls-agent.ts';
import type { QueueRow } from '#contract/chat.ts';
import { count } from '../../../server/i18n/en.ts';
import { others } from '../holder.ts';
import type { PanelState } from '../state.ts';

interface HolderProps {
  row: QueueRow | undefined;
  me: PanelState['me'];
  colleagues: PanelState['colleagues'];
  onAssign: (to: string, note?: string) => void;
  onSeek: () => void;
}

/** "available, two open chats" */
const about = (c: Colleague): string => `${c.available ? 'available' : 'away'}, ${count(c.open, 'open chat')}`;

/** Colleagues to hand the chat to, with a word for them; the list is read anew each time it is opened. */
function Transfer({ me, colleagues, onAssign, onSeek }: Omit<HolderProps, 'row'>) {
  const box = useRef<HTMLDetailsElement>(null);
  const [note, setNote] = useState('');
  const [to, setTo] = useState('');
  const list = Array.isArray(colleagues) ? others(colleagues, me?.id) : undefined;
  const there = list?.some((c) => c.id === to) ?? false;
  return (
    <details
      ref={box}
      class="transfer"
      onToggle={(e) => {
        if (e.currentTarget.open) onSeek();
      }}
    >
      <summary>
        <span class="change">Transfer</span>
      </summary>
      {colleagues === 'failed' ? (
        <p class="again" role="alert">
          Could not read who is there.{' '}
          <button class="btn" type="button" onClick={onSeek}>
            Try again
          </button>
        </p>
      ) : list === undefined ? (
        <p class="dim" role="status">
          Reading who is there
        </p>
      ) : list.length === 0 ? (
        <p class="dim">Nobody else answers chats here.</p>
      ) : (
        <form
          onSubmit={(e) => {
            e.preventDefault();
            if (!there) return;
            onAssign(to, note);
            setNote('');
            setTo('');
            if (box.current) box.current.open = false;
            box.current?.querySelector('summary')?.focus({ preventScroll: true });
          }}
        >
          <fieldset>
            <legend>Transfer to</legend>
            {list.map((c) => (
              <label key={c.id}>
                <input type="radio" name="to" required checked={c.id === to} onChange={() => setTo(c.id)} />
                <span>
                  {c.name} <small>{about(c)}</small>
                </span>
              </label>
            ))}
          </fieldset>
          <label for="handing">A word for your colleague, if you like</label>
          <textarea
            id="handing"
            rows={2}
            maxLength={4000}
            value={note}
            onInput={(e) => setNote(e.currentTarget.value)}
          />
          <button class="btn" type="submit">
            Transfer the chat
          </button>
        </form>
      )}
    </details>
  );
}

/** Who holds the chat, at its head: take it, or hand it on (R66). */
export function Holder(props: HolderProps) {
  const { row, me, onAssign } = props;
  const held = useRef<HTMLDivElement>(null);
  if (!row || !me) return null;
  const { assignee } = row;
  const mine = assignee?.id === me.id;
  return (
    <div class="holder" ref={held}>
      <p role="status" tabIndex={-1}>
        {mine ? 'With you' : assignee ? `With ${assignee.name}` : 'Nobody has this chat yet'}
        {row.leftOffline ? ', left while away' : ''}
      </p>
      {mine ? null : (
        <button
          class="btn"
          type="button"
          data-act="take"
          onClick={() => {
            onAssign(me.id);
            held.current?.querySelector('p')?.focus({ preventScroll: true }); // the pressed button goes away
          }}
        >
          {assignee ? 'Take over' : 'Take'}
        </button>
      )}
      <Transfer key={row.conversation} {...props} />
    </div>
  );
}

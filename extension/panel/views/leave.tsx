import { useEffect, useRef } from 'preact/hooks';
import { start } from '../../../server/i18n/en.ts';
import { Icon, Through } from '../kit/icons.tsx';
import { type Leave, mayLeave } from '../state.ts';
import { heldWords, lackingWords, previewCounts, purposeLine, sendWords, stayWords } from '../words.ts';
import { Partner } from './person.tsx';
import { Dots } from './reveal.tsx';

interface LeaveProps {
  leave: Leave;
  who: string;
  offline: boolean;
  /** The person can be asked for this now; offered where nothing may leave. */
  mayAsk: boolean;
  onAsk: () => void;
  onSend: () => void;
  onCancel: () => void;
  onRetry: () => void;
}

/** Rows of the gate: leaving ones first, in the adapter's order; staying ones show the reason, never the value. */
function Gate({ leave, who }: { leave: Leave; who: string }) {
  const rows = leave.preview?.rows ?? [];
  return (
    <>
      <p class="sides" aria-hidden="true">
        <span>stays in this hub</span>
        <span>leaves</span>
      </p>
      <ul class="gate">
        {rows.map((row) =>
          row.leaves ? (
            <li key={row.field} data-field={row.field} data-leaves="yes">
              <span class="what">{start(row.label)}</span>
              <span>{row.hidden ? <Dots of={row.value} /> : row.value}</span>
              <Through />
            </li>
          ) : null,
        )}
        {rows.map((row) =>
          row.leaves ? null : (
            <li key={row.field} class="stays" data-field={row.field} data-leaves="no">
              <span class="what">{start(row.label)}</span>
              <span class="why">
                {stayWords(row, who, leave.partner)}
                <span class="sr"> Stays here.</span>
              </span>
            </li>
          ),
        )}
      </ul>
    </>
  );
}

/** The send preview: opens above the reply, never over it (UI.md 3). */
export function LeavePreview(props: LeaveProps) {
  const { leave, who, offline, mayAsk, onAsk, onSend, onCancel, onRetry } = props;
  const head = useRef<HTMLHeadingElement>(null);
  const { preview, status } = leave;
  const rows = preview?.rows ?? [];
  const lacking = preview?.lacking ?? [];
  const may = mayLeave(preview);
  const sendable = may && status === 'ready';
  useEffect(() => {
    const opener = document.activeElement;
    head.current?.focus();
    return () => {
      // Back to where it was opened from, unless the keyboard has gone elsewhere meanwhile.
      const gone = document.activeElement === document.body;
      if (gone && opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);
  return (
    <section
      class="leave"
      aria-labelledby="leave"
      onKeyDown={(e) => {
        if (e.key === 'Escape' && status !== 'sending') onCancel();
      }}
    >
      <div class="title">
        <h2 id="leave" tabIndex={-1} ref={head}>
          Send to <Partner of={{ partner: leave.partner, sandbox: preview?.sandbox ?? false }} />
        </h2>
        <p class="dim">
          {preview ? `${purposeLine(preview.because, who)}. ${previewCounts(rows)}` : null}
          {status === 'loading' ? 'Reading what may leave.' : null}
        </p>
        {status === 'failed' ? <p role="alert">Could not read what may leave. {leave.cause}</p> : null}
        {preview?.stopped ? <p role="status">{heldWords(leave.partner)}</p> : null}
        {lacking.length > 0 ? <p>{lackingWords(lacking, leave.partner)}</p> : null}
        {offline && preview ? <p>Will be decided again when online.</p> : null}
      </div>
      {preview ? <Gate leave={leave} who={who} /> : null}
      <div class="acts">
        {status === 'failed' ? (
          <button class="btn" type="button" onClick={onRetry}>
            Try again
          </button>
        ) : (
          <button
            class={sendable || status === 'sending' ? 'btn main' : 'btn'}
            type="button"
            data-act="leave"
            aria-disabled={sendable ? undefined : 'true'}
            onClick={() => (sendable ? onSend() : undefined)}
          >
            {sendable ? <Icon name="send" /> : null}
            {status === 'sending' ? 'Sending' : status === 'loading' ? 'Reading' : sendWords(may ? rows : [])}
          </button>
        )}
        {mayAsk && status === 'ready' && !may && lacking.length === 0 ? (
          <button class="btn" type="button" data-act="ask-first" onClick={onAsk}>
            Ask in the chat
          </button>
        ) : null}
        <button class="btn" type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </section>
  );
}

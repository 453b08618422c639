import type { Panel } from '../panel.ts';
import type { PanelState } from '../state.ts';
import { ShareLine } from './talk.tsx';

interface ResultProps {
  state: PanelState;
  panel: Panel;
  who: string;
  id: string;
}

/** What became of the last send, and what did not work; kept until it is closed, never a toast (UI.md 7). */
export function Result({ state, panel, who, id }: ResultProps) {
  const { result, notice } = state;
  const refused = state.outbox.filter((o) => o.kind === 'share' && o.conversation === id && o.state === 'failed');
  const mine = result?.conversation === id ? result : undefined;
  const all = state.talks[id]?.entries ?? [];
  const ledger = state.talks[id]?.view?.ledger;
  const entry = all.findLast((e) => e.kind === 'share' && e.share === mine?.share);
  return (
    <div class="results">
      <div role="status">
        {mine && !refused.some((o) => o.clientId === mine.clientId) ? (
          <p class="result" data-state={entry?.kind === 'share' ? entry.state : 'waiting'}>
            <span>
              {entry?.kind === 'share' ? (
                <>
                  <ShareLine entry={entry} who={who} all={all} />{' '}
                  {ledger && entry.state !== 'waiting' ? (
                    <a href={ledger} target="_blank" rel="noreferrer">
                      In the ledger
                    </a>
                  ) : null}
                </>
              ) : (
                'Waiting for the hub to decide.'
              )}
            </span>
            <button class="btn bare" type="button" onClick={panel.closeResult}>
              Close
            </button>
          </p>
        ) : null}
      </div>
      <div role="alert">
        {refused.map((o) => (
          <p key={o.clientId} class="result">
            <span>
              Not sent to {o.kind === 'share' ? o.partner : ''}. {o.cause}
            </span>
            <button class="btn bare" type="button" onClick={() => panel.again(o.clientId)}>
              Send again
            </button>
            <button class="btn bare" type="button" onClick={() => panel.discard(o.clientId)}>
              Close
            </button>
          </p>
        ))}
        {notice?.conversation === id ? <p class="result">{notice.text}</p> : null}
      </div>
    </div>
  );
}

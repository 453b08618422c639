import { useEffect, useState } from 'preact/hooks';
import type { Entry } from '#contract/chat.ts';

type Share = Extract<Entry, { kind: 'share' }>;
/** A share that did not, or not yet, end as it should. */
type Troubled = Share & { state: 'waiting' | 'failed' | 'unknown' };
const isTroubled = (line: Share): line is Troubled => line.state !== 'sent' && line.state !== 'withheld';

/** A card that is not drawn by then says so; the chat goes on (R69). */
const cardMs = 5_000;

/** The newest line about the last thing that was sent to a partner, and when that was pressed; nothing where all is well. */
export function troubleOf(
  entries: readonly Entry[],
  integration: string,
): { line: Troubled; since: number } | undefined {
  const shares = entries.filter((e): e is Share => e.kind === 'share' && e.integration === integration);
  const line = shares.at(-1);
  if (!line || !isTroubled(line)) return undefined;
  const first = shares.find((e) => e.share === line.share) ?? line;
  return { line, since: Date.parse(first.at) };
}

/** Why a card is not drawn (UI.md 5, 32 and 33); `late`: it was asked for more than five seconds ago. */
export function troubleWords({ partner, state, why, cause }: Share, late: boolean): string {
  const slow = `${partner} took longer than 5 seconds. The chat is not affected.`;
  if (state === 'waiting') return cause ? `${cause} It goes by itself when it can.` : late ? slow : `Asking ${partner}`;
  if (why === 'slow') return slow;
  if (why === 'unreadable')
    return `${partner} sent something we could not draw. An owner or admin can see it under Connections.`;
  return `${cause ?? `${partner} did not take it.`} The chat is not affected.`;
}

interface TroubleProps {
  trouble: NonNullable<ReturnType<typeof troubleOf>>;
  now: number;
  /** Opens the preview: what leaves is decided and shown again, and has a ledger row of its own (R71). */
  onAgain: (purpose: Share['purpose']) => void;
}

/** One sentence in a card about what did not come, with the way to ask again where that helps (R70). */
export function CardTrouble({ trouble: { line, since }, now, onAgain }: TroubleProps) {
  const left = since + cardMs - now;
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    setPassed(false);
    if (line.state !== 'waiting' || left <= 0) return;
    const timer = setTimeout(() => setPassed(true), left);
    return () => clearTimeout(timer);
  }, [line.share, line.state]);
  return (
    <div class="card-trouble" data-state={line.state}>
      <p role="status">{troubleWords(line, passed || left <= 0)}</p>
      {line.state === 'waiting' ? null : (
        <p class="again">
          <button class="btn" type="button" data-act="try-again" onClick={() => onAgain(line.purpose)}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Card } from '#contract/chat.ts';
import type { CardLayout } from '#contract/layout.ts';
import { folded, moved, neighbour, pinned } from '../layout.ts';

/** How the cards are arranged now, and what changes that. */
export interface Arranging {
  layout: CardLayout;
  onArrange: (change: (from: CardLayout) => CardLayout) => void;
}

interface ArrangedProps extends Arranging {
  card: Pick<Card, 'integration' | 'partner'>;
  /** Ids of all cards as they stand now. */
  shown: readonly string[];
  /** Says what was done, for readers. */
  onSay: (words: string) => void;
  children: ComponentChildren;
}

/** "HubSpot moved up, 1 of 3": what an arrangement came to, for readers. */
const said = (partner: string, what: string, at: number, of: number): string =>
  `${partner} ${what}, ${at + 1} of ${of}`;

/** One card with its menu: up, down and pin by button, so that no pointer is needed (R73). */
export function ArrangedCard({ card, shown, layout, onArrange, onSay, children }: ArrangedProps) {
  const { integration: id, partner } = card;
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  /** The button that was pressed last; it moves with its card, and the keyboard stays on it. */
  const held = useRef<HTMLElement | undefined>(undefined);
  const at = shown.indexOf(id);
  const isPinned = layout.pinned.includes(id);
  useLayoutEffect(() => {
    held.current?.focus({ preventScroll: true });
    held.current?.scrollIntoView({ block: 'nearest' });
    held.current = undefined;
  }, [at, isPinned]);
  const move = (by: 1 | -1) => (e: Event) => {
    if (neighbour(layout, shown, id, by) === undefined) return;
    held.current = e.currentTarget as HTMLElement;
    onArrange((from) => moved(from, shown, id, by));
    onSay(said(partner, by < 0 ? 'moved up' : 'moved down', at + by, shown.length));
  };
  const pin = (e: Event): void => {
    held.current = e.currentTarget as HTMLElement;
    onArrange((from) => pinned(from, id, !isPinned));
    const above = shown.filter((one) => one !== id && layout.pinned.includes(one)).length;
    onSay(isPinned ? `${partner} no longer pinned` : said(partner, 'pinned', above, shown.length));
  };
  const close = (): void => {
    setOpen(false);
    box.current?.querySelector<HTMLElement>('.arrange')?.focus({ preventScroll: true });
  };
  const step = (by: 1 | -1, words: string) => (
    <button
      class="btn"
      type="button"
      data-act={by < 0 ? 'up' : 'down'}
      aria-disabled={neighbour(layout, shown, id, by) === undefined}
      onClick={move(by)}
    >
      {words}
    </button>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the menu wherever the keyboard is inside it
    <div
      class="card-box"
      ref={box}
      onKeyDown={(e) => {
        if (!open || e.key !== 'Escape') return;
        e.stopPropagation();
        close();
      }}
    >
      <button
        class="btn bare arrange"
        type="button"
        aria-expanded={open}
        aria-label={`Arrange ${partner}${isPinned ? ', pinned' : ''}`}
        onClick={() => setOpen(!open)}
      >
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d={isPinned ? 'M5.5 2h5v5l2 2.5h-9l2-2.5zM8 9.5V14' : 'M3 8h.1M8 8h.1M13 8h.1'} />
        </svg>
      </button>
      {open ? (
        <p class="arrange-acts">
          {step(-1, 'Move up')}
          {step(1, 'Move down')}
          <button class="btn" type="button" data-act="pin" onClick={pin}>
            {isPinned ? 'Unpin' : 'Pin'}
          </button>
        </p>
      ) : null}
      {children}
    </div>
  );
}

/** Open and closed of one block, kept with the layout. */
export const foldOf = ({ layout, onArrange }: Arranging, id: string) => ({
  open: !layout.folded.includes(id),
  /** The browser also tells of a change that came from the layout itself. */
  onToggle: (e: { currentTarget: EventTarget }): void => {
    const shut = !(e.currentTarget as HTMLDetailsElement).open;
    if (shut !== layout.folded.includes(id)) onArrange((from) => folded(from, id, shut));
  },
});

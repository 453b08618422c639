import type { HubClient } from '#contract/client.ts';
import type { CardLayout } from '#contract/layout.ts';

/** Cards as they come, before the hub said how this agent arranged them. */
export const plainLayout: CardLayout = { version: 0, order: [], pinned: [], folded: [] };

/** The block about the person among the folded ones. */
export const aboutFold = 'about';

/** The hub takes no longer list; what is dropped here is longest gone. */
const most = 200;

/** Pinned ones first, each group in the kept order; what nobody placed yet comes after, as it came (R73). */
export function arranged<T extends { integration: string }>(cards: readonly T[], layout: CardLayout): T[] {
  const place = ({ integration }: T): number => {
    const at = layout.order.indexOf(integration);
    return at < 0 ? layout.order.length : at;
  };
  const group = ({ integration }: T): number => (layout.pinned.includes(integration) ? 0 : 1);
  return [...cards].sort((a, b) => group(a) - group(b) || place(a) - place(b));
}

const without = (list: readonly string[], id: string): string[] => list.filter((one) => one !== id);
/** In the list or not, at its end. */
const put = (list: readonly string[], id: string, on: boolean): string[] =>
  on ? [...without(list, id), id].slice(-most) : without(list, id);

/** The card one place up or down; `shown` is how they stand now. The same layout where it stands at the end of its group. */
export function moved(layout: CardLayout, shown: readonly string[], id: string, by: 1 | -1): CardLayout {
  const other = neighbour(layout, shown, id, by);
  if (other === undefined) return layout;
  // Cards of other chats keep their places among those that are shown here.
  const order = [...layout.order, ...shown.filter((one) => !layout.order.includes(one))].slice(-most);
  const [a, b] = [order.indexOf(id), order.indexOf(other)];
  return { ...layout, order: order.with(a, other).with(b, id) };
}

/** What a card would change places with; undefined at the end of its group: pinned cards stay above the others. */
export function neighbour(layout: CardLayout, shown: readonly string[], id: string, by: 1 | -1): string | undefined {
  const other = shown[shown.indexOf(id) + by];
  const isPinned = (one: string): boolean => layout.pinned.includes(one);
  return other !== undefined && isPinned(other) === isPinned(id) ? other : undefined;
}

/** The card above the others, or back among them. */
export const pinned = (layout: CardLayout, id: string, on: boolean): CardLayout => ({
  ...layout,
  pinned: put(layout.pinned, id, on),
});

/** The card as its head alone, or whole. */
export const folded = (layout: CardLayout, id: string, on: boolean): CardLayout => ({
  ...layout,
  folded: put(layout.folded, id, on),
});

/** What keeping a layout needs of the panel around it. */
interface Around {
  client: HubClient;
  layout: () => CardLayout;
  update: (layout: CardLayout) => void;
  /** True when an error means that nothing more may be shown; it has been dealt with then. */
  endedBy: (error: unknown) => boolean;
}

/** Shows a layout at once and keeps it at the hub in the background; what could not be kept goes again when the hub is back. */
export function arranging({ client, layout, update, endedBy }: Around) {
  let unsaved = false;
  let stale = false;
  let busy = false;

  async function exchange(): Promise<void> {
    const saving = unsaved;
    unsaved = false;
    stale = false;
    try {
      const { order, pinned, folded } = layout();
      const kept = await (saving
        ? client.call('panelArrange', { order, pinned, folded })
        : client.call('panelLayout', {}));
      // What was arranged here meanwhile is newer than any answer, and goes next.
      if (!unsaved && kept.version > layout().version) update(kept);
    } catch (error) {
      unsaved ||= saving;
      throw error;
    }
  }
  async function run(): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      do await exchange();
      while (unsaved || stale);
    } catch (error) {
      endedBy(error);
    } finally {
      busy = false;
    }
  }

  return {
    /** Another window arranged, or the hub is back: what waits here is kept, else what is there is read. */
    reread(): void {
      stale = true;
      void run();
    },
    arrange(change: (from: CardLayout) => CardLayout): void {
      const to = change(layout());
      if (to === layout()) return;
      update(to);
      unsaved = true;
      void run();
    },
  };
}

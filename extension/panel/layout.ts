import type { HubClient, HubError } from '#contract/client.ts';
import type { CardLayout } from '#contract/layout.ts';
import { brandOf } from './brands.ts';
import type { PanelState } from './state.ts';

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

/** What keeping layouts needs of the panel around it. */
interface Around {
  client: HubClient;
  state: () => PanelState;
  update: (change: Partial<PanelState>) => void;
  /** True when an error means that nothing more may be shown; it has been dealt with then. */
  endedBy: (error: unknown) => boolean;
}

/**
 * Shows a layout at once and keeps it at the hub in the background; what could not be kept goes again when the hub is
 * back. Each brand has its own, saved by a chat of it: no call names a brand (R64).
 */
export function arranging({ client, state, update, endedBy }: Around) {
  /** Brands whose layout waits, with the chat it was arranged in. */
  const unsaved = new Map<string, string>();
  let stale = false;
  let busy = false;

  const of = (brand: string): CardLayout => state().layouts[brand] ?? plainLayout;
  const show = (brand: string, layout: CardLayout): void =>
    update({ layouts: { ...state().layouts, [brand]: layout } });
  /** What was arranged here meanwhile is newer than any answer, and goes next. */
  const kept = (brand: string, layout: CardLayout): void => {
    if (!unsaved.has(brand) && layout.version > of(brand).version) show(brand, layout);
  };
  async function save(brand: string, chat: string): Promise<void> {
    unsaved.delete(brand);
    try {
      const { order, pinned, folded } = of(brand);
      kept(brand, await client.call('panelArrange', { order, pinned, folded }, chat));
    } catch (error) {
      const gone = (error as HubError).status === 404; // a brand that is not the agent's any more
      if (!gone && !unsaved.has(brand)) unsaved.set(brand, chat);
      throw error;
    }
  }
  async function read(): Promise<void> {
    stale = false;
    const { layouts } = await client.call('panelLayout', {});
    for (const [brand, layout] of Object.entries(layouts)) kept(brand, layout);
  }
  async function run(): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      while (unsaved.size > 0 || stale) {
        const [next] = unsaved;
        await (next ? save(...next) : read());
      }
    } catch (error) {
      endedBy(error);
    } finally {
      busy = false;
    }
  }

  return {
    /** Another window arranged, or the hub is back: what waits here is kept, and what is there is read. */
    reread(): void {
      stale = true;
      void run();
    },
    /** Arranges the cards of this chat's brand. */
    arrange(conversation: string, change: (from: CardLayout) => CardLayout): void {
      const brand = brandOf(state(), conversation)?.id;
      if (brand === undefined) return;
      const to = change(of(brand));
      if (to === of(brand)) return;
      show(brand, to);
      unsaved.set(brand, conversation);
      void run();
    },
  };
}

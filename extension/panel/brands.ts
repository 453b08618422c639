import type { ServedBrand } from '#contract/calls-agent.ts';
import type { OfBrand, QueueRow } from '#contract/chat.ts';
import { count, list, start } from '../../server/i18n/en.ts';
import type { PanelStorage } from './outbox.ts';
import type { PanelState } from './state.ts';

/** Whose chats the panel shows: one brand by name, else how many there are; nothing before the first answer (R64). */
export const brandsWords = (brands: readonly ServedBrand[]): string =>
  brands.length < 2 ? (brands[0]?.name ?? '') : start(count(brands.length, 'brand'));

/** "Harbor Boats asks for a second step, so its chats are left out." and how to give it (BA1); `paired`: this is an extension. */
export function stepAskedWords(brands: readonly string[], paired: boolean): string {
  const [ask, whose] = brands.length === 1 ? ['asks', 'its'] : ['ask', 'their'];
  const how = `Set yours up in the console, behind your name at its top${paired ? ', then pair this browser again' : ''}.`;
  return `${list(brands)} ${ask} for a second step, so ${whose} chats are left out here. ${how}`;
}

/** "You are away for Harbor Boats.": where somebody available is not; brands keep their own (R64). */
export function awayForWords(brands: readonly ServedBrand[]): string | undefined {
  const away = brands.filter((b) => !b.available);
  return away.length === 0 || away.length === brands.length
    ? undefined
    : `You are away for ${list(away.map((b) => b.name))}.`;
}

type Chats = Pick<PanelState, 'brands' | 'rows' | 'talks'>;

/** The brand of a chat, as far as the panel knows it. */
export function brandOf({ brands, rows, talks }: Chats, conversation: string): ServedBrand | undefined {
  const id = talks[conversation]?.view?.brand ?? rows.find((r) => r.conversation === conversation)?.brand;
  return brands.find((b) => b.id === id);
}

/** The name that tells a chat from those of other brands; undefined where the agent serves one alone (R64). */
export const toldApart = (brands: readonly ServedBrand[], id: string | undefined): string | undefined =>
  brands.length > 1 ? brands.find((b) => b.id === id)?.name : undefined;

/** The rows of the brand the agent chose to see; all of them where none was chosen, or it is gone. */
export const rowsOfChosen = ({ brands, rows, brand }: Pick<PanelState, 'brands' | 'rows' | 'brand'>) =>
  toldApart(brands, brand) === undefined ? rows : rows.filter((r) => r.brand === brand);

/** What is used in this brand's chats, of what came for all of them. */
export const inBrand = <T>(
  all: readonly OfBrand<T>[] | 'failed' | undefined,
  brand: ServedBrand | undefined,
): readonly OfBrand<T>[] | 'failed' | undefined =>
  Array.isArray(all) ? all.filter((one) => one.brand === brand?.id) : (all as 'failed' | undefined);

/** Rows for an alert, which names the brand too where there are several: "Ada Brandt (Harbor Boats)". */
export const rowsToTell = <Row extends Pick<QueueRow, 'title' | 'brand'>>(
  rows: readonly Row[],
  brands: readonly ServedBrand[],
): readonly Row[] =>
  brands.length < 2 ? rows : rows.map((r) => ({ ...r, title: `${r.title} (${toldApart(brands, r.brand)})` }));

/** What stays where only these brands are served now: of a chat that is not known to be theirs, nothing does. */
function leftOf(state: PanelState, brands: readonly ServedBrand[], rows: readonly QueueRow[]): Partial<PanelState> {
  const ids = new Set(brands.map((b) => b.id));
  const ours = (id: string): boolean =>
    rows.some((r) => r.conversation === id) || ids.has(state.talks[id]?.view?.brand ?? '');
  const { search, replies, colleagues } = state;
  return {
    ...ofChats(state, ours),
    layouts: Object.fromEntries(Object.entries(state.layouts).filter(([id]) => ids.has(id))),
    search: search && { ...search, hits: search.hits.filter((h) => ids.has(h.brand)) },
    replies: Array.isArray(replies) ? replies.filter((r) => ids.has(r.brand)) : replies,
    colleagues: Array.isArray(colleagues) ? colleagues.filter((c) => ids.has(c.brand)) : colleagues,
  };
}

/** What the panel holds of single chats, without those that are not `ours` any more. */
function ofChats(state: PanelState, ours: (id: string) => boolean) {
  const only = <T extends { conversation: string }>(one: T | undefined): T | undefined =>
    one && ours(one.conversation) ? one : undefined;
  const byChat = <T>(all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([key]) => ours(key.split('/')[0] ?? '')));
  return {
    talks: byChat(state.talks),
    drafts: byChat(state.drafts),
    elsewhere: byChat(state.elsewhere),
    outbox: state.outbox.filter((o) => ours(o.conversation)),
    typing: state.typing.filter(ours),
    selected: state.selected !== undefined && ours(state.selected) ? state.selected : undefined,
    fill: only(state.fill),
    jump: only(state.jump),
    leave: only(state.leave),
    result: only(state.result),
    notice: only(state.notice),
  };
}

/** Takes out of storage what the state holds no more: drafts, and what was still to be sent. */
async function wipe(storage: PanelStorage, left: Partial<PanelState>): Promise<void> {
  const sent = new Set(left.outbox?.map((o) => o.clientId));
  for (const key of Object.keys(await storage.all('draft/')))
    if (!(key.slice(6) in (left.drafts ?? {}))) await storage.set(key, undefined);
  for (const key of Object.keys(await storage.all('outbox/')))
    if (!sent.has(key.slice(7))) await storage.set(key, undefined);
}

/**
 * The hub has no such chat any more, for its visitor was forgotten or it is another brand's: nothing of it is kept, in the
 * state or in storage. It stays selected, so that nobody writes on into another chat unawares.
 */
export async function withoutChat(
  { storage, state }: { storage: PanelStorage; state: () => PanelState },
  id: string,
): Promise<Partial<PanelState>> {
  const left = () => ofChats(state(), (one) => one !== id);
  await wipe(storage, left());
  const { search, rows, selected } = state(); // as it is now: the storage took its time
  return {
    ...left(),
    talks: { ...left().talks, [id]: { status: 'gone', entries: [] } },
    rows: rows.filter((r) => r.conversation !== id),
    selected,
    search: search && { ...search, hits: search.hits.filter((h) => h.conversation !== id) },
  };
}

/**
 * Watches which brands are served: where one is gone, also since the panel was last open, nothing of it is kept, in the
 * state or in storage (SECURITY.md 6, "Data shown"). A draft for an ended chat nobody opened since goes with it: whose it
 * was cannot be told (a guess; the alternative keeps what may be no longer seen).
 */
export function keeping({ storage, state }: { storage: PanelStorage; state: () => PanelState }) {
  let known: string[] | undefined;
  return async (brands: readonly ServedBrand[], rows: readonly QueueRow[]): Promise<Partial<PanelState>> => {
    const ids = brands.map((b) => b.id);
    const before = known ?? (((await storage.get('panel/brands')) ?? []) as string[]);
    if (known?.join() !== ids.join()) await storage.set('panel/brands', ids);
    known = ids;
    if (before.every((id) => ids.includes(id))) return {};
    const left = leftOf(state(), brands, rows);
    await wipe(storage, left);
    return left;
  };
}

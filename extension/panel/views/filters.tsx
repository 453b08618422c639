import { awayForWords, rowsOfChosen, toldApart } from '../brands.ts';
import { type Filter, filters, fits } from '../holder.ts';
import type { PanelState } from '../state.ts';

/** What each filter is called. */
export const filterWords: Record<Filter, string> = { mine: 'Mine', unassigned: 'Unassigned', all: 'All' };

/** What an empty list says, by filter (UI.md 4). */
export const emptyWords: Record<Filter, string> = {
  mine: 'No chat is with you. Take one from Unassigned.',
  unassigned: 'No chat waits for somebody.',
  all: 'No chats. Your next one appears here.',
};

/** Above the queue: whether chats come to this agent, and which ones are shown, each with its number. */
export function QueueTools(props: {
  state: PanelState;
  onFilter: (filter: Filter) => void;
  onBrand: (brand: string | undefined) => void;
  onAvailable: (available: boolean) => void;
}) {
  const { state, onFilter, onBrand, onAvailable } = props;
  const { me, brands, choosing } = state;
  if (state.phase !== 'ready' || !me) return null;
  const rows = rowsOfChosen(state);
  const available = brands.some((b) => b.available);
  const awayFor = awayForWords(brands);
  return (
    <div class="tools">
      <fieldset class="seg" disabled={choosing === 'saving'}>
        <legend class="sr">You are</legend>
        {([true, false] as const).map((there) => (
          <label key={String(there)}>
            <input type="radio" name="available" checked={available === there} onChange={() => onAvailable(there)} />
            {there ? 'Available' : 'Away'}
          </label>
        ))}
      </fieldset>
      {brands.length > 1 ? (
        <label class="of-brands">
          <span class="sr">Show chats of</span>
          <select
            value={toldApart(brands, state.brand) === undefined ? '' : state.brand}
            onChange={(e) => onBrand(e.currentTarget.value || undefined)}
          >
            <option value="">All brands</option>
            {brands.map((b) => (
              <option key={b.id} value={b.id}>
                {b.name}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <fieldset class="seg">
        <legend class="sr">Show chats</legend>
        {filters.map((filter) => (
          <label key={filter}>
            <input type="radio" name="filter" checked={state.filter === filter} onChange={() => onFilter(filter)} />
            {filterWords[filter]} <span>{rows.filter((r) => fits(r, filter, me.id)).length}</span>
          </label>
        ))}
      </fieldset>
      {awayFor ? <p class="dim">{awayFor}</p> : null}
      {choosing === 'failed' ? <p role="alert">Not saved. You are still {available ? 'available' : 'away'}.</p> : null}
    </div>
  );
}

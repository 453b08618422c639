import { useEffect, useRef, useState } from 'preact/hooks';
import type { SearchHit } from '#contract/search.ts';
import { count, day, start, when } from '../../../server/i18n/en.ts';
import { toldApart } from '../brands.ts';
import { Icon } from '../kit/icons.tsx';
import type { Panel } from '../panel.ts';
import type { PanelState, Search } from '../state.ts';

/** The field that looks for chats; the shortcuts of the panel lead here. */
export const searchFieldId = 'find';

/** A piece of a line with the words that were looked for marked; always text nodes (SECURITY.md 4.8). */
function Piece({ hit }: { hit: SearchHit }) {
  let at = 0;
  return (
    <span class="line">
      {hit.by === undefined ? '' : `${hit.by}: `}
      {hit.marks.map(([from, to]) => {
        const before = hit.text.slice(at, from);
        at = to;
        return [before, <mark key={from}>{hit.text.slice(from, to)}</mark>];
      })}
      {hit.text.slice(at)}
    </span>
  );
}

/** "Two chats. Searched back to 3 November." */
export function searchWords(search: Search, now: number): string {
  const { status, hits, next, cause } = search;
  if (status === 'failed') return `Could not search. ${cause ?? ''}`.trim();
  const found = hits.length === 0 ? '' : `${start(count(hits.length, 'chat'))}. `;
  if (status === 'done') return found || 'Nothing found. Every chat was searched.';
  const back = next ? `Searched back to ${day(next.at, new Date(now))}.` : '';
  if (status === 'searching') return `${found}${back || 'Searching.'}`;
  return `${found || 'Nothing found yet. '}${back}`.trim();
}

interface SearchProps {
  search: Search | undefined;
  brands: PanelState['brands'];
  panel: Pick<Panel, 'find' | 'searchOn' | 'stopSearch' | 'openHit'>;
  now: number;
  offline: boolean;
}

/** The field at the head of the queue, and what was found in the place of the rows. */
export function SearchBox({ search, brands, panel, now, offline }: SearchProps) {
  const [words, setWords] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const close = (): void => {
    setWords('');
    panel.find('');
    field.current?.focus({ preventScroll: true });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape ends the search wherever the keyboard is inside it
    <div
      class="search"
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || (!search && !words)) return;
        e.preventDefault();
        close();
      }}
    >
      <search>
        <form
          onSubmit={(e) => {
            e.preventDefault();
            panel.find(words);
          }}
        >
          <label class="sr" for={searchFieldId}>
            Search all chats
          </label>
          <Icon name="search" />
          <input
            id={searchFieldId}
            ref={field}
            maxLength={200}
            autocomplete="off"
            spellcheck={false}
            enterkeyhint="search"
            placeholder="Search all chats"
            aria-describedby="find-hint"
            value={words}
            onInput={(e) => setWords(e.currentTarget.value)}
          />
          <button class="btn" type="submit">
            Search
          </button>
        </form>
      </search>
      <p class="sr" id="find-hint">
        Words, a name, an e-mail, a tag, or # and a number. Escape closes the search.
      </p>
      <div class="search-state">
        <p role="status">
          {search ? searchWords(search, now) : ''}
          {search && offline && search.status !== 'failed' ? ' Offline: found before.' : ''}
        </p>
        {search ? (
          <p class="again">
            {search.status === 'searching' ? (
              <button class="btn bare" type="button" onClick={panel.stopSearch}>
                Stop
              </button>
            ) : null}
            {search.status === 'paused' || search.status === 'failed' ? (
              <button class="btn bare" type="button" onClick={panel.searchOn}>
                {search.status === 'failed' ? 'Try again' : 'Search further'}
              </button>
            ) : null}
            <button class="btn bare" type="button" onClick={close}>
              Back to your chats
            </button>
          </p>
        ) : null}
      </div>
      {search && search.hits.length > 0 ? (
        <ul class="rows" aria-label="Chats that were found">
          {search.hits.map((hit) => (
            <li key={hit.conversation}>
              <a
                href={`#${hit.conversation}`}
                onClick={(e) => {
                  e.preventDefault();
                  panel.openHit(hit);
                }}
              >
                <b>
                  {hit.title} <span class="faint">#{hit.number}</span>
                </b>
                <span class="faint">
                  {hit.ended ? 'ended, ' : ''}
                  <time dateTime={hit.at}>{when(hit.at, new Date(now))}</time>
                </span>
                {brands.length > 1 ? (
                  <span class="line held-by">
                    <span class="of-brand">{toldApart(brands, hit.brand)}</span>
                  </span>
                ) : null}
                {hit.kind === 'note' ? <span class="only-agents">Note, only agents see this</span> : null}
                <Piece hit={hit} />
              </a>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** Goes to the line a hit named, once it is drawn: the keyboard stands on it. */
export function useJump(state: PanelState, id: string, onJumped: (found: boolean) => void): void {
  const seq = state.jump?.conversation === id ? state.jump.seq : undefined;
  const entries = state.talks[id]?.view ? state.talks[id]?.entries : undefined;
  useEffect(() => {
    if (seq === undefined || !entries) return;
    const line = document.querySelector<HTMLElement>(`.talk [data-seq="${seq}"]`);
    if (line) {
      line.tabIndex = -1;
      line.scrollIntoView({ block: 'center' });
      line.focus({ preventScroll: true });
    }
    onJumped(line !== null);
  }, [seq, entries]);
}

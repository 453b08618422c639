import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { QueueRow } from '#contract/chat.ts';
import { clock, list } from '../../../server/i18n/en.ts';
import { rowsOfChosen, stepAskedWords, toldApart } from '../brands.ts';
import type { OpenTab } from '../find.ts';
import { type Filter, fits } from '../holder.ts';
import { Icon } from '../kit/icons.tsx';
import type { Panel } from '../panel.ts';
import type { PanelState } from '../state.ts';
import { queueWords, writingWords } from '../words.ts';
import { emptyWords, filterWords, QueueTools } from './filters.tsx';
import { Find } from './find.tsx';
import { usePassOn } from './pass-on.ts';

/** What ends the session from here; the extension hands it in, the hub's page has its own way to sign out. */
export interface SessionControls {
  /** "on localhost:8787": where this panel reads from. */
  where: string;
  unpair: () => Promise<void>;
  optionsHref?: string;
  /** Opens the same panel in a window of its own (R79). */
  popOut?: () => Promise<unknown>;
  /** The tabs beside the panel, where the surroundings have any (R78). */
  openTab?: OpenTab;
}

interface RowProps {
  row: QueueRow;
  /** Its name, where the agent serves more than one (R64). */
  brand: string | undefined;
  me: string | undefined;
  typing: boolean;
  current: boolean;
  /** It is open, and the filter hides it: words for where it is not. */
  apart?: string | undefined;
  onSelect: (id: string) => void;
}

function Row({ row, brand, me, typing, current, apart, onSelect }: RowProps) {
  // Words, not tags: only agents' own words look like those.
  const held = [
    row.assignee && `With ${row.assignee.id === me ? 'you' : row.assignee.name}`,
    row.leftOffline && 'left while away',
    apart,
  ]
    .filter(Boolean)
    .join(', ');
  return (
    <li>
      <a
        href={`#${row.conversation}`}
        aria-current={current ? 'page' : undefined}
        onClick={(e) => {
          e.preventDefault();
          onSelect(row.conversation);
        }}
      >
        <b>{row.title}</b>
        <span>
          {row.unread > 0 ? (
            <>
              <span class="count" aria-hidden="true">
                {row.unread}
              </span>
              <span class="sr">{row.unread} unread,</span>{' '}
            </>
          ) : null}
          <time class="faint" dateTime={row.lastAt}>
            {clock(row.lastAt)}
          </time>
        </span>
        <span class="line">{typing ? writingWords(row.title) : row.lastLine}</span>
        {brand || held ? (
          <span class="line held-by">
            {brand ? <span class="of-brand">{brand}</span> : null}
            {held}
          </span>
        ) : null}
        {row.tags.length > 0 ? (
          <span class="line tags">
            <span class="sr">Tags:</span>{' '}
            {row.tags.map((tag) => (
              <span key={tag} class="tag">
                {tag}
              </span>
            ))}
          </span>
        ) : null}
      </a>
    </li>
  );
}

/** A row that did not change is the same object: of two hundred, only those that did are drawn anew. */
const SteadyRow = (of: Parameters<typeof Row>[0]) => useMemo(() => <Row {...of} />, Object.values(of));

function Rows({ state, offline, onSelect, onRetry }: Props & { offline: boolean }) {
  if (state.phase === 'loading')
    return (
      <ul class="blank" aria-label="Reading your chats">
        <li />
        <li />
        <li />
      </ul>
    );
  if (state.phase === 'failed')
    return (
      <p class="pad" role="alert">
        Could not load your chats.{' '}
        <button class="btn" type="button" onClick={onRetry}>
          Try again
        </button>
      </p>
    );
  const chosen = rowsOfChosen(state);
  const inFilter = (row: QueueRow): boolean => fits(row, state.filter, state.me?.id);
  const shown = (row: QueueRow): boolean => inFilter(row) && chosen.includes(row);
  const current = (row: QueueRow): boolean => row.conversation === state.selected;
  // What is open stays in the list, first, with a word, also where a filter hides it: nobody asks where it went.
  const rows = [...state.rows.filter((r) => current(r) && !shown(r)), ...chosen.filter(inFilter)];
  const apart = (row: QueueRow): string | undefined =>
    shown(row) ? undefined : inFilter(row) ? 'open, of another brand' : `open, but not in ${filterWords[state.filter]}`;
  return (
    <>
      {rows.some(shown) ? null : <p class="pad dim">{emptyWords[chosen.length === 0 ? 'all' : state.filter]}</p>}
      {rows.length === 0 ? null : (
        <ul class={offline ? 'rows offline' : 'rows'}>
          {rows.map((row) => (
            <SteadyRow
              key={row.conversation}
              row={row}
              brand={toldApart(state.brands, row.brand)}
              me={state.me?.id}
              typing={state.typing.includes(row.conversation)}
              current={current(row)}
              apart={apart(row)}
              onSelect={onSelect}
            />
          ))}
        </ul>
      )}
    </>
  );
}

interface Props {
  state: PanelState;
  onSelect: (id: string) => void;
  onRetry: () => void;
  onFilter: (filter: Filter) => void;
  onBrand: (brand: string | undefined) => void;
  onAvailable: (available: boolean) => void;
}

/** The agent's chats; folds, and keeps its own scroll so that the person stays in view. */
export function Queue({
  offline,
  session,
  search,
  panel,
  ...props
}: Props & {
  offline: boolean;
  session?: SessionControls | undefined;
  search: ComponentChildren;
  panel: Panel;
}) {
  const { state } = props;
  const root = usePassOn<HTMLElement>('summary');
  return (
    <nav class="queue" aria-labelledby="q" ref={root}>
      <details class="fold" open>
        <summary class="head">
          <Icon name="more" />
          <h2 id="q">Your chats</h2>
          <span>{state.phase === 'ready' ? queueWords(state.rows) : ''}</span>
        </summary>
        <QueueTools state={state} onFilter={props.onFilter} onBrand={props.onBrand} onAvailable={props.onAvailable} />
        {search}
        {state.search ? null : <Rows {...props} offline={offline} />}
        {state.stepAsked ? (
          <p class="pad dim left-out">{stepAskedWords(state.stepAsked, session !== undefined)}</p>
        ) : null}
        {session?.openTab && state.me ? <Find tab={session.openTab} panel={panel} /> : null}
        {session && state.me ? (
          <Pairing session={session} me={state.me.name} brands={list(state.brands.map((b) => b.name))} />
        ) : null}
      </details>
    </nav>
  );
}

/** Who this browser speaks for, and the way out with a second step that names the brands. */
const Pairing = ({ session, me, brands }: { session: SessionControls; me: string; brands: string }) => (
  <details class="paired">
    <summary>
      {me} {session.where}
    </summary>
    <p>Unpair this browser from {brands}? Drafts and messages that were not sent are wiped here.</p>
    <p class="again">
      <button class="btn" type="button" onClick={() => void session.unpair()}>
        Unpair this browser
      </button>
      {session.optionsHref ? (
        <a class="btn bare" href={session.optionsHref} target="_blank" rel="noreferrer">
          Options
        </a>
      ) : null}
      {session.popOut ? (
        <button class="btn bare" type="button" onClick={() => void session.popOut?.()}>
          Open in a window
        </button>
      ) : null}
    </p>
  </details>
);

import { useEffect, useRef } from 'preact/hooks';
import { isPast } from '#contract/chat.ts';
import { brandOf, brandsWords, inBrand, toldApart } from '../brands.ts';
import { plainLayout } from '../layout.ts';
import type { Panel } from '../panel.ts';
import { draftKey, elsewhereOf, isLive, type PanelState } from '../state.ts';
import { calledBy, nameOf } from '../words.ts';
import { Composer } from './composer.tsx';
import { EndChat, NotRecorded } from './end.tsx';
import { Holder } from './holder.tsx';
import { LeavePreview } from './leave.tsx';
import { Person } from './person.tsx';
import { Queue, type SessionControls } from './queue.tsx';
import { Result } from './result.tsx';
import { SearchBox, useJump } from './search.tsx';
import { Side } from './side.tsx';
import { Tags } from './tags.tsx';
import { TalkLog } from './talk.tsx';
import { Top } from './top.tsx';

/** What the view is drawn from. `now` is in milliseconds since 1970. */
export interface AppProps {
  state: PanelState;
  panel: Panel;
  now: number;
  session?: SessionControls | undefined;
  /** Where to sign in again; absent where the surroundings show their own page. */
  signInHref?: string | undefined;
}

/** The conversation that is selected: person, strip, context, log, preview, reply, in this order for every width. */
function Selected({ state, panel, now, id }: AppProps & { id: string }) {
  const row = state.rows.find((r) => r.conversation === id);
  const brand = brandOf(state, id);
  const talk = state.talks[id] ?? { status: 'loading' as const, entries: [] };
  const picked = state.picked[id] ?? [];
  const title = talk.view?.title ?? row?.title ?? '';
  const who = calledBy(title);
  const offline = !isLive(state.link, now);
  const { leave } = state;
  useJump(state, id, panel.jumped);
  const mayAsk =
    talk.view?.strip.some(
      (c) => c.integration === leave?.integration && c.purposes.some((p) => p.purpose === leave.purpose && p.mayAsk),
    ) ?? false;
  const opener = useRef<string | undefined>(undefined);
  useEffect(() => {
    // Sending or cancelling a preview returns focus to its button (UI.md 6).
    if (leave) opener.current = `[data-card="${leave.integration}"] [data-act="send"][data-purpose="${leave.purpose}"]`;
    else if (opener.current) {
      document.querySelector<HTMLElement>(opener.current)?.focus({ preventScroll: true });
      opener.current = undefined;
    }
  }, [leave]);
  return (
    <main id="chat">
      <Person
        title={title}
        number={talk.view?.number ?? row?.number}
        brand={toldApart(state.brands, brand?.id)}
        id={id}
        talk={talk}
        offline={offline}
        now={now}
        mayPart={brand?.role === 'owner' || brand?.role === 'admin'}
        onPart={() => void panel.part(id)}
        holder={
          <Holder
            row={row}
            me={state.me}
            colleagues={inBrand(state.colleagues, brand)}
            onAssign={(to, note) => void panel.assign(id, to, note)}
            onSeek={() => void panel.readColleagues()}
          />
        }
        tags={
          <div class="under-name">
            <Tags
              key={id}
              tags={row?.tags ?? []}
              known={state.rows.flatMap((r) => (r.brand === brand?.id ? r.tags : []))}
              onTag={(tag, on) => void panel.tag(id, tag, on)}
            />
            <NotRecorded on={talk.view?.notRecorded} />
            {talk.view ? (
              <EndChat
                key={`end ${id}`}
                entries={talk.entries}
                who={who}
                now={now}
                picked={picked.length > 0}
                onEnd={() => void panel.endChat(id)}
              />
            ) : null}
          </div>
        }
      />
      <div class="middle">
        {talk.view ? (
          <Side
            view={talk.view}
            entries={talk.entries}
            now={now}
            onOpen={panel.select}
            acts={{
              onAsk: (integration, purpose) => void panel.ask(id, integration, purpose),
              onFill: (text, from) => panel.fill({ conversation: id, text, from }),
              onSend: (integration, partner, purpose) => panel.openLeave(id, integration, partner, purpose),
            }}
            arranging={{
              layout: state.layouts[brand?.id ?? ''] ?? plainLayout,
              onArrange: (change) => panel.arrange(id, change),
            }}
            onReveal={(field, reason) => panel.reveal(id, field, reason)}
            age={{
              onFlag: () => void panel.flagUnderAge(id),
              onClear: (reason) => void panel.clearUnderAge(id, reason),
            }}
          />
        ) : (
          <div class="side" />
        )}
        <TalkLog
          talk={talk}
          title={title}
          id={id}
          me={state.me?.name ?? ''}
          outbox={state.outbox}
          caughtUp={state.caughtUp}
          typing={state.typing.includes(id)}
          now={now}
          onAgain={panel.again}
          onDrop={panel.discard}
          onPicture={panel.picture}
          onFetch={(file) => void panel.fetchFile(id, file)}
          onReread={() => panel.reread(id)}
        />
      </div>
      <div class="dock">
        {leave?.conversation === id ? (
          <LeavePreview
            key={`${leave.integration} ${leave.purpose}`}
            leave={leave}
            who={who}
            offline={offline}
            mayAsk={mayAsk}
            onAsk={() => {
              panel.closeLeave();
              void panel.ask(id, leave.integration, leave.purpose);
            }}
            onSend={() => void panel.share()}
            onCancel={panel.closeLeave}
            onRetry={panel.rereadLeave}
          />
        ) : null}
        <Result state={state} panel={panel} who={who} id={id} />
        <Composer
          key={id}
          who={who}
          past={isPast(talk.entries, now)}
          known={{ name: nameOf(talk.view), agent: state.me?.name }}
          replies={inBrand(state.replies, brand)}
          elsewhere={elsewhereOf(state, id)}
          onForget={(kind) => panel.forgetElsewhere(id, kind)}
          fill={state.fill?.conversation === id ? state.fill : undefined}
          onFilled={panel.fill}
          onSeek={panel.readReplies}
          drafts={{ message: state.drafts[id] ?? '', note: state.drafts[draftKey(id, 'note')] ?? '' }}
          onDraft={(kind, text) => panel.setDraft(id, text, kind)}
          onSend={(kind, text) => void panel.send(id, text, kind)}
          picked={picked}
          onPick={(change) => panel.pick(id, change)}
          onFiles={state.files && ((files) => void panel.attach(id, files))}
        />
      </div>
    </main>
  );
}

/** The whole panel. */
export function App(props: AppProps) {
  const { state, panel, now, session, signInHref } = props;
  if (state.phase === 'gone')
    return (
      <main class="gone pad">
        <h1>You are signed out</h1>
        <p>Nothing of your chats is kept here.</p>
        {signInHref ? (
          <a class="btn main" href={signInHref}>
            Sign in again
          </a>
        ) : null}
      </main>
    );
  const id = state.selected;
  const gone = id !== undefined && state.talks[id]?.status === 'gone';
  return (
    <>
      {id && !gone ? (
        <a class="skip btn" href="#text">
          Skip to the reply
        </a>
      ) : null}
      <Top state={state} now={now} />
      <Queue
        state={state}
        offline={!isLive(state.link, now)}
        session={session}
        search={
          state.phase === 'ready' ? (
            <SearchBox
              search={state.search}
              brands={state.brands}
              panel={panel}
              now={now}
              offline={!isLive(state.link, now)}
            />
          ) : null
        }
        panel={panel}
        onSelect={panel.select}
        onRetry={() => void panel.retry()}
        onFilter={panel.setFilter}
        onBrand={panel.setBrand}
        onAvailable={(available) => void panel.setAvailable(available)}
      />
      {gone ? (
        <main class="pad">
          <h1>This chat is gone</h1>
          <p role="status">It was deleted, with all that was in it, and nothing of it is kept here.</p>
        </main>
      ) : id ? (
        <Selected {...props} id={id} />
      ) : (
        <main class="pad">
          <h1 class="sr">{state.brands.length === 1 ? `${brandsWords(state.brands)} chats` : 'Chats'}</h1>
          {state.phase === 'ready' ? (
            <p class="dim">{state.rows.length === 0 ? 'Nobody is waiting.' : 'No chat is open. Pick one under All.'}</p>
          ) : null}
        </main>
      )}
    </>
  );
}

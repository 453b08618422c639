import { type Entry, isSaid, type StripCell } from '#contract/chat.ts';
import { clock, count, maskedWords } from '../../../server/i18n/en.ts';

import { assignedWords } from '../holder.ts';
import { FileOnItsWay, FileRow } from '../kit/file-row.tsx';
import { Mark } from '../kit/icons.tsx';
import { withLinks } from '../kit/links.tsx';
import type { Outgoing, Talk } from '../state.ts';
import {
  askedWords,
  calledBy,
  dayWords,
  endingWords,
  fieldsFor,
  fieldWords,
  keywordWords,
  notNowWords,
  refusedBefore,
  seenWords,
  shareWords,
  stoppedWords,
  withdrawnWords,
  writingWords,
} from '../words.ts';
import { useAtEnd } from './at-end.ts';
import { usePassOn } from './pass-on.ts';

type Share = Extract<Entry, { kind: 'share' }>;
const shareMarks = { waiting: 'open', sent: 'yes', withheld: 'held', failed: 'held', unknown: 'open' } as const;

/** Text of a person, with masked runs kept in one piece and addresses as links; always text nodes (SECURITY.md 4.8). */
const Text = ({ text }: { text: string }) => (
  <p>
    {text.split(/(•[•\s.-]*•)/).map((part, i) =>
      i % 2 === 1 ? (
        <span key={`${i}-${part.length}`} class="masked">
          {part}
        </span>
      ) : (
        withLinks(part)
      ),
    )}
  </p>
);

/** What a share came to, in the words of the log; also stands above the reply after a send. */
export function ShareLine({ entry, who, all }: { entry: Share; who: string; all: readonly Entry[] }) {
  const { word, rest } = shareWords(entry, who, refusedBefore(all, entry));
  return (
    <>
      <Mark name={shareMarks[entry.state]}>{word}</Mark> {rest}
    </>
  );
}

const saidFor = {
  guardian: (who: string) => `${who}’s guardian`,
  authorised_agent: (who: string) => `Somebody acting for ${who}`,
  agent_attested: (who: string) => `${who} (spoken, for a day)`,
} as const;

function Answered(props: { entry: Extract<Entry, { kind: 'answered' }>; who: string; strip: readonly StripCell[] }) {
  const { entry, who, strip } = props;
  const { yes, no, partner } = entry;
  if (yes.length + no.length === 0) return <>{notNowWords(who, partner, fieldsFor(strip, entry))}</>;
  return (
    <>
      {entry.by ? saidFor[entry.by](who) : who} said{' '}
      {yes.length > 0 ? (
        <>
          <Mark name="yes">yes</Mark> to {fieldWords(yes)}
        </>
      ) : null}
      {yes.length > 0 && no.length > 0 ? ', ' : null}
      {no.length > 0 ? (
        <>
          <Mark name="no">no</Mark> to {fieldWords(no)}
        </>
      ) : null}
      , {entry.receives ? 'from' : 'for'} {partner}.
    </>
  );
}

/** Says beside every note, sent or waiting, who reads it (R66). */
const NoteTag = () => <span class="only-agents">Note, only agents see this</span>;

interface LineProps {
  entry: Entry;
  who: string;
  me: string;
  all: readonly Entry[];
  strip: readonly StripCell[];
  onPicture: (file: string) => Promise<string>;
  onFetch: (file: string) => void;
}

function Line({ entry, who, me, all, strip, onPicture, onFetch }: LineProps) {
  const by = (name: string): string => (name === me ? 'You' : name);
  const time = <time dateTime={entry.at}>{clock(entry.at)}</time>;
  if (isSaid(entry))
    return (
      <li class={entry.author === 'visitor' ? 'visitor' : 'agent'} data-seq={entry.seq}>
        {time}
        <b>{entry.author === 'visitor' ? who : by(entry.by)}</b>
        {entry.kind === 'file' ? (
          <FileRow file={entry} onPicture={() => onPicture(entry.file)} onFetch={() => onFetch(entry.file)} />
        ) : (
          <Text text={entry.text} />
        )}
        {entry.kind === 'message' && entry.masked ? <p class="dim note">{maskedWords(entry.masked)}</p> : null}
      </li>
    );
  if (entry.kind === 'note')
    return (
      <li class="aside" data-seq={entry.seq}>
        {time}
        <b>
          {by(entry.by)} <NoteTag />
        </b>
        <Text text={entry.text} />
        {entry.masked ? <p class="dim note">{maskedWords(entry.masked)}</p> : null}
      </li>
    );
  return (
    <li class="event" data-kind={entry.kind}>
      {time}
      <p>
        {entry.kind === 'asked'
          ? askedWords(
              entry.by === 'visitor' ? `${who} was` : by(entry.by), // by START: asked again, not asking
              entry.partner,
              fieldsFor(strip, entry),
              entry.receives,
            )
          : null}
        {entry.kind === 'answered' ? <Answered entry={entry} who={who} strip={strip} /> : null}
        {entry.kind === 'assigned' ? assignedWords(entry, by) : null}
        {entry.kind === 'tagged' ? (
          <>
            {by(entry.by)} {entry.on ? 'added' : 'removed'} the tag <span class="tag">{entry.tag}</span>.
          </>
        ) : null}
        {entry.kind === 'keyword' ? keywordWords(entry, who) : null}
        {entry.kind === 'ended' || entry.kind === 'rated' || entry.kind === 'mailed'
          ? endingWords(entry, who, by)
          : null}
        {entry.kind === 'withdrawn' ? withdrawnWords(entry, who) : null}
        {entry.kind === 'objected' || entry.kind === 'under_age' ? stoppedWords(entry, who) : null}
        {entry.kind === 'share' ? <ShareLine entry={entry} who={who} all={all} /> : null}
      </p>
    </li>
  );
}

interface TalkProps {
  talk: Talk;
  title: string;
  id: string;
  me: string;
  outbox: readonly Outgoing[];
  caughtUp: number;
  /** The visitor writes just now. */
  typing: boolean;
  now: number;
  onAgain: (clientId: string) => void;
  /** Cancels a file, or gives it up. */
  onDrop: (clientId: string) => void;
  onPicture: (file: string) => Promise<string>;
  onFetch: (file: string) => void;
  onReread: () => void;
}

interface OwnProps extends Pick<TalkProps, 'onAgain' | 'onDrop'> {
  item: Exclude<Outgoing, { kind: 'share' }>;
}

/** Something of one's own that the hub has not acknowledged: it says so, and offers to go again where it was refused. */
const Own = ({ item, onAgain, onDrop }: OwnProps) => (
  <li class={item.kind === 'note' ? 'aside pending' : 'agent pending'} data-state={item.state}>
    <time>{clock(new Date(item.at).toISOString())}</time>
    <b>
      You {item.kind === 'note' ? <NoteTag /> : null}{' '}
      {item.state === 'waiting' ? (
        <span class="mark open">waiting</span>
      ) : (
        <span class="refused">
          {item.kind === 'note' ? 'Not saved.' : 'Not sent.'} {item.cause}
          <button class="btn bare" type="button" onClick={() => onAgain(item.clientId)}>
            {item.kind === 'note' ? 'Save again' : 'Send again'}
          </button>
          {item.kind === 'file' ? (
            <button class="btn bare" type="button" onClick={() => onDrop(item.clientId)}>
              Remove
            </button>
          ) : null}
        </span>
      )}
    </b>
    {item.kind === 'file' ? (
      <FileOnItsWay
        name={item.name}
        bytes={item.bytes}
        part={item.part}
        failed={item.state === 'failed'}
        onCancel={() => onDrop(item.clientId)}
      />
    ) : (
      <Text text={item.text} />
    )}
  </li>
);

/** The conversation: messages, questions, answers and shares, newest at the end. */
export function TalkLog(props: TalkProps) {
  const { talk, title, id, me, outbox, caughtUp, typing, now, onAgain, onDrop, onPicture, onFetch, onReread } = props;
  const who = calledBy(title);
  const strip = talk.view?.strip ?? [];
  const box = usePassOn<HTMLElement>('[role=log]'); // Try again, Send again and Remove go away with their press
  // A share that came to something no longer waits, and one that waits says so once: its newest line counts.
  const newest = new Map(talk.entries.flatMap((e) => (e.kind === 'share' ? [[e.share, e.seq] as const] : [])));
  const entries = talk.entries.filter(
    (e) => e.kind !== 'share' || e.state !== 'waiting' || newest.get(e.share) === e.seq,
  );
  // Below the agents' last word, while nobody answered it.
  const said = talk.entries.findLast(isSaid);
  const { read } = talk.view?.marks ?? {};
  const seen = read && said?.author === 'agent' && said.n <= read.n ? read : undefined;
  const own = outbox.flatMap((o) => (o.kind !== 'share' && o.conversation === id ? [o] : []));

  const mine = entries.filter((e) => isSaid(e) && e.author === 'agent' && e.by === me);
  const sent = own.length + mine.length; // the hub may answer before a line was ever drawn as waiting
  useAtEnd(box, { id: talk.view ? id : '', sent, lines: [talk.view, entries.length] });

  let day = '';
  return (
    <section class="talk" aria-label={`Conversation with ${title}`} ref={box}>
      {talk.status === 'failed' ? (
        <p class="again" role="alert">
          Could not read this chat.{' '}
          <button class="btn" type="button" onClick={onReread}>
            Try again
          </button>
        </p>
      ) : null}
      {talk.view && entries.length === 0 && own.length === 0 ? <p class="dim">{who} is here. Say hello.</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling log must be reachable by keyboard (UI.md 6) */}
      <div role="log" aria-label="Messages" tabIndex={0} aria-live={caughtUp > 1 ? 'off' : 'polite'}>
        <ol>
          {entries.map((entry) => {
            const words = dayWords(entry.at, now);
            const head = words === day ? null : <li class="day">{words}</li>;
            day = words;
            return [
              head,
              <Line
                key={entry.seq}
                entry={entry}
                who={who}
                me={me}
                all={entries}
                strip={strip}
                onPicture={onPicture}
                onFetch={onFetch}
              />,
            ];
          })}
          {seen ? (
            <li class="seen faint" aria-live="off">
              {seenWords(seen.at)}
            </li>
          ) : null}
          {own.map((item) => (
            <Own key={item.clientId} item={item} onAgain={onAgain} onDrop={onDrop} />
          ))}
        </ol>
      </div>
      {/* Beside the log, for typing is not announced (UI.md 6); its line is always there, so that nothing moves. */}
      <p class="writing faint">{typing ? writingWords(title) : ''}</p>
      <p class="sr" role="status">
        {caughtUp > 1 ? `${count(caughtUp, 'new message')}` : ''}
      </p>
    </section>
  );
}

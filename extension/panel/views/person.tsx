import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { StripCell } from '#contract/chat.ts';
import { clock } from '../../../server/i18n/en.ts';
import { Mark } from '../kit/icons.tsx';
import type { Talk } from '../state.ts';
import { calledBy, stripChanged, stripSince, stripWord } from '../words.ts';
import { UnderAgeNote } from './under-age.tsx';

/** A partner's name; the sandbox ones say so wherever they stand. */
export const Partner = ({ of }: { of: { partner: string; sandbox: boolean } }) => (
  <>
    {of.partner}
    {of.sandbox ? <span class="sandbox"> sandbox</span> : null}
  </>
);

/** Says each change of an answer once, apart from the chat (UI.md 6). */
function Changes({ strip, conversation }: { strip: readonly StripCell[]; conversation: string }) {
  const before = useRef<{ conversation: string; states: Map<string, string> } | undefined>(undefined);
  const [said, say] = useState('');
  useEffect(() => {
    const states = new Map(strip.map((c) => [c.integration, c.state]));
    const old = before.current?.conversation === conversation ? before.current.states : states;
    before.current = { conversation, states };
    const news = strip.filter((c) => old.get(c.integration) !== c.state).map(stripChanged);
    if (news.length > 0) say(news.join('. '));
  }, [strip, conversation]);
  return (
    <p class="sr" role="status">
      {said}
    </p>
  );
}

/** What this person allows, per partner: read only, never folded (R68). An agent can ask elsewhere, never flip. */
function Strip({ talk, who, offline, now }: { talk: Talk; who: string; offline: boolean; now: number }) {
  const cells = talk.view?.strip;
  if (!cells)
    return (
      <p class="strip-note">
        {talk.status === 'failed' ? 'Could not read the answers. Nothing leaves.' : <Mark name="open">checking</Mark>}
      </p>
    );
  if (cells.length === 0) return <p class="strip-note dim">No partner is connected.</p>;
  const asKnown = offline || talk.status === 'failed';
  return (
    <>
      <ul class="strip" aria-label={`What ${who} allows, per partner`}>
        {cells.map((cell) => (
          <li key={cell.integration} data-partner={cell.integration} data-state={cell.state}>
            <strong>
              <Partner of={cell} />
            </strong>
            <Mark name={cell.mark}>{stripWord(cell)}</Mark>
            <small>{stripSince(cell, now)}</small>
          </li>
        ))}
      </ul>
      {asKnown && talk.readAt ? (
        <p class="strip-note faint">as known at {clock(new Date(talk.readAt).toISOString())}</p>
      ) : null}
    </>
  );
}

/** The selected person and the consent strip: always in view. */
export function Person(props: {
  title: string;
  number?: number;
  /** Its name, where the agent serves more than one (R64). */
  brand?: string | undefined;
  id: string;
  talk: Talk;
  offline: boolean;
  now: number;
  /** Owners and admins may take a merge back; it is one tap, and the visitor can sign in again. */
  mayPart: boolean;
  onPart: () => void;
  /** Who holds the chat (R66). */
  holder: ComponentChildren;
  /** The chat's tags (R66). */
  tags: ComponentChildren;
}) {
  const { title, number, brand, id, talk, offline, now, mayPart, onPart, holder, tags } = props;
  const who = calledBy(title);
  return (
    <div class="person">
      <div class="who">
        <div>
          <h1>{title}</h1>
          <p class="dim">
            {brand ? <span class="of-brand">{brand}</span> : null}
            {number === undefined ? 'Chat' : `Chat ${number}`}
            {talk.view?.signedIn ? ', signed in on your site' : ''}{' '}
            {talk.view?.signedIn && mayPart ? (
              <button class="btn bare" type="button" onClick={onPart}>
                Not the same person
              </button>
            ) : null}
          </p>
        </div>
      </div>
      {holder}
      {tags}
      <UnderAgeNote of={talk.view?.underAge} now={now} />
      <Strip talk={talk} who={who} offline={offline} now={now} />
      <Changes strip={talk.view?.strip ?? []} conversation={id} />
    </div>
  );
}

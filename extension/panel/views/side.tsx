import { useState } from 'preact/hooks';
import type { Card, ConversationView, Entry, StripCell } from '#contract/chat.ts';
import { reasonForAgent, start, when } from '../../../server/i18n/en.ts';
import { Icon, Mark } from '../kit/icons.tsx';
import { aboutFold, arranged } from '../layout.ts';
import {
  calledBy,
  cardNote,
  cardValue,
  emptyCardWords,
  fieldWords,
  fromWords,
  purposeLine,
  reconnectWords,
  revealedWords,
  sendTo,
  stripWord,
  whyNotAsk,
} from '../words.ts';
import { ArrangedCard, type Arranging, foldOf } from './card-menu.tsx';
import { CardTrouble, troubleOf } from './card-trouble.tsx';
import { Drafts } from './drafts.tsx';
import { usePassOn } from './pass-on.ts';
import { Partner } from './person.tsx';
import { type OnReveal, useRevealed } from './reveal.tsx';
import { Age, type AgeActs } from './under-age.tsx';
import { Visit } from './visit.tsx';

/** What a card's buttons do. */
interface CardActs {
  /** Words of an add-on into the reply. */
  onFill: (text: string, from: string) => void;
  onAsk: (integration: string, purpose: StripCell['purposes'][number]['purpose']) => void;
  onSend: (integration: string, partner: string, purpose: StripCell['purposes'][number]['purpose']) => void;
}

/** What the hub knows, each with its source; what it does not know says "unknown" (R67). */
function About({ view, now, age, arranging, onReveal, onOpen }: Omit<SideProps, 'entries' | 'acts'>) {
  const contacts = useRevealed(view.facts, calledBy(view.title), onReveal);
  return (
    <details class="fold" {...foldOf(arranging, aboutFold)}>
      <summary>
        <Icon name="more" />
        About {calledBy(view.title)} <span>what the hub knows</span>
      </summary>
      <div class="in">
        <dl class="facts">
          {view.facts.map((fact) => (
            <div key={fact.field}>
              <dt>{start(fact.label)}</dt>
              {fact.value === undefined ? <dd class="unknown">unknown</dd> : contacts.read(fact)}
              <dd class="from" title={fact.at && !fact.partner ? when(fact.at, new Date(now)) : undefined}>
                {fact.partner ? fromWords(fact.partner, fact.at, now) : (fact.source ?? '')}
              </dd>
            </div>
          ))}
          <Visit visit={view.visit} now={now} onOpen={onOpen} />
        </dl>
        {contacts.forms}
        {view.revealed ? (
          <ul class="reveals">
            {view.revealed.map((one) => (
              <li key={one.at} class="note">
                {revealedWords(one, now)}
              </li>
            ))}
          </ul>
        ) : null}
        <Age
          key={`${view.conversation} ${view.underAge?.since ?? ''}`}
          of={view.underAge}
          who={calledBy(view.title)}
          acts={age}
        />
      </div>
    </details>
  );
}

interface UseProps {
  cell: StripCell;
  of: StripCell['purposes'][number];
  who: string;
  entries: readonly Entry[];
  acts: CardActs;
}

/** One purpose of a partner: what it is for, what was said, and what can be done about it. */
function Use({ cell, of, who, entries, acts }: UseProps) {
  const id = `use-${cell.integration}-${of.purpose}`;
  const mark = of.state === 'yes' || of.state === 'no' ? of.state : 'open';
  const why = whyNotAsk(of, who, entries);
  const row = usePassOn<HTMLLIElement>();
  return (
    <li class="use" ref={row}>
      <p id={id}>
        {purposeLine(of.because, who)}: {fieldWords(of.fields)}
        {of.receives ? `, from ${cell.partner}` : ''}. <Mark name={mark}>{stripWord(of)}</Mark>
      </p>
      {why ? <p class="note">{why}</p> : null}
      <p class="again">
        {of.mayAsk ? (
          <button
            class="btn"
            type="button"
            data-act="ask"
            data-purpose={of.purpose}
            aria-describedby={id}
            onClick={() => acts.onAsk(cell.integration, of.purpose)}
          >
            Ask in the chat
          </button>
        ) : null}
        {of.receives ? null : (
          <button
            class="btn"
            type="button"
            data-act="send"
            data-purpose={of.purpose}
            aria-describedby={id}
            onClick={() => acts.onSend(cell.integration, cell.partner, of.purpose)}
          >
            <Icon name="send" />
            {sendTo(cell.partner, of.fields)}
          </button>
        )}
      </p>
    </li>
  );
}

interface CardProps {
  card: Card;
  cell: StripCell | undefined;
  who: string;
  entries: readonly Entry[];
  now: number;
  acts: CardActs;
  arranging: Arranging;
}

/** One partner's card: drawn from text only; an empty one says why and what can be done (R69, R70). */
function PartnerCard({ card, cell, who, entries, now, acts, arranging }: CardProps) {
  // Where the visitor said no, or nothing is connected, that is the reason, and asking again would not help.
  const answers = cell?.state !== 'no' && cell?.state !== 'off';
  const trouble = answers ? troubleOf(entries, card.integration) : undefined;
  const waitsForKey = card.reconnect !== undefined && trouble?.line.state === 'waiting'; // one sentence says both
  const refused = cell?.state === 'no' && card.rows.length === 0 && card.empty === undefined;
  return (
    <details class="fold card" data-card={card.integration} {...foldOf(arranging, card.integration)}>
      <summary>
        <Icon name="more" />
        <Partner of={card} /> <span class="note">{cardNote(card, now, trouble?.line.state)}</span>
      </summary>
      <div class="in">
        {card.rows.length > 0 ? (
          <dl class="facts">
            {card.rows.map((row) => (
              <div key={row.label}>
                <dt>{start(row.label)}</dt>
                <dd>{cardValue(row.value, now)}</dd>
                <dd class="from">{fromWords(card.partner, card.at, now)}</dd>
              </div>
            ))}
          </dl>
        ) : card.drafts || trouble ? null : (
          <p>{refused ? reasonForAgent('refused', who, card.partner) : emptyCardWords(card, who)}</p>
        )}
        {card.reconnect ? (
          <p role="status">
            <Icon name="warn" /> {reconnectWords(card.partner, card.reconnect.told)}
          </p>
        ) : null}
        {trouble && !waitsForKey ? (
          <CardTrouble
            trouble={trouble}
            now={now}
            onAgain={(purpose) => acts.onSend(card.integration, card.partner, purpose)}
          />
        ) : null}
        <Drafts card={card} onFill={acts.onFill} />
        {cell && cell.purposes.length > 0 ? (
          <ul class="uses">
            {cell.purposes.map((of) => (
              <Use key={of.purpose} cell={cell} of={of} who={who} entries={entries} acts={acts} />
            ))}
          </ul>
        ) : null}
      </div>
    </details>
  );
}

interface SideProps {
  view: ConversationView;
  /** The conversation as it is now; `view` may be a moment older. */
  entries: readonly Entry[];
  now: number;
  acts: CardActs;
  age: AgeActs;
  onReveal: OnReveal;
  arranging: Arranging;
  /** Opens another chat of the same person. */
  onOpen: (conversation: string) => void;
}

/** About and the partner cards, as the agent arranged them (R73); a partner without a card of its own still has its buttons. */
export function Side({ view, entries, now, acts, age, arranging, onReveal, onOpen }: SideProps) {
  const [said, say] = useState('');
  const who = calledBy(view.title);
  const bare: Card[] = view.strip
    .filter((cell) => !view.cards.some((card) => card.integration === cell.integration))
    .map(({ integration, partner, sandbox }) => ({ integration, partner, sandbox, rows: [], empty: 'not_sent' }));
  const cards = arranged([...view.cards, ...bare], arranging.layout);
  const shown = cards.map((card) => card.integration);
  return (
    <div class="side">
      <About
        key={view.conversation}
        view={view}
        now={now}
        age={age}
        arranging={arranging}
        onReveal={onReveal}
        onOpen={onOpen}
      />
      {cards.map((card) => (
        <ArrangedCard key={card.integration} card={card} shown={shown} onSay={say} {...arranging}>
          <PartnerCard
            card={card}
            cell={view.strip.find((cell) => cell.integration === card.integration)}
            who={who}
            entries={entries}
            now={now}
            acts={acts}
            arranging={arranging}
          />
        </ArrangedCard>
      ))}
      <p class="sr" role="status">
        {said}
      </p>
    </div>
  );
}

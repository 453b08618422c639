import type { ComponentChildren } from 'preact';
import type { EarlierChat, SeenPage, VisitFact } from '#contract/visit.ts';
import { clock, count, country, list, when } from '../../../server/i18n/en.ts';

const names: Record<VisitFact['kind'], string> = {
  page: 'Page now',
  trail: 'Before that',
  country: 'Country',
  device: 'Device',
  earlier: 'Other chats', // one may be younger, and still open
};

/** A page as its address and title say it: text, in a box of its own direction, and never a link (SECURITY.md 4.8). */
const PageSeen = ({ page }: { page: SeenPage }) => (
  <>
    {page.title ? <bdi>{page.title}</bdi> : null}
    <bdi class="address">{page.address}</bdi>
  </>
);

/** A list that keeps the talk in view: more than two lines fold under their number. */
const Few = ({ n, one, children }: { n: number; one: string; children: ComponentChildren }) =>
  n > 2 ? (
    <details>
      <summary class="few">{count(n, one)}</summary>
      {children}
    </details>
  ) : (
    children
  );

const Trail = ({ pages }: { pages: readonly SeenPage[] }) => (
  <ol class="trail">
    {pages.map((page) => (
      <li key={`${page.at} ${page.address}`}>
        <time class="faint" dateTime={page.at}>
          {clock(page.at)}
        </time>{' '}
        <PageSeen page={page} />
      </li>
    ))}
  </ol>
);

const Earlier = ({ chats, now, onOpen }: { chats: readonly EarlierChat[]; now: number; onOpen: Props['onOpen'] }) => (
  <ul class="trail">
    {chats.map((chat) => (
      <li key={chat.conversation}>
        <button class="btn bare" type="button" onClick={() => onOpen(chat.conversation)}>
          Chat {chat.number}, {when(chat.at, new Date(now))}
          {chat.open ? ', open' : ', ended'}
        </button>
        <bdi>{chat.words ?? 'its words are unknown'}</bdi>
      </li>
    ))}
  </ul>
);

interface Props {
  visit: readonly VisitFact[];
  now: number;
  /** Opens another chat of the same person. */
  onOpen: (conversation: string) => void;
}

/** What a fact says; undefined where it is unknown. */
function said(fact: VisitFact, { now, onOpen }: Omit<Props, 'visit'>) {
  switch (fact.kind) {
    case 'page':
      return fact.value && <PageSeen page={fact.value} />;
    case 'trail':
      if (fact.stopped) return 'not kept: no profiling, at the person’s request';
      return (
        fact.value &&
        (fact.value.length > 0 ? (
          <Few n={fact.value.length} one="page">
            <Trail pages={fact.value} />
          </Few>
        ) : (
          'none'
        ))
      );
    case 'country':
      return fact.value && list(fact.value.map(country));
    case 'device':
      return fact.value;
    case 'earlier':
      return (
        fact.value &&
        (fact.value.length > 0 ? (
          <Few n={fact.value.length} one="chat">
            <Earlier chats={fact.value} now={now} onOpen={onOpen} />
          </Few>
        ) : (
          'none'
        ))
      );
  }
}

/** Rows of the visit in the list of facts, each with its source and time; what is not known says so (R67). */
export const Visit = ({ visit, ...around }: Props) => (
  <>
    {visit.map((fact) => {
      const value = said(fact, around);
      const time = fact.at ? when(fact.at, new Date(around.now)).replace('today, ', '') : '';
      return (
        <div key={fact.kind} data-fact={fact.kind}>
          <dt>{names[fact.kind]}</dt>
          {value === undefined ? <dd class="unknown">unknown</dd> : <dd>{value}</dd>}
          <dd class="from">{value === undefined ? '' : [fact.source, time].filter(Boolean).join(', ')}</dd>
        </div>
      );
    })}
  </>
);

import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { expect, test, vi } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { look } from '#contract/look.ts';
import { always } from '#contract/showing.ts';
import type { VisitFact } from '#contract/visit.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { emptyState, type PanelState } from '../../../extension/panel/state.ts';
import { App } from '../../../extension/panel/views/app.tsx';
import { CannedList } from '../../../extension/panel/views/canned.tsx';
import { Connections } from '../../../server/web/console/connections.tsx';
import { LookPage } from '../../../server/web/console/look.tsx';
import { RepliesPage } from '../../../server/web/console/replies.tsx';
import { ShowingPage } from '../../../server/web/console/showing.tsx';
import { WebsitePage } from '../../../server/web/console/website.tsx';
import { renderPage } from '../../../server/web/page.tsx';
import { PreferencesPage } from '../../../server/web/preferences/preferences-page.tsx';
import { ChatDialog } from '../../../server/web/widget/chat.tsx';
import { FramePage } from '../../../server/web/widget/frame-page.tsx';
import type { Chat } from '../../../server/web/widget/session.ts';
import { emptyState as emptyWidget, type State } from '../../../server/web/widget/state.ts';
import { words } from '../../../server/web/widget/words/en.ts';
import { frame as anyFrame, broken, choice, now, preferences } from '../../support/gallery-data.ts';
import { hostile } from '../../support/xss.ts';
import { tags } from './html.ts';

const at = '2026-11-22T14:01:00Z';
const base = { conversation: 'c1', at };

/** The panel with everything that comes from outside set to these words. */
function panelWith(text: string, search?: PanelState['search']): JSX.Element {
  const said = { author: 'visitor' as const, by: text, clientId: 'f' };
  const who = { id: 'w', name: text };
  const entries = [
    { ...base, seq: 1, n: 1, kind: 'note', by: text, text: 'x', clientId: 'n' },
    { ...base, seq: 2, n: 2, kind: 'tagged', by: text, tag: text, on: true, tags: [text] },
    {
      ...base,
      seq: 3,
      n: 3,
      kind: 'share',
      share: 's',
      integration: 'i',
      partner: text,
      purpose: 'CustomerCare',
      state: 'failed',
      fields: [],
      withheld: [],
      cause: text,
    },
    { ...base, ...said, seq: 4, n: 4, kind: 'file', file: 'f', name: text, type: 'image/png', bytes: 9 },
    { ...base, seq: 5, n: -1, kind: 'assigned', by: who, to: { ...who, id: 'v' }, from: who, reason: 'transferred' },
    { ...base, seq: 6, n: 5, kind: 'ended', by: 'agent', name: text },
    { ...base, seq: 7, n: 6, kind: 'rated', score: 2, comment: text },
    { ...base, seq: 8, n: 7, kind: 'mailed', to: text, clientId: 'm' },
  ] as Entry[];
  const facts = [{ field: 'email' as const, label: 'e-mail', value: text, source: text, partner: text, at }];
  const drafts = [{ label: text, text }];
  const card = { integration: 'i', partner: text, sandbox: true, rows: [{ label: text, value: text }], drafts, at };
  const page = { address: text, title: text, at };
  const visit: VisitFact[] = [
    { kind: 'page', source: text, at, value: page },
    { kind: 'trail', source: text, at, value: [page, page] },
    { kind: 'device', source: text, at, value: text },
    { kind: 'earlier', source: text, at, value: [{ conversation: 'c0', number: 1, at, open: false, words: text }] },
  ];
  const view = {
    conversation: 'c1',
    brand: 'b',
    number: 7,
    title: text,
    signedIn: false,
    marks: { seen: { n: 0 }, read: { n: 0 } },
    visit,
    facts,
    strip: [],
    cards: [card],
  };
  const state: PanelState = {
    ...emptyState,
    phase: 'ready',
    brands: [
      { id: 'b', name: text, role: 'agent', available: true },
      { id: 'c', name: text, role: 'agent', available: false },
    ],
    stepAsked: [text],
    me: { id: 'u', name: text },
    selected: 'c1',
    rows: [
      {
        ...base,
        brand: 'b',
        number: 7,
        title: text,
        lastLine: text,
        lastAt: at,
        lastSeq: 9,
        unread: 1,
        tags: [text],
        assignee: who,
      },
    ],
    elsewhere: { c1: text },
    search,
    talks: { c1: { status: 'ready', readAt: Date.parse(at), entries, view: { ...view, entries: [], lastSeq: 9 } } },
  };
  return <App state={state} panel={{ select: vi.fn() } as unknown as Panel} now={Date.parse(at)} />;
}

/** The panel with chats that were found, each word of them marked. */
const foundWith = (text: string): JSX.Element => {
  const hit = { conversation: 'c1', brand: 'b', number: 7, title: text, ended: true, at, by: text, text };
  const marks: [number, number][] = [[0, text.length]];
  const hits = [
    { ...hit, kind: 'message' as const, seq: 1, marks },
    { ...hit, conversation: 'c2', kind: 'note' as const, seq: 2, marks },
  ];
  return panelWith(text, { words: text, status: 'failed', hits, cause: text });
};

/** The widget's chat with everything that comes from the other side, and its copy, set to these words. */
function chatWith(text: string): JSX.Element {
  const agent = { author: 'agent', by: text } as const;
  const entries = [
    {
      ...base,
      ...agent,
      seq: 1,
      n: 1,
      kind: 'file',
      file: 'f',
      name: text,
      type: 'text/plain',
      bytes: 9,
      clientId: 'f',
    },
    { ...base, seq: 2, n: 2, kind: 'ended', by: 'agent', name: text },
    { ...base, seq: 3, n: 3, kind: 'mailed', to: text, clientId: 'm' },
  ] as Entry[];
  const state: State = {
    ...emptyWidget,
    phase: 'chat',
    loaded: true,
    agent: text,
    log: { entries, sending: [] },
    ending: { shown: 'copy', copy: { text, to: text, left: 2 }, note: text },
    trouble: text,
    said: text,
  };
  const survey = { question: text, comment: true };
  const brand = { slug: 'harbor-motors', name: text };
  const page = { brand, sites: [], notice: text, logins: [], files: true as const, survey };
  return <ChatDialog chat={{} as Chat} state={state} page={page} close={() => {}} />;
}

const frameOf = (text: string) => ({ ...anyFrame, brand: text, me: { name: text, role: 'owner' } });
/** Each page with these words in every place a person or a partner fills. */
const pages: Record<string, (text: string) => JSX.Element> = {
  panel: (text) => panelWith(text),
  found: foundWith,
  chat: chatWith,
  canned: (text) => (
    <CannedList replies={[]} found={[{ id: 'r', name: text, text }]} active={undefined} onPick={vi.fn()} />
  ),
  replies: (text) => (
    <RepliesPage
      frame={frameOf(text)}
      replies={[{ id: 'r', name: text, text, version: 1 }]}
      refused={{ name: text, text, words: text }}
    />
  ),
  look: (text) => (
    <LookPage
      frame={frameOf(text)}
      value={{ ...look.standard, colour: `x${text}`, text, greeting: `y${text}` }}
      version={1}
    />
  ),
  showing: (text) => (
    <ShowingPage
      frame={frameOf(text)}
      value={{
        button: { ...always, starts: [text], contains: [text], never: [text] },
        offers: [{ text, when: always }],
      }}
      version={1}
    />
  ),
  website: (text) => <WebsitePage frame={frameOf(text)} origin="https://hub.example" slug={text} sites={[text]} />,
  connections: (text) => (
    <Connections
      frame={frameOf(text)}
      now={now}
      connections={[{ ...broken, partner: text, account: text, health: { state: 'needs_reconnect', cause: text } }]}
      catalogue={[]}
      done={text}
    />
  ),
  preferences: (text) => (
    <PreferencesPage
      {...preferences}
      brand={{ name: text, slug: 'harbor-motors', legalName: text, address: text, contact: text }}
      integrations={[{ ...choice, partner: text }]}
      history={[]}
    />
  ),
};
const unescaped = (html: string): string =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
/** Tags and names of attributes, without a value: what a page is made of; long words are drawn closer in a picture. */
const bones = (html: string): string[] =>
  tags(html).map((t) => [t.name, ...Object.keys(t.attributes)].join(' ').replace(' textLength lengthAdjust', ''));

test.each(Object.entries(pages))(
  'sec-H02 page %s is made of the same parts whatever the words in it are',
  (_, page) => {
    const render = (text: string) => renderPage({ title: text, lang: 'en', styles: [], nonce: 'n', body: page(text) });
    const plain = bones(render('Harbor'));
    for (const text of hostile) {
      const html = render(text);
      expect(bones(html), JSON.stringify(text.slice(0, 80))).toEqual(plain);
      expect(unescaped(html), JSON.stringify(text.slice(0, 80))).toContain(text);
      for (const [, href = ''] of html.matchAll(/(?:href|action|src)="([^"]*)"/g))
        expect(href).not.toMatch(/^\s*\w+script:|^data:/i);
    }
  },
);

test('sec-H02 what the frame is handed comes back out of its attribute as it was', () => {
  for (const text of hostile) {
    const brand = { slug: 'harbor-motors', name: text };
    const html = renderToString(
      <FramePage brand={brand} sites={[]} notice={text} logins={[]} css="/c" js="/j" words={words} />,
    );
    const [, page = ''] = /data-page="([^"]*)"/.exec(html) ?? [];
    expect(JSON.parse(unescaped(page))).toMatchObject({ brand, notice: text });
  }
});

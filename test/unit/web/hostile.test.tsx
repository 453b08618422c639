import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { expect, test, vi } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { look } from '#contract/look.ts';
import { always } from '#contract/showing.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { emptyState, type PanelState } from '../../../extension/panel/state.ts';
import { App } from '../../../extension/panel/views/app.tsx';
import { Connections } from '../../../server/web/console/connections.tsx';
import { LookPage } from '../../../server/web/console/look.tsx';
import { RepliesPage } from '../../../server/web/console/replies.tsx';
import { ShowingPage } from '../../../server/web/console/showing.tsx';
import { WebsitePage } from '../../../server/web/console/website.tsx';
import { renderPage } from '../../../server/web/page.tsx';
import { PreferencesPage } from '../../../server/web/preferences/preferences-page.tsx';
import { FramePage } from '../../../server/web/widget/frame-page.tsx';
import { words } from '../../../server/web/widget/words/en.ts';
import { frame as anyFrame, broken, choice, now, preferences } from '../../support/gallery-data.ts';
import { hostile } from '../../support/xss.ts';
import { tags } from './html.ts';

const at = '2026-11-22T14:01:00Z';
const base = { conversation: 'c1', at };

/** The panel with everything that comes from outside set to these words. */
function panelWith(text: string): JSX.Element {
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
  ] as Entry[];
  const facts = [{ field: 'email' as const, label: 'e-mail', value: text, source: text, partner: text, at }];
  const card = { integration: 'i', partner: text, sandbox: true, rows: [{ label: text, value: text }], at };
  const view = {
    conversation: 'c1',
    number: 7,
    title: text,
    signedIn: false,
    marks: { seen: { n: 0 }, read: { n: 0 } },
    visit: [],
    facts,
    strip: [],
    cards: [card],
  };
  const state: PanelState = {
    ...emptyState,
    phase: 'ready',
    brand: { id: 'b', name: text, slug: 'harbor-motors' },
    me: { id: 'u', name: text, role: 'agent', available: true },
    selected: 'c1',
    rows: [{ ...base, number: 7, title: text, lastLine: text, lastAt: at, lastSeq: 9, unread: 1, tags: [text] }],
    talks: { c1: { status: 'ready', readAt: Date.parse(at), entries, view: { ...view, entries: [], lastSeq: 9 } } },
  };
  return <App state={state} panel={{ select: vi.fn() } as unknown as Panel} now={Date.parse(at)} />;
}

const frameOf = (text: string) => ({ ...anyFrame, brand: text, me: { name: text, role: 'owner' } });
/** Each page with these words in every place a person or a partner fills. */
const pages: Record<string, (text: string) => JSX.Element> = {
  panel: panelWith,
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

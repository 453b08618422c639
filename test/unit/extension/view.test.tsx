import { renderToString } from 'preact-render-to-string';
import { describe, expect, it, vi } from 'vitest';
import type { Entry, StripCell } from '#contract/chat.ts';
import { panelRoutes } from '#contract/client.ts';
import { streams } from '#contract/endpoints.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { emptyState, type Leave, type PanelState, type Talk } from '../../../extension/panel/state.ts';
import { App } from '../../../extension/panel/views/app.tsx';
import {
  calledBy,
  linkWords,
  previewCounts,
  purposeLine,
  refusedBefore,
  sendWords,
  shareWords,
} from '../../../extension/panel/words.ts';

const now = new Date(2026, 10, 22, 14, 6).getTime();
const at = new Date(2026, 10, 22, 14, 1).toISOString();
const crm = 'CustomerRelationshipManagement';
const base = { conversation: 'c1', at };
const harbor = { id: 'b', name: 'Harbor Motors', role: 'agent', available: true };
const inHarbor = { ...base, brand: 'b', number: 7 };

const cell = (state: StripCell['state'], mark: StripCell['mark'], mayAsk: boolean): StripCell => ({
  integration: 'hubspot',
  partner: 'HubSpot',
  sandbox: true,
  mark,
  state,
  ...(state === 'open' ? {} : { since: at }),
  purposes: [
    {
      purpose: crm,
      because: 'to find your record',
      fields: ['name', 'email'],
      state: state === 'off' ? 'no' : state,
      mayAsk,
    },
  ],
});
const talkOf = (strip: StripCell[], entries: Entry[] = []): Talk => ({
  status: 'ready',
  readAt: now,
  entries,
  view: {
    ...inHarbor,
    title: 'Ada Brandt',
    signedIn: false,
    marks: { seen: { n: 0 }, read: { n: 0 } },
    visit: [{ kind: 'country', source: 'network address' }],
    facts: [
      { field: 'email', label: 'e-mail', value: 'ada@brandt.example', source: 'typed', at },
      { field: 'company', label: 'company' },
    ],
    strip,
    cards: [{ integration: 'hubspot', partner: 'HubSpot', sandbox: true, rows: [], empty: 'not_asked' }],
    entries: [],
    lastSeq: 9,
  },
});
const stateOf = (talk: Talk, more: Partial<PanelState> = {}): PanelState => ({
  ...emptyState,
  phase: 'ready',
  brands: [harbor],
  me: { id: 'jens', name: 'Jens' },
  selected: 'c1',
  rows: [{ ...inHarbor, title: 'Ada Brandt', lastLine: 'Hi', lastAt: at, lastSeq: 9, unread: 1, tags: [] }],
  link: { up: true, beatAt: now },
  talks: { c1: talk },
  ...more,
});
const draw = (state: PanelState, later = now): string =>
  renderToString(<App state={state} panel={{ select: vi.fn() } as unknown as Panel} now={later} />);
const wordsOf = (html: string): string =>
  html
    .replaceAll('\u2060', '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the words at the top', () => {
  it('R75 says live with the time of the last beat, offline when it is over 60 s old or the stream is down', () => {
    expect(linkWords({ up: true, beatAt: now }, now + 60_000)).toBe('live, 14:06');
    expect(linkWords({ up: true, beatAt: now }, now + 60_001)).toBe('offline since 14:06');
    expect(linkWords({ up: false, beatAt: now }, now)).toBe('offline since 14:06');
    expect(linkWords({ up: false }, now)).toBe('connecting');
  });
  it('R75 dims the chats and dates the answers while offline', () => {
    const html = draw(stateOf(talkOf([cell('yes', 'yes', false)])), now + 61_000);
    expect(html).toContain('rows offline');
    expect(wordsOf(html)).toContain('as known at 14:06');
  });
});

describe('the consent strip', () => {
  it.each([
    ['yes', 'yes', 'Yes today, 14:01'],
    ['no', 'no', 'No today, 14:01'],
    ['asked', 'open', 'Asked today, 14:01'],
    ['open', 'open', 'Not asked nothing leaves'],
    ['off', 'held', 'Off today, 14:01'],
  ] as const)('R68 %s has its shape, word and time, and no control', (state, mark, words) => {
    const html = draw(stateOf(talkOf([cell(state, mark, false)])));
    const [strip = ''] = html.slice(html.indexOf('<ul class="strip"')).split('</ul>');
    expect(wordsOf(strip)).toContain(words);
    expect(strip).toContain(`mark ${mark}`);
    expect(strip).not.toMatch(/<(button|a|input|select|details)\b/);
  });
  it('R28 says that somebody is signed in, and offers owners to take it back', () => {
    const talk = talkOf([]);
    if (talk.view) talk.view.signedIn = true;
    const seen = (role: string) => draw(stateOf(talk, { brands: [{ ...harbor, role }] }));
    expect(wordsOf(seen('agent'))).toContain('signed in on your site');
    expect([seen('agent'), seen('owner')].map((h) => h.includes('Not the same person'))).toEqual([false, true]);
  });
  it('R68 offers the question only where it may be asked', () => {
    expect(draw(stateOf(talkOf([cell('open', 'open', true)])))).toContain('Ask in the chat');
    expect(draw(stateOf(talkOf([cell('no', 'no', false)])))).not.toContain('Ask in the chat');
  });
  it('says so when no partner is connected, or when the answers could not be read', () => {
    expect(wordsOf(draw(stateOf(talkOf([]))))).toContain('No partner is connected.');
    const failed: Talk = { status: 'failed', entries: [] };
    expect(wordsOf(draw(stateOf(failed)))).toContain('Could not read the answers. Nothing leaves.');
  });
});

describe('the send preview', () => {
  const leave = (rows: NonNullable<Leave['preview']>['rows'], lacking: ('email' | 'phone')[] = []): Leave => ({
    conversation: 'c1',
    integration: 'hubspot',
    partner: 'HubSpot',
    purpose: crm,
    status: 'ready',
    preview: {
      integration: 'hubspot',
      partner: 'HubSpot',
      sandbox: true,
      purpose: crm,
      because: 'to find your record',
      lacking,
      rows,
    },
  });
  const stays = {
    field: 'phone',
    label: 'phone',
    leaves: false,
    rule: 'D16',
    reason: 'scope_not_covered',
    saidNo: true,
  } as const;
  const goes = { field: 'email', label: 'e-mail', leaves: true, value: 'ada@brandt.example', rule: 'D18' } as const;

  it('R71 counts on the button, puts leaving fields first and the reason in the place of a value', () => {
    const html = draw(stateOf(talkOf([cell('yes', 'yes', false)]), { leave: leave([stays, goes]) }));
    const words = wordsOf(html);
    expect(words).toContain('To find Ada’s record. One field leaves, one stays.');
    expect(words).toContain('Send one field');
    expect(words).toContain('Phone Ada said no. Stays here.');
    expect(html.indexOf('data-field="email"')).toBeLessThan(html.indexOf('data-field="phone"'));
    expect(html.indexOf('class="leave"')).toBeLessThan(html.indexOf('id="reply"'));
  });
  it('R71 cannot be pressed with nothing to send, and keeps the reasons readable', () => {
    const html = draw(stateOf(talkOf([cell('open', 'open', true)]), { leave: leave([stays]) }));
    expect(html).toMatch(/data-act="leave" aria-disabled="true"/);
    expect(wordsOf(html)).toContain('Nothing may leave.');
    expect(wordsOf(html)).toContain('Ada said no.');
  });
  it('R20 offers to ask where nothing may leave and asking is possible, else not', () => {
    const shown = (mayAsk: boolean) => draw(stateOf(talkOf([cell('open', 'open', mayAsk)]), { leave: leave([stays]) }));
    expect(shown(true)).toContain('data-act="ask-first"');
    expect(shown(false)).not.toContain('data-act="ask-first"');
  });

  it('R71 says what the partner needs and the hub does not know', () => {
    const html = draw(stateOf(talkOf([cell('yes', 'yes', false)]), { leave: leave([goes], ['phone']) }));
    expect(wordsOf(html)).toContain('HubSpot needs a phone, and it is not known.');
    expect(html).toMatch(/data-act="leave" aria-disabled="true"/);
  });
  it('counts in words', () => {
    expect(sendWords([goes, goes])).toBe('Send two fields');
    expect(previewCounts([goes, goes, stays, stays, stays])).toBe('Two fields leave, three stay.');
    expect(previewCounts([stays])).toBe('Nothing leaves, one stays.');
  });
});

describe('the conversation', () => {
  const share = (
    n: number,
    state: 'waiting' | 'sent' | 'withheld' | 'failed' | 'unknown',
  ): Extract<Entry, { kind: 'share' }> => ({
    ...base,
    seq: n,
    n,
    kind: 'share',
    share: 's1',
    integration: 'hubspot',
    partner: 'HubSpot',
    purpose: crm,
    state,
    fields: state === 'sent' ? ['email'] : [],
    withheld: [{ field: 'phone', rule: 'D16', reason: 'scope_not_covered' }],
  });
  const answered: Entry = {
    ...base,
    seq: 2,
    n: 2,
    kind: 'answered',
    integration: 'hubspot',
    partner: 'HubSpot',
    purpose: crm,
    yes: ['name', 'email'],
    no: ['phone'],
    later: false,
  };
  it('R68 R71 tells question, answer and outcome in sentences, and a share once', () => {
    const entries: Entry[] = [
      { ...base, seq: 1, n: 1, kind: 'asked', integration: 'hubspot', partner: 'HubSpot', purpose: crm, by: 'Jens' },
      answered,
      share(3, 'waiting'),
      share(4, 'sent'),
      {
        ...base,
        seq: 5,
        n: 5,
        kind: 'withdrawn',
        integration: 'hubspot',
        partner: 'HubSpot',
        alreadyOut: 1,
        stopped: 2,
      },
    ];
    const words = wordsOf(draw(stateOf(talkOf([cell('yes', 'yes', false)], entries))));
    expect(words).toContain('You asked whether HubSpot may get name and e-mail.');
    expect(words).toContain('Ada said yes to name and e-mail, no to phone, for HubSpot.');
    expect(words).toContain('Sent to HubSpot: e-mail. Phone stayed: Ada said no.');
    const again = [{ ...(entries[0] as Entry & { kind: 'asked' }), by: 'visitor' }];
    expect(wordsOf(draw(stateOf(talkOf([cell('yes', 'yes', false)], again))))).toContain('Ada was asked whether');
    expect(words).not.toContain('Waiting to leave');
    expect(words).toContain(
      'Ada took the yes for HubSpot back. Two sends that were waiting did not leave. One send had left before.',
    );
  });
  it('R68 after a not now says that this chat will not ask again, in the log and beside the card', () => {
    const entries: Entry[] = [{ ...(answered as Extract<Entry, { kind: 'answered' }>), yes: [], no: [], later: true }];
    const words = wordsOf(draw(stateOf(talkOf([cell('later', 'open', false)], entries))));
    expect(words).toContain('Ada said not now to HubSpot, for name and e-mail. This chat will not ask again.');
    expect(words).toContain('Not now Ada said not now. This chat will not ask again.');
    expect(words).not.toContain('Ask in the chat');
  });
  it('R71 never calls a refusal of the gate an error, nor an unknown outcome a success', () => {
    expect(shareWords(share(3, 'withheld'), 'Ada', [])).toEqual({
      word: 'Withheld',
      rest: 'from HubSpot. Phone stayed: not part of Ada’s yes.',
    });
    expect(shareWords(share(3, 'unknown'), 'Ada', []).word).toBe('Not confirmed');
    expect(refusedBefore([answered], share(1, 'sent'))).toEqual([]);
  });
  it('draws foreign text as text', () => {
    const text = '<img src=x onerror=alert(1)> my card is •••• ••••';
    const entry: Entry = { ...base, seq: 1, n: 1, kind: 'message', author: 'visitor', by: 'Ada', text, clientId: 'x' };
    const html = draw(stateOf(talkOf([], [entry])));
    expect(html).toContain('&lt;img src=x onerror=alert(1)>');
    expect(html).toContain('<span class="masked">•••• ••••</span>');
  });
  it('shows own messages as waiting or not sent', () => {
    const own = { clientId: 'x', conversation: 'c1', at: now, kind: 'message', text: 'Hello' } as const;
    const waiting = draw(stateOf(talkOf([]), { outbox: [{ ...own, state: 'waiting' }] }));
    expect(wordsOf(waiting)).toContain('You waiting Hello');
    const failed = draw(stateOf(talkOf([]), { outbox: [{ ...own, state: 'failed', cause: 'That is too large.' }] }));
    expect(wordsOf(failed)).toContain('Not sent. That is too large. Send again');
  });
});

describe('empty and unknown', () => {
  it('R67 R70 says unknown for a fact, and why a card is empty', () => {
    const words = wordsOf(draw(stateOf(talkOf([cell('open', 'open', true)]))));
    expect(words).toMatch(/Company unknown Country unknown (?!network)/);
    expect(words).toContain('Ada has not been asked about HubSpot, so nothing was looked up.');
    expect(words).toContain('Ada is here. Say hello.');
  });
  it('says what to do without chats, and when they cannot be read', () => {
    const { selected: _, ...none } = stateOf(talkOf([]), { rows: [] });
    expect(wordsOf(draw(none))).toContain('No chats.');
    const failed = wordsOf(draw({ ...emptyState, phase: 'failed' }));
    expect(failed).toContain('Could not load your chats. Try again');
    expect(failed).not.toContain('Nobody is waiting');
  });
  it('calls people by their first name, and a nameless one by all of it', () => {
    expect(calledBy('Ada Brandt')).toBe('Ada');
    expect(calledBy('Visitor 7F2C')).toBe('Visitor 7F2C');
    expect(purposeLine('find your record', 'Ada')).toBe('To find Ada’s record');
  });
});

it('takes the addresses of the contract', () => {
  expect(streams.agent).toBe('/api/panel/stream');
  expect(panelRoutes.panelQueue).toEqual(['GET', '/api/panel/queue']);
});

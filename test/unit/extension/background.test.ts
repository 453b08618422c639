import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import background from '../../../extension/entrypoints/background.ts';
import { classifySender, type SenderClass } from '../../../extension/lib/messages.ts';

const setPanelBehavior = vi.fn(async () => {});
const toggle = vi.fn(async () => {});
let click: (() => void)[] = [];

beforeEach(() => {
  fakeBrowser.reset();
  setPanelBehavior.mockClear();
  toggle.mockClear();
  click = [];
  Object.assign(fakeBrowser, {
    sidePanel: { setPanelBehavior },
    sidebarAction: { toggle },
    action: { onClicked: { addListener: (listener: () => void) => click.push(listener) } },
  });
});
afterEach(() => vi.unstubAllEnvs());

describe('the first click', () => {
  it('R76 Chrome: the panel is bound to the toolbar button in the first tick of the worker', () => {
    void background.main();
    expect(setPanelBehavior).toHaveBeenCalledExactlyOnceWith({ openPanelOnActionClick: true });
    expect(click).toHaveLength(0);
  });

  it('R76 Firefox: the listener stands in the first tick and opens the sidebar within the click itself', () => {
    vi.stubEnv('BROWSER', 'firefox');
    void background.main();
    expect(setPanelBehavior).not.toHaveBeenCalled();
    expect(click).toHaveLength(1);
    click[0]?.();
    expect(toggle).toHaveBeenCalledOnce();
  });

  it('R75 looks for new messages every 30 seconds while the worker sleeps', async () => {
    void background.main();
    await vi.waitFor(async () => expect(await fakeBrowser.alarms.get('look')).toMatchObject({ periodInMinutes: 0.5 }));
  });

  it('keeps the pairing alive by an alarm, without anything in memory', async () => {
    void background.main();
    await vi.waitFor(async () => expect(await fakeBrowser.alarms.get('keep')).toMatchObject({ periodInMinutes: 4 }));
  });
});

describe('R77 the policy of an organisation', () => {
  const hubNow = async () => (await fakeBrowser.storage.local.get('hub')).hub;
  beforeEach(() => {
    const quiet = { setBadgeText: vi.fn(async () => {}), setBadgeBackgroundColor: vi.fn(async () => {}) };
    Object.assign(fakeBrowser.action, quiet);
  });

  it('is followed from the start', async () => {
    await fakeBrowser.storage.managed.set({ hub: 'https://one.example' });
    void background.main();
    await vi.waitFor(async () => expect(await hubNow()).toBe('https://one.example'));
  });

  it('is followed when the browser tells of a change, which wakes the worker', async () => {
    void background.main();
    await fakeBrowser.storage.managed.set({ hub: 'https://two.example' });
    await vi.waitFor(async () => expect(await hubNow()).toBe('https://two.example'));
  });

  it('is followed within 30 seconds where the browser tells of none', async () => {
    void background.main();
    fakeBrowser.storage.onChanged.removeAllListeners();
    await fakeBrowser.storage.managed.set({ hub: 'https://three.example' });
    await fakeBrowser.alarms.onAlarm.trigger({ name: 'look', scheduledTime: 0, persistAcrossSessions: false });
    await vi.waitFor(async () => expect(await hubNow()).toBe('https://three.example'));
  });
});

describe('messages', () => {
  const own = { id: 'askfirst', origin: 'chrome-extension://askfirst' };
  const table: [string, Parameters<typeof classifySender>[0], SenderClass][] = [
    ['the panel', { id: 'askfirst', origin: own.origin }, 'own'],
    ['the panel in older Firefox, without origin', { id: 'askfirst' }, 'own'],
    ['a page of ours in a tab', { id: 'askfirst', origin: own.origin, tab: {}, frameId: 0 }, 'own'],
    ['a page of ours inside a frame', { id: 'askfirst', origin: own.origin, tab: {}, frameId: 3 }, 'subframe'],
    ['a content script', { id: 'askfirst', origin: 'https://evil.example', tab: {}, frameId: 0 }, 'content'],
    ['a content script in older Firefox', { id: 'askfirst', tab: {}, frameId: 0 }, 'content'],
    ['another extension', { id: 'other', origin: 'chrome-extension://other' }, 'foreign'],
    ['another extension that lends our origin', { id: 'other', origin: own.origin }, 'foreign'],
    ['a web page', { origin: 'https://evil.example' }, 'foreign'],
  ];
  it.each(table)('sec-E05 %s', (_who, sender, expected) => expect(classifySender(sender, own)).toBe(expected));

  it('sec-E05 the address of the sender changes nothing', () => {
    const lying = { id: 'other', origin: 'https://evil.example', url: `${own.origin}/sidepanel.html` };
    expect(classifySender(lying, own)).toBe('foreign');
  });
});

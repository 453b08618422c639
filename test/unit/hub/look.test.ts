import { afterEach, beforeEach, expect, test } from 'vitest';
import { look } from '#contract/look.ts';
import { type OnPage, showing } from '#contract/showing.ts';
import { readChatSetting } from '../../../server/store/chat-settings.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import type { Client } from '../../support/people-at.ts';

let door: FrontDoor;
let maria: Client & { csrf: string };
beforeEach(async () => {
  door = await frontDoor();
  door.hub.deps.asset = () => ({ body: Buffer.from('draw()'), type: 'text/javascript', tag: '"built"' });
  maria = await door.owner();
});
afterEach(() => door.close());

const brand = 'harbor-motors';
const looks = { colour: '', side: 'right', text: '', greeting: '' };
const save = (fields: Record<string, string>, page = '/console/chat/look') =>
  maria.submit(page, { csrf: maria.csrf, version: '0', ...fields });
const stored = () => readChatSetting(door.store.read, brand, look);
const script = (query = `?brand=${brand}`, tag?: string) =>
  fetch(`${door.origin}/widget.js${query}`, tag ? { headers: { 'if-none-match': tag } } : {});
/** What the script is handed, as a browser would run it. */
async function handed(): Promise<OnPage> {
  const text = await (await script()).text();
  const element = {};
  new Function('document', 'draw', text)({ currentScript: element }, () => {});
  return (element as { askfirst: OnPage }).askfirst;
}

test('UI.md 2: a colour that reads is kept, and reaches the script and the frame in both looks', async () => {
  expect((await save({ ...looks, colour: '8A1F4B', side: 'left', text: 'Ask us', greeting: 'Hello' })).status).toBe(
    303,
  );
  expect(stored().value).toEqual({ colour: '#8a1f4b', side: 'left', text: 'Ask us', greeting: 'Hello' });
  const { colours, ...rest } = await handed();
  expect(colours?.light.act).toBe('#8a1f4b');
  expect(rest).toMatchObject({ side: 'left', text: 'Ask us', greeting: 'Hello', offers: [], dnt: false });
  const frame = await (await fetch(`${door.origin}/widget/frame?brand=${brand}`)).text();
  expect(frame).toContain(colours?.dark.act);
  const audit = door.store.read.hot("select detail from audit where act = 'change-chat-setting'").all();
  expect(audit).toEqual([{ detail: 'look' }]);
});

test('UI.md 2: a colour nobody could read is refused in words, and the nearest shade is one press away', async () => {
  const res = await save({ ...looks, colour: '#ffcc00', text: 'Ask us' });
  const html = await res.text();
  expect(res.status).toBe(400);
  expect(html).toMatch(/#ffcc00 reaches 1\.2 to 1 .* 4\.5 to 1 is needed/s);
  expect(html).toContain('value="Ask us"');
  expect(stored().version).toBe(0);
  const [, shade = ''] = /name="use" value="(#[\da-f]{6})"/.exec(html) ?? [];
  expect((await save({ ...looks, colour: '#ffcc00', text: 'Ask us', use: shade })).status).toBe(303);
  expect(stored().value).toMatchObject({ colour: shade, text: 'Ask us' });
});

test.each([
  ['"red"', 'red', 'is no colour we can read'],
  ['style', '#fff;}*{color:red', 'is no colour we can read'],
])('UI.md 2: %s is no colour; what was typed stays in the form', async (_, colour, why) => {
  const res = await save({ ...looks, colour, greeting: 'Hello there' });
  expect(res.status).toBe(400);
  const html = await res.text();
  expect(html).toContain(why);
  expect(html).toContain('value="Hello there"');
  expect(stored().version).toBe(0);
});

test('the look can be looked at without being saved', async () => {
  const res = await save({ ...looks, colour: '#8a1f4b', show: '1' });
  expect([res.status, (await res.text()).includes('fill="#8a1f4b"'), stored().version]).toEqual([200, true, 0]);
});

test('R57 the script is one answer for everybody: no cookie, a tag that changes with the settings, a plain one for nobody’s brand', async () => {
  await save({ ...looks, text: 'One' });
  const first = await script();
  expect(first.headers.get('set-cookie')).toBeNull();
  expect(first.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  const tag = first.headers.get('etag') ?? '';
  expect((await script(undefined, tag)).status).toBe(304);
  await save({ ...looks, text: 'Two', version: '1' });
  expect((await script(undefined, tag)).status).toBe(200);
  for (const query of ['', '?brand=nobody', "?brand=' or 1=1 --"])
    expect(await (await script(query)).text()).toBe('draw()');
});

const none = {
  'button.starts': '',
  'button.contains': '',
  'button.never': '',
  'button.seconds': '0',
  'button.screen': 'any',
};
const saveRules = (fields: Record<string, string>) => save({ ...none, ...fields }, '/console/chat/showing');

test('R61 a brand sets rules for the button and an offer, without any language', async () => {
  const rules = {
    'button.starts': '/cars\r\n\r\n /vans ',
    'button.never': '/cars/sold',
    'offer.0.text': 'Shall we find one?',
    'offer.0.seconds': '20',
    'offer.0.screen': 'wide',
    'offer.1.text': ' ',
  };
  expect((await saveRules(rules)).status).toBe(303);
  const { button, offers } = await handed();
  expect(button).toEqual({
    starts: ['/cars', '/vans'],
    contains: [],
    never: ['/cars/sold'],
    seconds: 0,
    screen: 'any',
  });
  expect(offers).toEqual([
    { text: 'Shall we find one?', when: { starts: [], contains: [], never: [], seconds: 20, screen: 'wide' } },
  ]);
});

test.each([
  ['a path that is none', { 'button.starts': 'cars' }, 'starts with /'],
  ['no whole number', { 'button.seconds': '1.5' }, 'Seconds are a whole number'],
  ['no number', { 'button.seconds': 'soon' }, 'Seconds are a whole number'],
  ['too long to wait', { 'button.seconds': '3601' }, 'Seconds are a whole number'],
  ['a screen nobody has', { 'button.screen': 'round' }, 'cannot be saved'],
  ['a long offer', { 'offer.0.text': 'x'.repeat(121) }, 'at most 120'],
])('R61 %s is refused in words, nothing is stored, nothing typed is lost', async (_, fields, why) => {
  const res = await saveRules({ 'offer.1.text': 'My words', ...fields });
  expect(res.status).toBe(400);
  const html = await res.text();
  expect(html).toContain(why);
  expect(html).toContain('My words');
  expect(readChatSetting(door.store.read, brand, showing).version).toBe(0);
});

test.each([
  '{',
  'null',
  '[]',
  '{"button":{"kind":"cookie","is":"gold"},"offers":[]}',
  '{"button":"alert(1)","offers":7}',
  '{"__proto__":{"button":1}}',
])('R61 a damaged row (%s) is the plain button', async (body) => {
  await saveRules({ 'button.starts': '/cars' });
  await save({ ...looks, text: 'Mine' });
  await door.store.write((tx) => tx.hot('update chat_setting set body_json = ?').run(body));
  expect(await handed()).toEqual({ ...showing.standard, side: 'right', text: '', greeting: '', dnt: false });
  expect((await maria.get('/console/chat/showing')).status).toBe(200);
  expect((await fetch(`${door.origin}/widget/frame?brand=${brand}`)).status).toBe(200);
});

test('what a brand writes cannot leave its place in the script', async () => {
  const text = '</script><!--\u2028"};x()//';
  await save({ ...looks, text });
  const served = await (await script()).text();
  expect(served).not.toMatch(/[<\u2028]/);
  expect((await handed()).text).toBe(text);
});

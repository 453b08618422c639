import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brandConfig, rulesForm as rulesSchema, strictRules } from '#contract/settings.ts';
import { ruleNames } from '../../../server/consent/rules.ts';
import { strictSettings } from '../../../server/gate/decide.ts';
import { rulesForVisitors } from '../../../server/i18n/rules.ts';
import { demoPeople } from '../../../server/people/seed.ts';
import { openRecorder } from '../../support/recorder.ts';
import { rulesForm, saveRules } from './rules-form.ts';
import { type Chat, openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
let clock: number;
beforeEach(async () => {
  clock = Date.now();
  stage = await openStage({
    recorder: await openRecorder(),
    now: () => new Date(clock),
  });
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const config = () =>
  JSON.parse(stage.door.store.read.hot('select settings_json from brand').get()?.settings_json as string);
const settingRows = () =>
  stage.door.store.read
    .hot("select row from ledger_leaf where type = 'setting' order by idx")
    .all()
    .map((r) => JSON.parse(r.row as string));
const audit = () =>
  stage.door.store.read.hot("select actor, act, detail from audit where act = 'change-rule' order by seq").all();
const publicPage = async () => (await stage.door.client().get('/privacy/harbor-motors')).text();
const sql = (s: string) => stage.door.store.write((tx) => tx.exec(s));

describe('the rules of a brand', () => {
  test('begin strict: contract and gate name the same values', () => {
    expect(strictRules).toMatchObject(strictSettings);
    expect(config()).toEqual({ ...strictRules, places: ['DK'], version: 0, sites: [stage.door.shop] });
  });

  test('a change is one commit: settings, a ledger row and an audit row a rule, and the public page says it', async () => {
    expect(await publicPage()).not.toContain('Do Not Track, we count it');
    const saved = await saveRules(stage, { dntActsLikeGpc: 'yes', askedMeansWait: 'no' });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, '/console/rules?done=2']);
    expect(config()).toMatchObject({ dntActsLikeGpc: true, askedMeansWait: false, version: 1 });
    const minute = `${new Date(clock).toISOString().slice(0, 16)}Z`;
    expect(settingRows()).toEqual([
      { v: 1, t: 'setting', setting: 'askedMeansWait', old: true, new: false, minute },
      { v: 1, t: 'setting', setting: 'dntActsLikeGpc', old: false, new: true, minute },
    ]);
    expect(audit().map((a) => a.detail)).toEqual(['askedMeansWait: true to false', 'dntActsLikeGpc: false to true']);
    expect(audit()[0]?.actor).toMatch(/^user:/);
    const shown = await (await stage.maria.get('/console/rules?done=2')).text();
    expect(shown).toContain('Saved: two rules changed.');
    const page = await publicPage();
    expect(page).toContain('If your browser sends Do Not Track, we count it as a wish not to share.');
    expect(page).toContain('A question you have not answered yet changes nothing');
    expect(page).toContain('We serve people in Denmark.');
  });

  test('saving what stands already, places in whichever order, changes nothing and writes nothing', async () => {
    await saveRules(stage, {}, ['US-CA', 'DK']);
    expect((await saveRules(stage, {}, ['DK', 'US-CA'])).headers.get('location')).toBe('/console/rules?done=0');
    expect(settingRows().map((r) => r.new)).toEqual([['DK', 'US-CA']]);
  });
  test('pressing Save at once writes nothing', async () => {
    const epochs = () => stage.door.store.read.hot('select conn_epoch from integration').all();
    const before = epochs();
    expect((await saveRules(stage, {})).headers.get('location')).toBe('/console/rules?done=0');
    expect([settingRows(), audit(), config().version, epochs()]).toEqual([[], [], 0, before]);
  });

  test('a second tab with older rules overwrites nobody', async () => {
    const old = await rulesForm(stage.maria);
    await saveRules(stage, { childDirected: 'yes' });
    const late = await saveRules(stage, { optOutDefaultEnabled: 'yes' }, undefined, old);
    expect(late.status).toBe(409);
    expect(await late.text()).toContain('Somebody else saved these rules meanwhile');
    expect(config()).toMatchObject({ childDirected: true, optOutDefaultEnabled: false, version: 1 });
    expect(settingRows()).toHaveLength(1);
  });

  test('only owner and admin; an agent sees neither page nor entry, a stranger is led to the sign-in', async () => {
    const { door } = stage;
    expect((await door.client().get('/console/rules')).headers.get('location')).toBe('/sign-in');
    const jens = door.client();
    const link = door.hub.deps.people.signIn.printedLink(demoPeople.jens.email);
    await jens.submit(link, { token: link.split('/').at(-1) ?? '' });
    expect((await jens.get('/console/rules')).status).toBe(403);
    expect((await jens.submit('/console/rules', { ...(await rulesForm(stage.maria)) })).status).toBe(403);
    expect(await (await jens.get('/console/agents')).text()).not.toContain('/console/rules');
    expect(await (await stage.maria.get('/console')).text()).toContain('/console/rules');
    await sql(`update "member" set role = 'admin' where role = 'agent'`);
    expect((await jens.get('/console/rules')).status).toBe(200);
    expect(config().version).toBe(0);
  });

  test('DB4 the brand is the one of the membership: another brand stays as it is', async () => {
    await sql(
      `insert into brand (id, slug, legal_name, name, address, contact, country, settings_json, wrapped_key, created_at)
       select 'other', 'other', legal_name, 'Other', address, contact, country, settings_json, wrapped_key, created_at from brand`,
    );
    expect((await saveRules(stage, { brand: 'other' })).status).toBe(400);
    await saveRules(stage, { childDirected: 'yes' });
    const other = stage.door.store.read.hot("select settings_json from brand where id = 'other'").get();
    expect(JSON.parse(other?.settings_json as string)).toMatchObject({ childDirected: false, version: 0 });
  });

  test.each<[string, Record<string, string>]>([
    ['a name nobody knows', { sites: 'https://evil.example' }],
    ['a word for a switch', { childDirected: 'on' }],
    ['an age that is none', { consentAge: '9' }],
    ['a place nobody knows', { 'place.XX': 'on' }],
    ['a place with a value', { 'place.DE': 'yes' }],
    ['a version that is none', { version: '-1' }],
    ['a prototype', { __proto__x: '1', constructor: 'x' }],
  ])('bad input: %s is refused and nothing is stored', async (_, change) => {
    expect((await saveRules(stage, change)).status).toBe(400);
    expect([settingRows(), config().version]).toEqual([[], 0]);
  });
  test('bad input: a rule left out, no token, a token of another session', async () => {
    const form = await rulesForm(stage.maria);
    const { askedMeansWait: _, ...lacking } = form;
    expect((await stage.maria.submit('/console/rules', lacking)).status).toBe(400);
    expect((await stage.maria.submit('/console/rules', { ...form, csrf: '' })).status).toBe(403);
    expect((await stage.maria.submit('/console/rules', { ...form, csrf: 'A'.repeat(43) })).status).toBe(403);
    expect(config().version).toBe(0);
  });
});

describe('R19 the chat never depends on a yes', () => {
  const tricks = [
    ['preTicked', 'yes'],
    ['yesLabel', 'OK'],
    ['oneButton', 'yes'],
    ['noHidden', 'yes'],
    ['acceptToChat', 'yes'],
    ['chatNeedsConsent', 'yes'],
    ['buttons', 'yes'],
  ] as const;
  test.each(tricks)('a setting %s cannot be saved: neither form nor store knows it', async (key, value) => {
    expect((await saveRules(stage, { [key]: value })).status).toBe(400);
    const { csrf: _, version: __, ...form } = await rulesForm(stage.maria);
    expect(rulesSchema.safeParse({ ...form, csrf: '', version: '0', places: [], [key]: value }).success).toBe(false);
    expect(brandConfig.safeParse({ ...config(), [key]: true }).success).toBe(false);
    expect(brandConfig.safeParse(config()).success).toBe(true);
  });
  test('every rule there is has a word for people, and none is about the question or the chat', () => {
    expect(ruleNames).toEqual([
      'signalStopsAllConsentSharing',
      'askedMeansWait',
      'optOutDefaultEnabled',
      'refusalStopsProcessors',
      'dntActsLikeGpc',
      'childDirected',
      'maskCards',
      'maskBanks',
      'maskSocial',
      'consentAge',
      'places',
    ]);
  });
});

describe('R16 settings that cannot be read', () => {
  test.each<[string, string]>([
    ['no JSON', "'{'"],
    ['a key nobody knows', "json_set(settings_json, '$.preTicked', json('true'))"],
    ['a rule left out', "json_remove(settings_json, '$.askedMeansWait')"],
    ['a word for a switch', "json_set(settings_json, '$.childDirected', 'no')"],
    ['a place twice', `json_set(settings_json, '$.places', json('["DK","DK"]'))`],
    ['the old fixed regime', "json_set(settings_json, '$.regime', 'opt_out')"],
  ])('%s: nothing leaves, the chat goes on, the pages say so', async (_, value) => {
    await chat.answer({ email: 'yes' });
    await sql(`update brand set settings_json = ${value} where id = 'harbor-motors'`);
    expect((await chat.preview()).status).toBe(500);
    expect((await chat.press()).status).toBe(500);
    expect(stage.recorder.calls).toEqual([]);
    expect((await chat.message('Still there?')).status).toBe(201);
    expect(await publicPage()).toContain('The rules cannot be read just now, so nothing leaves.');
    const page = await (await stage.maria.get('/console/rules')).text();
    expect(page).toContain('The rules of this brand cannot be read, so nothing is shared.');
    expect(page).not.toContain('Save the rules');
  });
});

test('visitors read of each loosened rule in their words, without those of lawyers', () => {
  const loose = rulesForVisitors({
    ...{ signalStopsAllConsentSharing: false, askedMeansWait: false, optOutDefaultEnabled: true },
    ...{ refusalStopsProcessors: false, dntActsLikeGpc: true, childDirected: true, consentAge: 13 },
    ...{ maskCards: false, maskBanks: false, maskSocial: false, places: ['US-CA', 'DE'], version: 1, sites: [] },
  });
  expect(loose.map((r) => r.rule).sort()).toEqual([...ruleNames].sort());
  expect(loose.map((r) => r.text).join(' ')).not.toMatch(/consent|GDPR|third part|opt in|processing|oops|!/i);
  expect(loose[0]?.text).toBe(
    'We serve people in California (USA) and Germany. Their laws differ, so the strictest counts for everybody.',
  );
  expect(rulesForVisitors({ ...strictRules, version: 0, sites: [] })).toEqual([]);
});

test('R90 no rule, place or age is in a log', async () => {
  await saveRules(stage, { childDirected: 'yes' }, ['US-CA']);
  await stage.maria.json('GET', `/api/panel/conversations/${chat.ada.conversation}`, undefined, panel);
  expect(stage.door.logged()).not.toMatch(/US-CA|childDirected/);
});

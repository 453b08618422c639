import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { languages } from '../../../server/i18n/spoken.ts';
import { openChat, openPreferences, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const mine = '/privacy/harbor-motors';
const html = async (path: string, accept = '') =>
  (await fetch(stage.door.origin + path, { headers: { accept: 'text/html', 'accept-language': accept } })).text();
const langOf = (page: string) => /<html lang="([^"]*)"/.exec(page)?.[1];

test('DESIGN-5 the demo’s shop hands the language of its address to the chat; one that is not spoken leaves the page’s own', async () => {
  const asked = async (query: string) =>
    /data-lang="([^"]*)"/.exec(await (await fetch(`${stage.door.shop}/${query}`)).text())?.[1];
  for (const lang of languages) expect(await asked(`?lang=${lang}`)).toBe(lang);
  expect(await asked('')).toBeUndefined();
  for (const odd of ['ar', '"><script>', '']) expect(await asked(`?lang=${encodeURIComponent(odd)}`)).toBeUndefined();
});

describe('R35 DESIGN-5 the visitor’s own pages speak their language', () => {
  test('R35 the address decides, else the browser, else English; every language leads to every other', async () => {
    expect(langOf(await html(`${mine}?lang=da`, 'de'))).toBe('da');
    expect(langOf(await html(mine, 'nl, fr-CA;q=0.5'))).toBe('fr');
    expect(langOf(await html(`${mine}?lang=ar`, 'he'))).toBe('en');
    expect(langOf(await html(`${mine}?lang=${'"><script>'.repeat(9)}`, 'de'))).toBe('de');
    for (const lang of languages) {
      const page = await html(`${mine}?lang=${lang}`);
      for (const other of languages) expect(page).toContain(`href="${mine}?lang=${other}#languages"`);
    }
  });

  test('R35 a switch that is pressed answers in the language it was pressed in, and everything on the page leads on in it', async () => {
    const chat = await openChat(stage);
    const page = await openPreferences(stage, chat);
    const before = await (await page.browser.get(`${mine}?lang=da`)).text();
    const own = [...before.matchAll(/(?:action|href)="(\/privacy\/[^"#]*)"/g)].map((m) => m[1] as string);
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((to) => !to.endsWith('?lang=da'))).toEqual([]);
    const nonce = /name="nonce" value="([^"]+)"/.exec(before)?.[1] ?? '';
    const fields = { integration: stage.integration, purpose: 'CustomerRelationshipManagement' };
    const yes = await page.browser.submit(`${mine}/choose?lang=da`, { ...fields, want: 'yes', nonce });
    expect(await yes.text()).toContain('Gemt: HubSpot må få dit navn');
    const no = await page.browser.submit(`${mine}/choose?lang=da`, { ...fields, want: 'no', nonce: '' });
    const after = await no.text();
    expect(langOf(after)).toBe('da');
    expect(after).toContain('Gemt: HubSpot er slået fra.');
  });

  test('R35 what goes wrong there is said in it too; the console’s problems stay in English', async () => {
    expect(await html(`${mine}/notices/none`, 'da')).toContain('Her er intet.');
    expect(await html('/receipts/none', 'de')).toContain('Hier ist nichts.');
    expect(await html('/login/open?code=none', 'fr')).toContain('Il n’y a rien ici.');
    expect(langOf(await html('/console/none', 'da'))).toBe('en');
    const keys = await fetch(`${stage.door.origin}${mine}/proof-keys`, { headers: { 'accept-language': 'de' } });
    expect(keys.status).toBe(404);
    expect(await keys.text()).toContain('Diesen Browser kennen wir nicht.');
  });
});

import { describe, expect, it } from 'vitest';
import type { RecordSite } from '#contract/calls-find.ts';
import type { HubClient } from '#contract/client.ts';
import { findFromTab, type OpenTab, recordAt } from '../../../extension/panel/find.ts';
import { lookWords } from '../../../extension/panel/views/find.tsx';

const site: RecordSite = {
  integration: 'i-1',
  partner: 'HubSpot',
  sandbox: false,
  origin: 'https://app.hubspot.com',
  paths: ['/contacts/481/record/0-1/{record}', '/contacts/481/contact/{record}'],
};

describe('R78 the address of a record', () => {
  it.each([
    ['https://app.hubspot.com/contacts/481/record/0-1/101', '101'],
    ['https://app.hubspot.com/contacts/481/contact/101/?view=all#notes', '101'],
    ['https://app.hubspot.com/contacts/481/contact/a%20b', 'a b'],
  ])('%s', (address, record) => expect(recordAt(site, address)).toBe(record));

  it.each([
    'https://app.hubspot.com/contacts/482/record/0-1/101', // another account
    'https://app.hubspot.com/contacts/481/record/0-2/101', // a company
    'https://app.hubspot.com/contacts/481/record/0-1/',
    'https://app.hubspot.com/contacts/481/record/0-1/101/more',
    'https://app.hubspot.com/contacts/481/contact/%',
    `https://app.hubspot.com/contacts/481/contact/${'9'.repeat(201)}`,
    'https://app.hubspot.com.evil.example/contacts/481/contact/101',
    'https://evil.example/?https://app.hubspot.com/contacts/481/contact/101',
    'http://app.hubspot.com/contacts/481/contact/101',
    'about:blank',
    '',
  ])('none in %s', (address) => expect(recordAt(site, address)).toBeUndefined());
});

function looking(
  addresses: string[],
  answer: unknown = { found: 'none' },
  more: { sites?: RecordSite[]; allowed?: boolean } = {},
) {
  const asked: unknown[] = [];
  const client = {
    call: async (name: string, input: unknown) => {
      asked.push([name, input]);
      if (answer instanceof Error) throw answer;
      return name === 'panelSites' ? { sites: more.sites ?? [site] } : answer;
    },
  } as unknown as HubClient;
  const tab: OpenTab = {
    look: async () => addresses,
    allowed: async () => more.allowed ?? true,
    allow: async () => false,
  };
  return { asked, look: findFromTab({ client, tab, endedBy: () => false }) };
}
const ada = 'https://app.hubspot.com/contacts/481/contact/101';

describe('R78 a look at the open tab', () => {
  it('R64 asks every brand whose partner shows this page, and picks nobody where two know the person', async () => {
    const sites = [site, { ...site, integration: 'i-2' }];
    const answers = (...all: object[]) => {
      const left = [{ sites }, ...all];
      const client = { call: async () => left.shift() } as unknown as HubClient;
      const tab: OpenTab = { look: async () => [ada], allowed: async () => true, allow: async () => false };
      return findFromTab({ client, tab, endedBy: () => false });
    };
    const one = (conversation: string) => ({ found: 'one', conversation });
    expect(await answers({ found: 'none' }, one('c2'))).toEqual({
      is: 'found',
      conversation: 'c2',
      partner: 'HubSpot',
    });
    expect(await answers(one('c1'), one('c2'))).toEqual({ is: 'many', partner: 'HubSpot' });
    expect(await answers({ found: 'many' }, { found: 'none' })).toEqual({ is: 'many', partner: 'HubSpot' });
    expect(await answers({ found: 'none' }, { found: 'none' })).toEqual({ is: 'none', partner: 'HubSpot' });
  });
  it('tells the hub the record alone, and opens one person', async () => {
    const { asked, look } = looking([ada], { found: 'one', conversation: 'c-1' });
    expect(await look).toEqual({ is: 'found', conversation: 'c-1', partner: 'HubSpot' });
    expect(asked).toEqual([
      ['panelSites', {}],
      ['panelFind', { integration: 'i-1', record: '101' }],
    ]);
  });

  it('says so and picks nobody: nothing allowed, another page, no match, two matches, two pages, no partner, no hub', async () => {
    const words = async (...of: Parameters<typeof looking>) => lookWords(await looking(...of).look);
    expect(await words([], undefined, { allowed: false })).toMatch(/^No site you allowed is open\./);
    expect(await words(['https://app.hubspot.com/home'])).toBe('The open tab shows no person of HubSpot.');
    expect(await words([ada])).toBe('Nobody here has this record of HubSpot. Nothing was created.');
    expect(await words([ada], { found: 'many' })).toContain('so nobody was picked.');
    expect(await words([ada, ada.replace('101', '102')])).toContain('so nobody was picked.');
    expect(await words([ada], undefined, { sites: [] })).toBe('No connected partner has pages to find a person from.');
    expect(await words([ada], new Error('The hub does not answer.'))).toBe('The hub does not answer.');
  });

  it('sends no address where nothing fits', async () => {
    const { asked, look } = looking(['https://bank.example/account/7']);
    await look;
    expect(asked).toEqual([['panelSites', {}]]);
  });
});

import { describe, expect, it } from 'vitest';
import { fromFrame, fromSite } from '../../../server/web/widget/messages.ts';

const site = { postMessage: () => {} } as unknown as Window;
const other = {} as Window;
const shop = 'https://shop.example';

describe('what the frame hears', () => {
  it('sec-H05 hears the brand’s page: exact origin, then source, then shape', () => {
    expect(fromSite({ origin: shop, source: site, data: { askfirst: 'open', more: 1 } }, [shop], site)).toEqual({
      askfirst: 'open',
    });
    expect(fromSite({ origin: shop, source: site, data: { askfirst: 'closed' } }, [shop], site)).toEqual({
      askfirst: 'closed',
    });
  });
  it.each([
    'https://shop.example.evil',
    'http://shop.example',
    'https://shop.example:444',
    'https://SHOP.example',
    'null',
    '',
  ])('sec-H05 drops the origin %j', (origin) =>
    expect(fromSite({ origin, source: site, data: { askfirst: 'open' } }, [shop], site)).toBeUndefined(),
  );
  it('drops another window of the right origin', () => {
    expect(fromSite({ origin: shop, source: other, data: { askfirst: 'open' } }, [shop], site)).toBeUndefined();
    expect(fromSite({ origin: shop, source: null, data: { askfirst: 'open' } }, [shop], site)).toBeUndefined();
  });
  it.each([
    null,
    undefined,
    'open',
    7,
    [],
    {},
    { askfirst: 'ready' },
    { askfirst: { toString: (): string => 'open' } },
  ])('drops the shape %j', (data) =>
    expect(fromSite({ origin: shop, source: site, data }, [shop], site)).toBeUndefined(),
  );
});

describe('the page a site names', () => {
  const page = (data: object, origin = shop) => fromSite({ origin, source: site, data }, [shop], site);
  it('R67 hears address and title, and nothing beside them', () => {
    const data = { askfirst: 'page', address: `${shop}/cars`, title: 'Cars' };
    expect(page({ ...data, token: 's3cret' })).toEqual(data);
  });
  it.each([
    [{ address: 'https://evil.example/cars', title: '' }],
    [{ address: 'https://shop.example.evil/', title: '' }],
    [{ address: shop, title: '' }],
    [{ address: 'javascript:alert(1)', title: '' }],
    [{ address: `${shop}/${'x'.repeat(2048)}`, title: '' }],
    [{ address: `${shop}/`, title: 'x'.repeat(301) }],
    [{ address: `${shop}/` }],
    [{ title: 'Cars' }],
    [{ address: { toString: (): string => `${shop}/` }, title: '' }],
    [{ address: `${shop}/`, title: 7 }],
  ])('R67 drops %j', (data) => expect(page({ askfirst: 'page', ...data })).toBeUndefined());
});

describe('what the loader hears', () => {
  const hub = 'http://localhost:8787';
  const hear = (data: unknown, origin = hub, source: Window | null = site) =>
    fromFrame({ origin, source, data }, hub, site);
  it('hears four words of its own frame and nothing beside them', () => {
    expect(hear({ askfirst: 'close', url: 'javascript:' })).toEqual({ askfirst: 'close' });
    expect(hear({ askfirst: 'ready', name: 'Harbor Motors' })).toEqual({ askfirst: 'ready', name: 'Harbor Motors' });
    expect(hear({ askfirst: 'plain', why: 'she said' })).toEqual({ askfirst: 'plain' });
    expect(hear({ askfirst: 'unread', count: 2 })).toEqual({ askfirst: 'unread', count: 2 });
  });
  it.each([
    { askfirst: 'ready' },
    { askfirst: 'ready', name: {} },
    { askfirst: 'unread', count: -1 },
    { askfirst: 'unread', count: '2' },
    { askfirst: 'unread', count: 0.5 },
    { askfirst: 'open' },
  ])('drops the shape %j', (data) => expect(hear(data)).toBeUndefined());
  it('drops another origin, another window, and everything before the frame exists', () => {
    expect(hear({ askfirst: 'close' }, 'http://127.0.0.1:8787')).toBeUndefined();
    expect(hear({ askfirst: 'close' }, hub, other)).toBeUndefined();
    expect(fromFrame({ origin: hub, source: null, data: { askfirst: 'close' } }, hub, undefined)).toBeUndefined();
  });
});

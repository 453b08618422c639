import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Hono } from 'hono';
import { renderToString } from 'preact-render-to-string';
import { ShopPage } from '../../server/demo/shop.tsx';

/** A brand's site with the widget of `hub` on every page, and a strict policy of its own that names the hub twice. */
export function fakeShop(hub: string, brandSlug: string): Hono {
  const shop = new Hono();
  shop.get('/:page{(cars/.*)?}', (c) => {
    c.header(
      'content-security-policy',
      `default-src 'none'; img-src data:; style-src 'self'; script-src ${hub}; frame-src ${hub}; require-trusted-types-for 'script'`,
    );
    const page = <ShopPage hubOrigin={hub} brandSlug={brandSlug} css="/shop.css" />;
    return c.html(`<!doctype html>${renderToString(page)}`);
  });
  shop.get('/shop.css', async (c) =>
    c.body(await readFile(resolve('server/demo/shop.css')), 200, { 'content-type': 'text/css' }),
  );
  return shop;
}

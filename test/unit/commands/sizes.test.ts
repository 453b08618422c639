import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sizesOf, sizeTable } from '../../../server/commands/sizes.ts';

test('whole extensions are counted as unpacked, the widget as it travels', () => {
  const root = mkdtempSync(join(tmpdir(), 'askfirst-sizes-'));
  const put = (path: string, bytes: number) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'x'.repeat(bytes));
  };
  put('.output/chrome-mv3/manifest.json', 1_000);
  put('.output/chrome-mv3/icon/16.png', 500);
  put('.output/firefox-mv3/manifest.json', 2_000);
  for (const file of ['widget.js', 'frame.js', 'frame.css']) put(`dist/widget/${file}`, 10_000);
  const sizes = sizesOf(root);
  expect(sizes.slice(0, 2).map(({ bytes, as }) => [bytes, as])).toEqual([
    [1_500, 'unpacked'],
    [2_000, 'unpacked'],
  ]);
  for (const { bytes, as } of sizes.slice(2)) expect([as, bytes < 100]).toEqual(['gzipped', true]);
  expect(sizeTable(sizes)).toMatch(/^extension for Chrome +1\.5 kB {2}unpacked$/m);
  rmSync(root, { recursive: true });
});

test('what is built keeps to the limits of DESIGN.md 7: extensions 250 kB, the script on a brand’s page 12 kB', () => {
  const [chrome, firefox, script] = sizesOf('.').map(({ bytes }) => bytes);
  expect(chrome).toBeLessThan(250_000);
  expect(firefox).toBeLessThan(250_000);
  expect(script).toBeLessThan(12_000);
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from './build.ts';

/** One line of the table: what it is, its bytes, and how they were counted. */
export interface Size {
  what: string;
  bytes: number;
  as: 'unpacked' | 'gzipped';
}

const unpacked = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

const gzipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;

/** Sizes of what was built under `root`: both extensions as a browser unpacks them, the widget as a page fetches it. */
export function sizesOf(root: string): Size[] {
  const extension = (name: string, folder: string): Size => ({
    what: `extension for ${name}`,
    bytes: unpacked(join(root, '.output', folder)),
    as: 'unpacked',
  });
  const widget = (what: string, file: string): Size => ({
    what,
    bytes: gzipped(join(root, 'dist/widget', file)),
    as: 'gzipped',
  });
  return [
    extension('Chrome', 'chrome-mv3'),
    extension('Firefox', 'firefox-mv3'),
    widget("widget: script on the brand's page", 'widget.js'),
    widget('widget: its frame, script', 'frame.js'),
    widget('widget: its frame, style', 'frame.css'),
  ];
}

/** The table as text; one kB is 1000 bytes. */
export function sizeTable(sizes: readonly Size[]): string {
  const wide = Math.max(...sizes.map(({ what }) => what.length));
  return sizes
    .map(({ what, bytes, as }) => `${what.padEnd(wide)}  ${(bytes / 1000).toFixed(1).padStart(7)} kB  ${as}`)
    .join('\n');
}

if (import.meta.main) {
  await build();
  console.log(sizeTable(sizesOf('.')));
}

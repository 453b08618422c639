import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import config from '../wxt.config.ts';

const text = readFileSync('extension/store/listing.md', 'utf8');
const folder = 'extension/store/screenshots';

/** The words under a heading. */
const part = (heading: string): string =>
  (new RegExp(`^## ${heading}\\n\\n([\\s\\S]*?)(?=\\n## |$(?![\\s\\S]))`, 'm').exec(text)?.[1] ?? '').trim();
/** The first cells of the table under a heading that are written as code. */
const named = (heading: string): string[] =>
  [...part(heading).matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name);

interface Manifest {
  name: string;
  description: string;
  permissions: string[];
  optional_permissions: string[];
  optional_host_permissions: string[];
  browser_specific_settings?: { gecko: { data_collection_permissions: { required: string[] } } };
}
const declared = (browser: string): Manifest =>
  (config.manifest as (env: { browser: string; mode: string }) => Manifest)({ browser, mode: 'production' });

describe('the store listing', () => {
  test('name and summary are those of the package, and fit every store', () => {
    const { name, description } = declared('chrome');
    expect(part('Name')).toBe(name);
    expect(name.length).toBeLessThanOrEqual(45); // Edge; Firefox 50, Chrome 75
    expect(part('Summary')).toBe(description);
    expect(description.length).toBeLessThanOrEqual(132); // Chrome and Edge; Firefox 250
  });

  test('the description fits every store, and so do the search terms', () => {
    expect(part('Description').length).toBeGreaterThanOrEqual(250); // Edge
    expect(part('Description').length).toBeLessThanOrEqual(10_000); // Edge; Chrome 16,000
    expect(part('Single purpose').length).toBeLessThanOrEqual(1000);
    const terms = part('Search terms').split(', ');
    expect(terms.length).toBeLessThanOrEqual(7);
    for (const term of terms) expect(term.length).toBeLessThanOrEqual(30);
    expect(terms.flatMap((term) => term.split(' ')).length).toBeLessThanOrEqual(21);
  });

  test('R77 each permission is justified, and none that is not asked for', () => {
    const { permissions, optional_permissions, optional_host_permissions } = declared('chrome');
    const all = [...permissions, 'sidePanel', ...optional_permissions, ...optional_host_permissions];
    expect(new Set(named('Permissions'))).toEqual(new Set(all));
    for (const [, why = ''] of part('Permissions').matchAll(/^\| `[^`]+` \| (.+) \|$/gm))
      expect(why.length).toBeLessThanOrEqual(1000);
  });

  test('R77 the types of data are those Firefox is told', () => {
    const told = declared('firefox').browser_specific_settings?.gecko.data_collection_permissions.required;
    expect(new Set(named('Privacy'))).toEqual(new Set(told));
  });

  test('each picture is there: 1280 by 800, without transparency, under 200 kB', () => {
    const files = readdirSync(folder).sort();
    expect(files).toEqual(named('Pictures'));
    for (const file of files) {
      const png = readFileSync(`${folder}/${file}`);
      expect(png.toString('latin1', 1, 4)).toBe('PNG');
      expect([png.readUInt32BE(16), png.readUInt32BE(20)], file).toEqual([1280, 800]);
      expect([png[24], png[25]], file).toEqual([8, 2]); // 8 bits each of red, green and blue
      expect(png.length, file).toBeLessThan(200_000);
    }
  });
});

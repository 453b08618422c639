import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A copy of the built extension that holds sites or permissions from the start: headless Chromium cannot answer the
 * question for one (TOOLCHAIN.md 7). Its code is the same; the folder is the caller's to remove.
 */
export function withGrant(
  { sites = [], permissions = [] }: { sites?: string[]; permissions?: string[] },
  built = '.output/chrome-mv3',
): string {
  const folder = mkdtempSync(join(tmpdir(), 'askfirst-granted-'));
  cpSync(built, folder, { recursive: true });
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { permissions: string[] };
  const held = { host_permissions: sites, permissions: [...manifest.permissions, ...permissions] };
  writeFileSync(file, JSON.stringify({ ...manifest, ...held }));
  return folder;
}

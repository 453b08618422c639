import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { HubDeps } from './deps.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Every built file of a folder by its name; read once, so that no path from outside ever reaches the disk (HO3). */
export function loadAssets(folders: readonly string[]): HubDeps['asset'] {
  const files = new Map<string, { body: Buffer; type: string; tag: string }>();
  for (const folder of folders)
    for (const name of readdirSync(folder)) {
      const type = types[extname(name)];
      if (!type) continue;
      const body = readFileSync(join(folder, name));
      files.set(name, { body, type, tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` });
    }
  return (name) => files.get(name);
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes the hub's public keys beside its data, base64url, newest first, one a line, for `npm run receipt` and
 * `npm run verify`: who has this file can check receipts offline, those of earlier keys too.
 */
export const writePublicKeys = (folder: string, keys: readonly string[]): void =>
  writeFileSync(join(folder, 'receipt-key.pub'), keys.map((x) => `${x}\n`).join(''));

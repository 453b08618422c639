import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the hub's public key beside its data, for `npm run receipt`: who has this file can check receipts offline. */
export const writePublicKey = (folder: string, raw: Uint8Array): void =>
  writeFileSync(join(folder, 'receipt-key.pub'), `${Buffer.from(raw).toString('base64url')}\n`);

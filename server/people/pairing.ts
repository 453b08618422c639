import { createPairingCodes } from './pairing-code.ts';
import type { Pairing, PairingDeps } from './pairing-shape.ts';
import { createPairingTokens } from './pairing-token.ts';

/** Makes the pairing desk of the extension (SECURITY.md BA8). */
export function createPairing(deps: PairingDeps): Pairing {
  return { ...createPairingCodes(deps), ...createPairingTokens(deps) };
}

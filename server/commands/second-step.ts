import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openDataFolder } from '../data-folder.ts';
import { readEnvironment, SettingError } from '../env.ts';
import { createEndedBell } from '../people/ended.ts';
import { plainAddress } from '../people/membership.ts';
import { createPairingTokens } from '../people/pairing-token.ts';
import { endOthers, forgetStep } from '../people/second-step.ts';
import { note } from '../store/audit.ts';
import type { Store } from '../store/open.ts';

/**
 * Takes a person's second step away, for when nobody in their brand can: the last owner lost phone and backup codes.
 * Everything of that person ends, an audit row stays. `now` gives milliseconds since 1970. Returns the sentence to print
 * and whether it was done.
 */
export async function takeStepAway(
  { store, now }: { store: Store; now: () => number },
  address: string,
): Promise<{ done: boolean; says: string }> {
  const row = store.read
    .hot('select id, "twoFactorEnabled" as has from "user" where email = ?')
    .get(plainAddress(address));
  if (!row) return { done: false, says: 'Nobody here signs in with this address.' };
  if (row.has !== 1) return { done: false, says: 'This person has no second step.' };
  const userId = String(row.id);
  const bell = createEndedBell();
  const pairing = createPairingTokens({ store, bell, now });
  await endOthers({ store, pairing, bell }, { userId, keep: '', actor: 'operator' }, (tx) => {
    forgetStep(tx, userId);
    note(tx, now(), { brandId: null, actor: 'operator', act: 'second-step-taken', detail: `user ${userId}` });
  });
  return {
    done: true,
    says: 'The second step is gone, and this person is signed out everywhere. A link signs in again.',
  };
}

/** `npm run second-step -- <address>`: the data folder of the environment, which no hub may be using. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<0 | 1> {
  const [address, ...more] = argv;
  if (!address || more.length > 0) {
    console.log(
      'Give the one address whose second step is to be taken away: npm run second-step -- maria@harbor.example',
    );
    return 1;
  }
  try {
    const env = readEnvironment(process.env);
    const data = openDataFolder(env.dataFolder, env.key, false, env.previousKey);
    const { done, says } = await takeStepAway({ store: data.store, now: Date.now }, address);
    data.close();
    console.log(says);
    return done ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    console.log(error.message);
    return 1;
  }
}

// Run, not imported: the first file Node was given is this one, links resolved.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main();

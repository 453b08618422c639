import type { Happened } from '#sdk';
import { type Sandbox, SandboxError } from './sandbox.ts';

/**
 * Hands one event of a partner to its adapter, in the sandbox. `unread`: the add-on could not read it, and trying again
 * would not help. Rejects where no sandbox could be had, so that the partner sends it again.
 */
export async function hear(
  sandbox: Pick<Sandbox, 'hear'>,
  code: string,
  event: object,
): Promise<Happened | 'unread' | undefined> {
  try {
    return await sandbox.hear({ code, event });
  } catch (e) {
    if (e instanceof SandboxError && e.kind !== 'unavailable') return 'unread';
    throw e;
  }
}

import { problem } from '#contract/problem.ts';
import type { Store } from '../store/open.ts';
import { connectionStopped, providerStopped } from '../store/stops.ts';
import { Stopped } from './fence.ts';
import type { StopFile } from './stop-file.ts';

/** Whether sending is stopped, by the store and by the operator's folder (SECURITY.md control 8, P4). */
export interface Stops {
  /** True while nothing may be sent to this connection, and no key of it is renewed. */
  holds(share: { brandId: string; integrationId: string }): boolean;
  /** True while this brand may not connect this adapter either. */
  refuses(brandId: string, provider: string): boolean;
  /** Raises `connect-refused` while it is: nothing is connected that could not be used, and no partner is called. */
  refuse(brandId: string, provider: string, name?: string): void;
  /** Throws Stopped while `refuses` is true; to be asked in the tick of a write. */
  check(brandId: string, provider: string): void;
}

/** Answers from the store's own handle at each question: nothing is kept that could be old. */
export function createStops({ read }: Pick<Store, 'read'>, file?: Pick<StopFile, 'holds'>): Stops {
  const provider = read.hot('select provider from integration where id = ? and brand_id = ?');
  const stops: Stops = {
    holds: ({ brandId, integrationId }) =>
      connectionStopped(read, brandId, integrationId) ||
      (file?.holds(String(provider.get(integrationId, brandId)?.provider)) ?? false),
    refuses: (brandId, adapter) => providerStopped(read, brandId, adapter) || (file?.holds(adapter) ?? false),
    refuse(brandId, adapter, name = 'this partner') {
      if (!stops.refuses(brandId, adapter)) return;
      problem('connect-refused', `Sending to ${name} is stopped here, so it cannot be connected now.`);
    },
    check(brandId, adapter) {
      if (stops.refuses(brandId, adapter)) throw new Stopped('stopped');
    },
  };
  return stops;
}

/** What a line says of a send that waits because sending is stopped. */
export const waitsForResume = (partner: string): string =>
  `Sending to ${partner} is stopped. This waits, and is decided again when sending goes on.`;

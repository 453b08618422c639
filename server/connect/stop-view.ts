import type { StopView } from '#contract/connection.ts';
import type { Stop } from '../store/stops.ts';

/** A stop as the console shows it; `nameOf` names the partner of a connection, or of an adapter where no id is given. */
export const stopView = (s: Stop, nameOf: (integrationId: string, provider: string) => string): StopView => ({
  integration: s.integrationId,
  partner: s.integrationId || s.provider ? nameOf(s.integrationId, s.provider) : '',
  whose: s.brandId === '' ? 'operator' : 'brand',
  why: s.why,
  at: s.at,
  ...(s.resumed ? { resumed: { why: s.resumed.why, at: s.resumed.at } } : {}),
});

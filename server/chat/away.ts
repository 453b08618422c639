import { type Hours, hoursSetting } from '#contract/hours.ts';
import { readChatSetting } from '../store/chat-settings.ts';
import type { Tx } from '../store/open.ts';
import { openAt } from './hours.ts';
import { standings } from './presence.ts';

/** A brand that nobody answers for just now: when it opens again where hours say so, and how the form asks for an address. */
export interface Away {
  /** ISO 8601 UTC; absent where only nobody is available, or no opening is known. */
  next?: string;
  email: Hours['email'];
}

/** Whether the brand is away at `now`: outside its hours, or with nobody available where it asked for that (R62). */
export function awayAt(read: Pick<Tx, 'hot'>, brandId: string, now: Date): Away | undefined {
  const hours = readChatSetting(read, brandId, hoursSetting).value;
  const { email } = hours;
  const door = openAt(hours, now);
  if (!door.open) return { email, ...(door.next && { next: door.next.toISOString() }) };
  const nobody = hours.whenNobody && !standings(read, brandId, now).some((agent) => agent.available);
  return nobody ? { email } : undefined;
}

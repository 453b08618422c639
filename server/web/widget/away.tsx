import type { JSX } from 'preact';
import type { Page } from './page.ts';
import { words } from './words.ts';

/** "today at 14:00", "on Monday at 09:00": in the reader's zone and the page's language. */
export function backWords(next: string, now: Date): string {
  const day = new Date(next);
  const midnight = (d: Date): number => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  const days = (midnight(day) - midnight(now)) / 86_400_000;
  return words.when(day, days);
}

/** Says above the form that nobody is here, and when somebody is (R62). */
export const AwayNote = ({ page, now }: { page: Page; now: Date }): JSX.Element | null =>
  page.away ? (
    <p class="away">
      <strong>{words.nobodyHere}</strong>{' '}
      {page.away.next ? `${words.back(page.brand.name, backWords(page.away.next, now))} ` : null}
      {words.leaveMessage}
    </p>
  ) : null;

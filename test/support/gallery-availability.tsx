import type { JSX } from 'preact';
import { type Hours, hoursSetting } from '#contract/hours.ts';
import { HoursPage } from '../../server/web/console/hours.tsx';
import { RoutingPage } from '../../server/web/console/routing.tsx';
import { frame } from './gallery-data.ts';

const hours: Hours = {
  ...hoursSetting.standard,
  on: true,
  zone: 'Europe/Copenhagen',
  days: { ...hoursSetting.standard.days, fri: '09:00-12:00, 13:00-15:30' },
  closed: '2026-12-24\n2026-12-25',
  email: 'needed',
};
const wrong: Hours = { ...hours, days: { ...hours.days, wed: 'nine to five' } };
const wrongWords =
  'Wednesday, which takes times like 09:00-12:00, 13:00-17:00, each later than the one before, cannot be saved like this.';

/** The pages Working hours and Who gets a chat in their states. */
export const availabilityGallery: Record<string, ['console', JSX.Element]> = {
  hours: ['console', <HoursPage frame={frame} value={hours} version={2} done />],
  'hours-wrong': ['console', <HoursPage frame={frame} value={wrong} version={2} refused={wrongWords} />],
  routing: ['console', <RoutingPage frame={frame} value={{ mode: 'least-busy', limit: 5 }} version={1} />],
  'routing-wrong': [
    'console',
    <RoutingPage
      frame={frame}
      value={{ mode: 'round-robin', limit: Number.NaN }}
      version={1}
      refused="A limit that is no whole number from 1 to 50 cannot be saved like this."
    />,
  ],
};

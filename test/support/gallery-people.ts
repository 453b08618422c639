import { now } from './gallery-data.ts';

/** A brand's people with their panels and sessions. */
export const people = {
  members: [
    {
      id: 'u1',
      name: 'Maria Lund',
      email: 'maria@harbor.example',
      role: 'owner',
      you: true,
      hasStep: true,
      mayTakeStep: false,
    },
    {
      id: 'u2',
      name: 'Jens',
      email: 'jens@harbor.example',
      role: 'agent',
      you: false,
      hasStep: true,
      mayTakeStep: true,
    },
  ],
  pairings: [
    { id: 'p1', member: 'Jens', browser: 'Chrome 156 on Linux', since: now, lastUsed: now, mayEnd: true },
    { id: 'p2', member: 'Maria Lund', browser: 'Firefox 153 on Linux', since: now, mayEnd: true },
  ],
  sessions: [
    { id: 's1', browser: 'Firefox 153 on Linux', since: now, lastUsed: now, current: true },
    { id: 's2', browser: 'Safari on iPhone', since: now, current: false },
  ],
  step: { demanded: false, own: true, mayChange: true },
};

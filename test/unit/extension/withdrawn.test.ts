import { expect, it } from 'vitest';
import { withdrawnWords } from '../../../extension/panel/words.ts';

const base = { seq: 1, n: 1, conversation: 'c', at: '2026-11-22T14:06:00Z' };
const off = { integration: 'hubspot', partner: 'HubSpot', alreadyOut: 0, stopped: 0 };
const line = { ...base, ...off, kind: 'withdrawn' } as const;

it.each<[Partial<Parameters<typeof withdrawnWords>[0]>, string]>([
  [{}, 'Ada took the yes for HubSpot back.'],
  [{ purposes: ['CustomerCare'] }, 'Ada took one yes for HubSpot back.'],
  [{ noYes: true }, 'Ada said no to HubSpot.'],
  [{ noYes: true, purposes: ['CustomerCare'] }, 'Ada said no to one use of HubSpot.'],
])('R68 a yes is taken back where one stood, anything else is a no: %j', (more, words) =>
  expect(withdrawnWords({ ...line, ...more }, 'Ada')).toBe(words),
);

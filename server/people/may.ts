import type { Role } from './membership.ts';

/** Everything an agent can be allowed to do; a route names one. */
export const acts = [
  'chat',
  'ask',
  'share',
  'unpair',
  'flag-under-age',
  'reveal',
  'read-contacts',
  'pair',
  'see-connections',
  'read-ledger',
  'connect',
  'disconnect',
  'map-fields',
  'edit-notice',
  'see-agents',
  'manage-agents',
  'unpair-others',
  'unmerge',
  'record-answers',
  'import-answers',
  'change-rules',
  'edit-replies',
  'edit-chat',
  'resend',
  'set-alerts',
  'stop-sending',
  'clear-under-age',
  'see-identity-key',
  'read-outbox',
  'own-second-step',
  'demand-second-step',
] as const;
/** One act. */
export type Act = (typeof acts)[number];

const daily: Act[] = ['chat', 'ask', 'share', 'unpair', 'pair', 'flag-under-age', 'reveal', 'own-second-step'];
const managing: Act[] = [
  ...daily,
  'read-contacts',
  'see-connections',
  'read-ledger',
  'connect',
  'disconnect',
  'map-fields',
  'edit-notice',
  'see-agents',
  'manage-agents',
  'unpair-others',
  'unmerge',
  'record-answers',
  'import-answers',
  'change-rules',
  'edit-replies',
  'edit-chat',
  'resend',
  'set-alerts',
  'stop-sending',
];
const table = new Map<Role, ReadonlySet<Act>>([
  ['owner', new Set([...managing, 'read-outbox', 'demand-second-step', 'clear-under-age', 'see-identity-key'])],
  ['admin', new Set(managing)],
  ['agent', new Set(daily)],
]);
/** An extension's token opens less than its person's console (SECURITY.md BA8). */
const places = new Map<'console' | 'extension', ReadonlySet<Act>>([
  ['console', new Set(acts)],
  [
    'extension',
    new Set([
      'chat',
      'ask',
      'share',
      'unpair',
      'flag-under-age',
      'reveal',
      'read-contacts',
      'unmerge',
      'record-answers',
    ]),
  ],
]);

/** True when role and place allow the act; what is not in the tables is refused, also a word we never heard of. */
export function may(agent: { role: Role; kind: 'console' | 'extension'; operator: boolean }, act: Act): boolean {
  if (act === 'read-outbox' && !agent.operator) return false;
  return (table.get(agent.role)?.has(act) && places.get(agent.kind)?.has(act)) ?? false;
}

/** What stands between a signed-in person and every right: their code, or setting a second step up first. */
export type StepDue = 'code' | 'set-up';

/**
 * The gate of the second step (SECURITY.md BA1): asked where person or brand has one. `mfaAt` is when it was given, in
 * this session or by whoever approved this pairing; a person who has none yet cannot have given it.
 */
export function stepDue(
  person: { hasStep: boolean; stepDemanded: boolean },
  mfaAt: string | null,
): StepDue | undefined {
  if (person.hasStep) return mfaAt === null ? 'code' : undefined;
  return person.stepDemanded ? 'set-up' : undefined;
}

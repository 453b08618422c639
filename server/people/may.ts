import type { Role } from './membership.ts';

/** Everything an agent can be allowed to do; a route names one. */
export const acts = [
  'chat',
  'ask',
  'share',
  'unpair',
  'pair',
  'see-connections',
  'read-ledger',
  'connect',
  'disconnect',
  'edit-notice',
  'see-agents',
  'manage-agents',
  'unpair-others',
  'read-outbox',
] as const;
/** One act. */
export type Act = (typeof acts)[number];

const daily: Act[] = ['chat', 'ask', 'share', 'unpair', 'pair'];
const managing: Act[] = [
  ...daily,
  'see-connections',
  'read-ledger',
  'connect',
  'disconnect',
  'edit-notice',
  'see-agents',
  'manage-agents',
  'unpair-others',
];
const table = new Map<Role, ReadonlySet<Act>>([
  ['owner', new Set([...managing, 'read-outbox'])],
  ['admin', new Set(managing)],
  ['agent', new Set(daily)],
]);
/** An extension's token opens less than its person's console (SECURITY.md BA8). */
const places = new Map<'console' | 'extension', ReadonlySet<Act>>([
  ['console', new Set(acts)],
  ['extension', new Set(['chat', 'ask', 'share', 'unpair'])],
]);

/** True when role and place allow the act; what is not in the tables is refused, also a word we never heard of. */
export function may(agent: { role: Role; kind: 'console' | 'extension'; operator: boolean }, act: Act): boolean {
  if (act === 'read-outbox' && !agent.operator) return false;
  return (table.get(agent.role)?.has(act) && places.get(agent.kind)?.has(act)) ?? false;
}

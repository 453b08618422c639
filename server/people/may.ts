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
  'see-agents',
  'manage-agents',
  'unpair-others',
];
const table: Record<Role, ReadonlySet<Act>> = {
  owner: new Set([...managing, 'read-outbox']),
  admin: new Set(managing),
  agent: new Set(daily),
};
/** An extension's token opens less than its person's console (SECURITY.md BA8). */
const inExtension: ReadonlySet<Act> = new Set(['chat', 'ask', 'share', 'unpair']);

/** True when the role allows the act here; everything not in the table is refused, also an act or role we never heard of. */
export function may(agent: { role: Role; kind: 'console' | 'extension'; operator: boolean }, act: Act): boolean {
  if (agent.kind !== 'console' && !inExtension.has(act)) return false;
  if (act === 'read-outbox' && !agent.operator) return false;
  return table[agent.role]?.has(act) ?? false;
}

import { randomUUID } from 'node:crypto';
import type { Store, Tx } from '../store/open.ts';
import type { Role } from './membership.ts';
import { operatorKey } from './who.ts';

/** The demo's people: Maria owns the brand and runs the hub, Jens answers chats. */
export const demoPeople = {
  maria: { name: 'Maria Lund', email: 'maria@harbor.example', role: 'owner' },
  jens: { name: 'Jens', email: 'jens@harbor.example', role: 'agent' },
} as const satisfies Record<string, { name: string; email: string; role: Role }>;

/** Inserts a person and a place in the brand, unless they are there; returns the user id. */
function place(
  tx: Tx,
  brandId: string,
  { name, email, role }: { name: string; email: string; role: Role },
  at: string,
) {
  tx.hot(
    `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") values (?, ?, ?, 1, ?, ?)
     on conflict (email) do nothing`,
  ).run(randomUUID(), name, email, at, at);
  const userId = String(tx.hot('select id from "user" where email = ?').get(email)?.id);
  tx.hot(
    `insert into "member" (id, "organizationId", "userId", role, "createdAt") values (?, ?, ?, ?, ?)
     on conflict ("organizationId", "userId") do nothing`,
  ).run(randomUUID(), brandId, userId, role, at);
  return userId;
}

/**
 * Makes the demo's owner and agent in a brand that exists already (organization id = brand id); repeating changes nothing.
 * `now` gives milliseconds since 1970.
 */
export async function seedPeople(
  { store, now }: { store: Store; now: () => number },
  brand: { id: string; name: string; slug: string },
): Promise<{ maria: string; jens: string }> {
  const at = new Date(now()).toISOString();
  return store.write((tx) => {
    tx.hot(
      'insert into "organization" (id, name, slug, "createdAt") values (?, ?, ?, ?) on conflict (id) do nothing',
    ).run(brand.id, brand.name, brand.slug, at);
    const maria = place(tx, brand.id, demoPeople.maria, at);
    const jens = place(tx, brand.id, demoPeople.jens, at);
    tx.hot('insert into meta (key, value) values (?, ?) on conflict (key) do nothing').run(operatorKey, maria);
    return { maria, jens };
  });
}
